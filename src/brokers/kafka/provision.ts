import { BATCH } from './batch.generated';
import { ClientSettings, CLIENT_MECHANISM, securityProtocol } from './listeners';
import { PROVISION, TOOLS } from './programs.generated';
import { program } from '../../private/program';
import type { Principal } from '../../servers/access';

/** Where it is mounted what is to be declared. */
export const DECLARATIONS_PATH = '/etc/kafka/conduit/declarations';
/** Where the script is mounted that declares it. */
export const PROVISION_PATH = '/etc/kafka/conduit/provision';
/** Memory of the script's own. */
export const RUN_PATH = '/run/conduit';

/** Makes what is declared. */
export function provisionScript({ servers, tls, caCertificates }: ClientSettings, { userName, password }: Principal): string {
  return program({
    RUN: RUN_PATH,
    DECLARATIONS: DECLARATIONS_PATH,
    SERVERS: servers,
    PROTOCOL: securityProtocol(tls),
    MECHANISM: CLIENT_MECHANISM,
    AUTHORITY: caCertificates?.path ?? '',
    ADMIN: userName,
    ADMIN_PASSWORD_FILE: password.path,
    BATCH,
  }, TOOLS, PROVISION);
}
