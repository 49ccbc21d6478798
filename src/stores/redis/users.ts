import { byText, kebabCase } from '../../private/names';
import type { Principal } from '../../servers/access';

/** What a client may do with keys, and with channels of the same names. */
export enum KeyAccess {
  /** Read keys, and subscribe to channels. */
  READ = 'read',
  /** Read and write keys, subscribe and publish to channels, and run scripts that do so. */
  READ_WRITE = 'read-write',
}

/** A user of a server, who may use some keys. */
export interface KeyUser extends Principal {
  /** The keys: those that begin as said before a final `*`, or one. */
  readonly keys: string;
  /** What the user may do with them. */
  readonly access: KeyAccess;
}

/** Every key. */
export const ALL_KEYS = '*';

/** What needs no key. Scripts do what the user may do. */
const READING = [
  '+@read', '+@connection', '+@transaction', '+eval_ro', '+evalsha_ro', '+script|load', '+script|exists',
  '+subscribe', '+psubscribe', '+ssubscribe', '+unsubscribe', '+punsubscribe', '+sunsubscribe',
];
const WRITING = ['+@write', '+publish', '+spublish', '+eval', '+evalsha'];
/** What concerns others, too: their connections, and the functions of all. */
const NOBODY = ['-@dangerous', '-@admin', '-function'];
/** No key limits what tells the names of all keys, so only those commands come back that say which key. */
const ONE_BY_ONE = ['-@keyspace', '-client|tracking', '+exists', '+type', '+ttl', '+pttl', '+expiretime', '+pexpiretime', '+touch', '+object', '+dump'];
const WRITING_ONE_BY_ONE = ['+del', '+unlink', '+expire', '+pexpire', '+expireat', '+pexpireat', '+persist', '+rename', '+renamenx', '+copy', '+move'];
/** Numbers of the server, which client libraries ask when they connect. */
const INFORMED = ['+info'];

/** What is wrong with what says which keys; undefined if nothing is. */
export function findKeysProblem(keys: string): string | undefined {
  if (keys === ALL_KEYS || (/^[A-Za-z0-9_{][A-Za-z0-9_.:{}-]*\*?$/.test(keys) && nameOf(keys) !== '')) return undefined;
  return `'keys' must be the name of a key, such as 'orders', the beginning of names with a final '*', such as 'orders:*', or '*' alone, of letters, digits and _ . : { } -, got '${keys}'`;
}

/** What keys are called where only lower-case letters, digits and hyphens are possible; empty for signs alone. */
export function nameOf(keys: string): string {
  return keys === ALL_KEYS ? 'all' : kebabCase(keys);
}

/** Variables that tell a client which keys these are. */
export function keyVariables(keys: string): Record<string, string> {
  if (keys === ALL_KEYS) return {};
  return keys.endsWith('*') ? { KEY_PREFIX: keys.slice(0, -1) } : { KEY: keys };
}

/**
 * A line for each user: its name, the file of its password, and its rights.
 * @see https://valkey.io/topics/acl/
 */
export function renderUsers(users: KeyUser[]): string {
  return users.map(user => `${user.userName} ${user.password.path} ${rulesOf(user)}\n`).sort(byText).join('');
}

function rulesOf({ keys, access }: KeyUser): string {
  const writes = access === KeyAccess.READ_WRITE;
  return [
    `${writes ? '' : '%R'}~${keys}`, `&${keys}`, ...READING, ...(writes ? WRITING : []), ...NOBODY,
    ...(keys === ALL_KEYS ? [] : [...ONE_BY_ONE, ...(writes ? WRITING_ONE_BY_ONE : [])]), ...INFORMED,
  ].join(' ');
}
