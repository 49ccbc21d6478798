import type { Principal } from '../../servers/access';
import type { ServerRuntime } from '../../servers/server';

/** What stands behind a PostgreSQL server. */
export interface PostgreSqlRuntime extends ServerRuntime {
  /** Whether clients connect by TLS. */
  readonly tls: boolean;
  /** Who makes databases and users; undefined if others do. */
  readonly administrator?: Principal;
}
