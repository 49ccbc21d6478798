import { usersOf } from './users';
import type { Certificate } from '../../model/certificate';
import type { Secret } from '../../model/secret';
import type { Principal } from '../../servers/access';
import type { Declarations } from '../declarations';

/** Where clients connect. */
export const CLIENT_PORT = 4222;
/** Where the members connect to each other. */
export const CLUSTER_PORT = 6222;
/** Where a member tells how it is, to itself alone, as it asks nobody who they are. */
export const MONITOR_PORT = 8222;
/** Where messages are stored. */
export const DATA_PATH = '/data';

/** What the configuration of one server is made of. */
export interface ServerSettings {
  readonly declared: Declarations;
  readonly administrator: Principal;
  /** What replies to the administrator begin with; undefined for a prefix of its own. */
  readonly administratorInbox?: string;
  /** Most bytes of messages on each member. */
  readonly messageBytes: number;
  /** What the members are called together. */
  readonly name: string;
  /** Names of the members. */
  readonly members: string[];
  /** With which members let each other in; where there are several. */
  readonly routePassword?: Secret;
  /** Of the server, where clients connect by TLS. */
  readonly certificate?: Certificate;
}

/**
 * The server's configuration, with `@{name}` for the password of that name. It is written as JSON, which the server reads, too.
 * There are no users but these: none without a password, and none of the system's account.
 * @see https://docs.nats.io/running-a-nats-service/configuration
 */
export function renderConfiguration(settings: ServerSettings): string {
  const { declared, administrator, administratorInbox, messageBytes, certificate } = settings;
  return `${JSON.stringify({
    port: CLIENT_PORT,
    http: `127.0.0.1:${MONITOR_PORT}`,
    jetstream: {
      store_dir: DATA_PATH,
      max_memory_store: 0,
      max_file_store: messageBytes,
      // what is confirmed is on disk; otherwise it would be within two minutes
      sync_interval: 'always',
    },
    accounts: { APP: { jetstream: 'enabled', users: usersOf(declared, administrator, administratorInbox) } },
    ...(certificate ? { tls: { cert_file: certificate.chain.path, key_file: certificate.key.path } } : {}),
    ...clusterOf(settings),
  }, null, 2)}\n`;
}

/** A member that is to end hands over what it leads, and has its clients go to others, within the time that it is given. */
function clusterOf({ name, members, routePassword }: ServerSettings) {
  if (routePassword === undefined) return {};
  const password = `@{${routePassword.name}}`;
  return {
    cluster: {
      name,
      port: CLUSTER_PORT,
      authorization: { user: 'route', password },
      routes: members.map(member => `nats://route:${password}@${member}:${CLUSTER_PORT}`),
    },
    lame_duck_grace_period: '3s',
    lame_duck_duration: '30s',
  };
}
