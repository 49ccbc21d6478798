import type { Construct } from 'constructs';
import { CLIENT_PORT, schemeOf } from './settings';
import type { ExternalServer } from '../../servers/external';
import { runExternal, StoreRuntime } from '../store-runtime';

/** Where an external server is. It must be Valkey, or Redis 7 or newer. The administrator may run ACL commands, `PING` and `INFO`. */
export interface ExternalRedis extends ExternalServer {
  /** Name or address. */
  readonly host: string;
  /**
   * Port of the server.
   * @default 6379
   */
  readonly port?: number;
}

/**
 * An external server.
 * @param contradictions names of options that only a server has that the application runs
 */
export function connectTo(store: Construct, external: ExternalRedis, contradictions: string[]): StoreRuntime {
  const { host, port = CLIENT_PORT, tls = true } = external;
  return runExternal(store, external, contradictions, { host, port, scheme: schemeOf(tls), tls });
}
