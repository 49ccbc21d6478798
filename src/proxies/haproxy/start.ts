import { START } from './programs.generated';
import { program } from '../../private/program';
import { FILL_PASSWORDS } from '../../servers/programs.generated';
import { FIND_GATEWAYS, WATCH_SECRETS } from '../programs.generated';

/** Where the script is mounted that starts the server. */
export const START_PATH = '/etc/haproxy/conduit/start';
/** Where the configuration is mounted. */
export const CONFIGURATION_PATH = '/etc/haproxy/conduit/haproxy.cfg';
/** Where the lists of users are mounted, with placeholders for passwords. */
export const USERS_PATH = '/etc/haproxy/conduit/users.cfg';
/** Memory of the server's own. */
export const RUN_PATH = '/run/conduit';

/** Starts the server; with TLS, with the files of a certificate and its key. */
export function startScript(certificate: { chain: string; key: string } | undefined): string {
  const { chain = '', key = '' } = certificate ?? {};
  const variables = { RUN: RUN_PATH, CONFIGURATION: CONFIGURATION_PATH, USERS: USERS_PATH, CHAIN: chain, KEY: key };
  return program(variables, FILL_PASSWORDS, FIND_GATEWAYS, WATCH_SECRETS, START);
}
