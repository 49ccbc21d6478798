import { Access, CLIENT_MECHANISM, securityProtocol } from './listeners';
import { APPLY, TOOLS } from './programs.generated';
import { program } from '../../private/program';
import type { Principal } from '../../servers/access';

/** Where it is mounted what is to be declared. */
export const DECLARATIONS_PATH = '/etc/kafka/conduit/declarations';
/** Where the script is mounted that declares it. */
export const APPLY_PATH = '/etc/kafka/conduit/apply';
/** Memory of the script's own. */
export const RUN_PATH = '/run/conduit';

/** Makes what is declared. */
export function applyScript({ servers, tls, caCertificates }: Access, { userName, password }: Principal): string {
  return program({
    RUN: RUN_PATH,
    DECLARATIONS: DECLARATIONS_PATH,
    SERVERS: servers,
    PROTOCOL: securityProtocol(tls),
    MECHANISM: CLIENT_MECHANISM,
    AUTHORITY: caCertificates?.path ?? '',
    ADMIN: userName,
    ADMIN_PASSWORD_FILE: password.path,
  }, TOOLS, APPLY);
}
