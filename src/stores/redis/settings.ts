import type { Size } from 'cdk8s';
import type { Certificate } from '../../model/certificate';

/** Where clients connect. */
export const CLIENT_PORT = 6379;
/** Where the storage is mounted, and images have their own volume. */
export const DATA_PATH = '/data';
/** Users with the hashes of their passwords; the server writes it anew when they change. */
export const USERS_PATH = `${DATA_PATH}/users.acl`;

/** What URLs begin with. */
export function schemeOf(tls: boolean): string {
  return tls ? 'rediss' : 'redis';
}

/** What the configuration of a server is made of. */
export interface ServerSettings {
  readonly memoryLimit: Size;
  /** Whether keys are dropped when memory is full, and lost when the server ends. */
  readonly cache: boolean;
  /** Of the server, where clients connect by TLS. */
  readonly certificate?: Certificate;
}

/**
 * The server's configuration. While a store writes its log anew, pages that clients change are there twice. A cache writes none.
 * @see https://valkey.io/topics/valkey.conf/
 */
export function renderConfiguration({ memoryLimit, cache, certificate }: ServerSettings): string {
  const listener = certificate
    ? { 'port': 0, 'tls-port': CLIENT_PORT, 'tls-cert-file': certificate.chain.path, 'tls-key-file': certificate.key.path, 'tls-auth-clients': 'no' }
    : { port: CLIENT_PORT };
  return Object.entries({
    'bind': '* -::*',
    'protected-mode': 'no', // nobody comes in without a password
    ...listener,
    'dir': DATA_PATH,
    'aclfile': USERS_PATH,
    'maxmemory': `${Math.floor(memoryLimit.toKibibytes() * (cache ? 2 / 3 : 1 / 2))}kb`,
    'maxmemory-policy': cache ? 'allkeys-lru' : 'noeviction',
    'appendonly': cache ? 'no' : 'yes',
    'save': '""', // a snapshot that fails would keep the server from ending
  }).map(([name, value]) => `${name} ${value}\n`).join('');
}
