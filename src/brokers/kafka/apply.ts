import { Access, CLIENT_MECHANISM, securityProtocol } from './listeners';
import { APPLY, TOOLS } from './programs.generated';
import { program } from '../../private/program';
import type { Principal } from '../../servers/access';

/** Where it is mounted what is to be declared. */
export const TOPOLOGY_PATH = '/etc/kafka/conduit/topology';
/** Where the script is mounted that declares it. */
export const APPLY_PATH = '/etc/kafka/conduit/apply';
/** Memory of the script's own. */
export const RUN_PATH = '/run/conduit';

/** Declares what the topology says. */
export function applyScript({ servers, tls, authority }: Access, { userName, password }: Principal): string {
  return program({
    RUN: RUN_PATH,
    TOPOLOGY: TOPOLOGY_PATH,
    SERVERS: servers,
    PROTOCOL: securityProtocol(tls),
    MECHANISM: CLIENT_MECHANISM,
    AUTHORITY: authority?.path ?? '',
    ADMIN: userName,
    ADMIN_PASSWORD_FILE: password.path,
  }, TOOLS, APPLY);
}
