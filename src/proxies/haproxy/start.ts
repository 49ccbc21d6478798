import { START } from './programs.generated';
import type { Certificate } from '../../model/certificate';
import { program } from '../../private/program';
import { FILL_PASSWORDS } from '../../servers/programs.generated';
import { FIND_GATEWAYS, WATCH_SECRETS } from '../programs.generated';
import { RUN_PATH } from '../proxy-workload';

/** Where the script is mounted that starts the server. */
export const START_PATH = '/etc/haproxy/conduit/start';
/** Where the configuration is mounted. */
export const CONFIGURATION_PATH = '/etc/haproxy/conduit/haproxy.cfg';
/** Where the lists of users are mounted, with placeholders for passwords. */
export const USERS_PATH = '/etc/haproxy/conduit/users.cfg';

/** Starts the server; with TLS, with the files of a certificate and its key. */
export function startScript(certificate?: Certificate): string {
  const { chain, key } = certificate ?? {};
  const variables = { RUN: RUN_PATH, CONFIGURATION: CONFIGURATION_PATH, USERS: USERS_PATH, CHAIN: chain?.path ?? '', KEY: key?.path ?? '' };
  return program(variables, FILL_PASSWORDS, FIND_GATEWAYS, WATCH_SECRETS, START);
}
