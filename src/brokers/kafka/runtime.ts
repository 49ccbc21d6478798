import type { ClientSettings } from './listeners';
import type { Certificate } from '../../model/certificate';
import type { Volume } from '../../model/volume';
import type { Workload } from '../../model/workload';
import type { Principal } from '../../servers/access';
import type { ServerRuntime } from '../../servers/server';

/** What stands behind a Kafka broker. */
export interface KafkaRuntime extends ServerRuntime {
  readonly controllers?: Workload;
  /** Where each controller stores the cluster's own data; undefined where the brokers are controllers. */
  readonly controllerStorage?: Volume;
  /** Of the nodes; undefined without TLS, or if others run them. */
  readonly certificate?: Certificate;
  readonly access: ClientSettings;
  /** Number of nodes that store what is not said to be stored by another number. */
  readonly replicas: number;
  /** Who declares topics, users and rights; undefined if others do. */
  readonly administrator?: Principal;
}
