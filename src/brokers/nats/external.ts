import type { Construct } from 'constructs';
import { CLIENT_PORT } from './configuration';
import type { NatsRuntime } from './runtime';
import { usersOf } from './users';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import { Problems } from '../../private/problems';
import { ExternalHosts } from '../../servers/external';
import { checkMembers } from '../../servers/members';
import type { Declarations } from '../declarations';
import { ExternalBroker, requireNamePrefix } from '../external';

/** Where the users are written whom whoever runs the server has to make. */
const USERS_PATH = '/etc/nats/conduit/users';

/** Where an external NATS broker is. It must be NATS 2.12 or newer, with JetStream, and know the users: no client can make any. */
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

/**
 * External servers, and a file that says which users they need.
 * @param contradictions names of options that only a broker has that the application runs
 */
export function connectTo(broker: Construct, external: ExternalNats, contradictions: string[], declared: Declarations): NatsRuntime {
  const { hosts, port = CLIENT_PORT, tls = true, caCertificates, replicas = 3 } = external;
  requireNamePrefix(broker, external);
  const place = new ExternalHosts(broker, hosts, external, contradictions);
  const problems = new Problems(broker.node.path);
  checkMembers(problems, 'replicas', replicas);
  Application._keep(broker, problems);
  const scheme = tls ? 'tls' : 'nats';
  const administrator = place.addAdministrator();
  const toText = () => `${JSON.stringify({ users: usersOf(declared, administrator) }, null, 2)}\n`;
  new ConfigFile(broker, 'Users', { path: USERS_PATH, source: { toText } });
  return {
    endpoint: place.endpoint(port, scheme),
    caCertificates,
    replicas,
    servers: hosts.map(host => `${scheme}://${host}:${port}`).join(','),
    administrator,
  };
}
