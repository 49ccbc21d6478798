import type { Principal } from '../servers/access';
import type { ServerRuntime } from '../servers/server';

/** What stands behind a data store. */
export interface StoreRuntime extends ServerRuntime {
  /** Whether clients connect by TLS. */
  readonly tls: boolean;
  /** Who makes what clients are granted; undefined if others do. */
  readonly administrator?: Principal;
}
