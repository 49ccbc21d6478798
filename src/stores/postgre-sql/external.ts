import type { Construct } from 'constructs';
import { CLIENT_PORT, SCHEME } from './settings';
import type { ExternalServer } from '../../servers/external';
import { runExternal, StoreRuntime } from '../store-runtime';

/**
 * Where an external PostgreSQL server is. It must be PostgreSQL 15 or newer, with passwords by SCRAM. The administrator is the superuser, or
 * has the attributes CREATEROLE and CREATEDB.
 */
export interface ExternalPostgreSql extends ExternalServer {
  /** Name or address. */
  readonly host: string;
  /**
   * Port of the server.
   * @default 5432
   */
  readonly port?: number;
}

/**
 * An external server.
 * @param contradictions names of options that only a server has that the application runs
 */
export function connectTo(store: Construct, external: ExternalPostgreSql, contradictions: string[]): StoreRuntime {
  const { host, port = CLIENT_PORT, tls = true } = external;
  return runExternal(store, external, contradictions, { host, port, scheme: SCHEME, tls });
}
