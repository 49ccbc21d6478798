import type { Size } from 'cdk8s';
import type { Certificate } from '../../model/certificate';

/** Where clients connect. */
export const CLIENT_PORT = 5432;
/** What URLs begin with, as the client library takes them. */
export const SCHEME = 'postgresql';
/** Where the storage is mounted. Images have their own volume there, or below it before 18; neither hides what the server makes. */
export const STORAGE_PATH = '/var/lib/postgresql';
/** The directory that the server makes there: it takes none of another owner. */
export const DATA_PATH = `${STORAGE_PATH}/conduit`;
/** Memory that only the server sees, with its socket. */
export const RUN_PATH = '/var/run/postgresql';
/** Where the file is mounted that says who may connect. */
export const ACCESS_PATH = '/etc/postgresql/conduit/hba.conf';

/** What the configuration of a server is made of. */
export interface ServerSettings {
  readonly memoryLimit: Size;
  readonly maxConnections: number;
  /** Of the server, where clients connect by TLS. */
  readonly certificate?: Certificate;
}

/**
 * The server's configuration.
 * @see https://www.postgresql.org/docs/current/runtime-config.html
 */
export function renderConfiguration({ memoryLimit, maxConnections, certificate }: ServerSettings): string {
  return Object.entries({
    listen_addresses: "'*'",
    port: CLIENT_PORT,
    unix_socket_directories: `'${RUN_PATH}'`,
    hba_file: `'${ACCESS_PATH}'`,
    max_connections: maxConnections,
    shared_buffers: `${Math.floor(memoryLimit.toMebibytes() / 4)}MB`,
    dynamic_shared_memory_type: 'sysv', // of the usual kind a container has 64 MiB, which parallel queries exceed
    log_timezone: "'UTC'",
    timezone: "'UTC'",
    ...(certificate ? { ssl: 'on', ssl_cert_file: `'${RUN_PATH}/server.crt'`, ssl_key_file: `'${RUN_PATH}/server.key'` } : {}),
  }).map(([name, value]) => `${name} = ${value}\n`).join('');
}

/**
 * Who may connect: everybody with a password, and with TLS where there is a certificate.
 * @see https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
 */
export function renderAccess({ certificate }: ServerSettings): string {
  return `local all all scram-sha-256\n${certificate ? 'hostssl' : 'host'} all all all scram-sha-256\n`;
}
