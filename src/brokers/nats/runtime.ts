import type { ServerSettings } from './configuration';
import type { ConfigFile } from '../../model/config-file';
import type { Principal } from '../../servers/access';
import type { ServerRuntime } from '../../servers/server';

/** What stands behind a NATS broker. */
export interface NatsRuntime extends ServerRuntime {
  /** URLs of servers to begin with, where there are several by different names. */
  readonly servers?: string;
  /** Number of nodes that store what is not said to be stored by another number. */
  readonly replicas: number;
  /** Who declares streams and consumers; undefined if others do. */
  readonly administrator?: Principal;
  /** What the servers are to do, and the file that says it; undefined if others run them. */
  readonly settings?: ServerSettings;
  readonly configuration?: ConfigFile;
}
