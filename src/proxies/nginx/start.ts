import { START } from './programs.generated';
import { program } from '../../private/program';
import { FILL_PASSWORDS } from '../../servers/programs.generated';
import { FIND_GATEWAYS, WATCH_SECRETS } from '../programs.generated';
import { RUN_PATH } from '../proxy-workload';

/** Where the script is mounted that starts the server. */
export const START_PATH = '/etc/nginx/conduit/start';
/** Where the configuration is mounted. */
export const CONFIGURATION_PATH = '/etc/nginx/conduit/nginx.conf';
/** Where the lists of users are mounted, with placeholders for passwords. */
export const USERS_PATH = '/etc/nginx/conduit/users';

/** Starts the server. */
export function startScript(): string {
  return program({ RUN: RUN_PATH, CONFIGURATION: CONFIGURATION_PATH, USERS: USERS_PATH }, FILL_PASSWORDS, FIND_GATEWAYS, WATCH_SECRETS, START);
}
