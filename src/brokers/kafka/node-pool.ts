import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { KAFKA_IMAGE } from './image';
import { CLIENT, CLIENT_PORT, kafkaScheme, OUTSIDE, OUTSIDE_PORT } from './listeners';
import { RUN_PATH } from './provision';
import { clusterId, controllerPort } from './quorum';
import { SuperuserPasswords, Cluster, DATA_PATH, NodeKind, renderSettings } from './settings';
import { LOGGING_PATH, renderLogging, SETTINGS_PATH, START_PATH, startScript } from './start';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import { HealthCheck } from '../../model/health-check';
import { Volume } from '../../model/volume';
import { Workload } from '../../model/workload';

/** What nodes of one kind are, and have. */
export interface KafkaNodePoolProps extends Pick<NodeKind, 'broker' | 'controller' | 'brokers' | 'memoryLimit'> {
  readonly replicas: number;
  /** Number of the controllers. */
  readonly voters: number;
  /** Whether clients connect by TLS. */
  readonly tls: boolean;
  /** Whether clients may come from outside the application. */
  readonly outside: boolean;
  /** Asked for when all nodes are defined. */
  readonly cluster: () => Cluster;
  readonly superusers: SuperuserPasswords;
  readonly storage: Size;
  readonly storageClass?: string;
}

/** Nodes of one kind, with their storage and their files. */
export class KafkaNodePool extends Construct {
  public readonly workload: Workload;
  public readonly storage: Volume;

  public constructor(broker: Construct, id: string, props: KafkaNodePoolProps) {
    super(broker, id);
    const image = Application.of(this).images.register(KAFKA_IMAGE);
    const { replicas, voters, superusers, memoryLimit } = props;
    const scheme = kafkaScheme(props.tls);
    const port = props.broker ? { name: CLIENT, number: CLIENT_PORT, scheme } : { name: 'controller', number: controllerPort(voters) };
    this.workload = new Workload(this, 'Default', {
      image: image.reference,
      uid: image.uid,
      gid: image.gid,
      command: ['bash', START_PATH],
      ports: [port, ...(props.outside ? [{ name: OUTSIDE, number: OUTSIDE_PORT, scheme }] : [])],
      // clients find the port open when the node has found the others, and knows everything that they know
      health: HealthCheck.tcp(port.number, { startPeriod: Duration.minutes(5) }),
      replicas,
      stable: true, // a node is known to the others, and to clients, by its name
      clustered: replicas > 1,
      writablePaths: [RUN_PATH, '/tmp'],
      resources: { memoryRequest: Size.mebibytes(Math.min(384, memoryLimit.toMebibytes())), memoryLimit, cpuRequest: 0.1, cpuLimit: 2 },
      stopGracePeriod: Duration.minutes(1),
    });
    this.storage = new Volume(this, 'Data', { perMember: true, size: props.storage, storageClass: props.storageClass });
    this.workload.main.mountVolume(this.storage, DATA_PATH);
    for (const secret of [superusers.admin, superusers.internal]) this.workload.main.mountSecret(secret);
    const kind = (): NodeKind => ({ ...props, ...props.cluster() });
    this.addFile('Settings', SETTINGS_PATH, () => renderSettings(kind(), superusers));
    this.addFile('Start', START_PATH, () => startScript(kind(), superusers, clusterId(broker)));
    this.addFile('Logging', LOGGING_PATH, renderLogging);
  }

  private addFile(id: string, path: string, toText: () => string): void {
    this.workload.main.mountConfigFile(new ConfigFile(this, id, { path, source: { toText } }));
  }
}
