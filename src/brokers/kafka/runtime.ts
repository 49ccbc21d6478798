import type { Access } from './listeners';
import type { Certificate } from '../../model/certificate';
import type { Workload } from '../../model/workload';
import type { Principal } from '../../servers/access';
import type { ServerRuntime } from '../../servers/server';

/** What stands behind a Kafka broker. */
export interface KafkaRuntime extends ServerRuntime {
  readonly controllers?: Workload;
  /** Of the nodes; undefined without TLS, or if others run them. */
  readonly certificate?: Certificate;
  readonly access: Access;
  /** Number of nodes that store what is not said to be stored by another number. */
  readonly replicas: number;
  /** Who declares topics, users and rights; undefined if others do. */
  readonly administrator?: Principal;
}
