import type { Construct } from 'constructs';
import type { NatsBacking } from './backing';
import { CLIENT_PORT } from './configuration';
import { usersOf } from './users';
import { ConfigFile } from '../../model/config-file';
import { Problems } from '../../private/problems';
import type { Declarations } from '../declarations';
import { administratorOf, ExternalBroker, outsideEndpoint } from '../external';
import { requireReplicas } from '../nodes';

/** Where the users are written whom whoever runs the server has to make. */
const USERS_PATH = '/etc/nats/conduit/users';

/** Where a NATS broker is that runs elsewhere. It must be NATS 2.12 or newer, with JetStream, and know the users: no client can make any. */
export interface ExternalNats extends ExternalBroker {
  /** Names or addresses of some of its servers, of which one has to be there when a client starts; they tell of all others. */
  readonly hosts: string[];
  /**
   * Port of each server.
   * @default 4222
   */
  readonly port?: number;
  /**
   * Number of servers that store each message, where nothing else is said.
   * @default 3
   */
  readonly replicas?: number;
}

/** Servers that run elsewhere, and a file that says which users they need. */
export function connectTo(broker: Construct, external: ExternalNats, declared: Declarations): NatsBacking {
  const { hosts, port = CLIENT_PORT, tls = true, authority, topology = true, administrator = 'admin', replicas = 3 } = external;
  const problems = new Problems(broker.node.path);
  requireReplicas(problems, replicas);
  problems.throwIfAny();
  const scheme = tls ? 'tls' : 'nats';
  const declaring = topology ? { userName: administrator, password: administratorOf(broker) } : undefined;
  const toText = () => `${JSON.stringify({ users: usersOf(declared, declaring) }, null, 2)}\n`;
  new ConfigFile(broker, 'Users', { path: USERS_PATH, source: { toText } });
  return {
    endpoint: outsideEndpoint(broker, hosts, port, scheme, external),
    authority,
    replicas,
    servers: hosts.map(host => `${scheme}://${host}:${port}`).join(','),
    administrator: declaring,
  };
}
