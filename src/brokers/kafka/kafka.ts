import { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { completionCheck } from './completion-check';
import { renderDeclarations } from './declarations';
import { connectTo, ExternalKafka } from './external';
import { KAFKA_IMAGE } from './image';
import { findQueueMisfits, findStreamMisfits, findTopicMisfits, ServerNames } from './limits';
import { CLIENT_MECHANISM, ClientSettings } from './listeners';
import { groupOf, readingOf } from './names';
import { runNodes } from './nodes';
import { outsideAddresses } from './outside';
import { PROVISION_PATH, provisionScript, RUN_PATH, DECLARATIONS_PATH } from './provision';
import { KafkaRight, permits, rightsOf } from './rights';
import type { KafkaRuntime } from './runtime';
import { KAFKA_SEMANTICS } from './semantics';
import { clusterSettings, heapOf } from './settings';
import { KafkaTopic, queuePartitions, serverTopics } from './topics';
import { queueVariables, senderVariables, streamVariables } from './variables';
import { KAFKA_WIDER_RIGHTS } from './wider-rights';
import { Application } from '../../model/application';
import type { Backlog } from '../../model/backlog';
import type { Certificate } from '../../model/certificate';
import { ConfigFile } from '../../model/config-file';
import type { Endpoint } from '../../model/endpoint';
import type { PublicAddress } from '../../model/published-port';
import type { Secret } from '../../model/secret';
import { Task } from '../../model/task';
import type { Volume } from '../../model/volume';
import type { Workload } from '../../model/workload';
import { checkCall } from '../../private/check-call';
import { Problems } from '../../private/problems';
import type { Principal } from '../../servers/access';
import { warnOfClientsWithoutUser } from '../../servers/clients-without-user';
import { optionsBesideExternal } from '../../servers/external';
import {
  BrokerBinding, ChannelOperation, IBroker, QueuePrincipal, QueueRight, QueueSpec, StreamPrincipal, StreamRight, StreamSpec,
  TopicPrincipal, TopicSpec,
} from '../broker';
import { Declarations, IDeclarations } from '../declarations';
import { KnownBrokers } from '../known-brokers';
import type { ChannelKind, MessageSemantic, SemanticSupport } from '../semantics';
import { Granted, widerRightsOf } from '../wider-rights';

/** Options of a Kafka cluster. `hostPort` and `publicPort` are those of the first broker: each broker has a port, and the numbers of the others follow. */
export interface KafkaProps extends PublicAddress {
  /**
   * Number of brokers: 1, or 3 or 5 that form a cluster, which goes on while a majority of them runs. It stays as it is,
   * unless there are `controllers`.
   * @default 1
   */
  readonly nodes?: number;
  /**
   * Number of nodes that do nothing but keep the cluster's own data: 3.
   * @default - none, the brokers keep it
   */
  readonly controllers?: number;
  /**
   * Partitions of each queue and topic: at most so many consumers share its messages at the same time. It can grow, but not shrink.
   * @default 12
   */
  readonly queuePartitions?: number;
  /**
   * Size of each broker's storage for messages.
   * @default Size.gibibytes(8)
   */
  readonly storage?: Size;
  /**
   * Class of the storage, where the target has classes.
   * @default - the target's usual class
   */
  readonly storageClass?: string;
  /**
   * Most memory of each broker, 512 MiB or more; half of it is for the program's objects.
   * @default Size.mebibytes(1024)
   */
  readonly memoryLimit?: Size;
  /**
   * Whether clients connect by TLS, and by nothing else, as nodes of a cluster do to each other. The certificate is the secret `<name>-tls`, with its key
   * in PKCS #8; clients find the CA certificates that they check it with under `<PREFIX>_CA_FILE`.
   * @default false
   */
  readonly tls?: boolean;
  /**
   * Names, or addresses, under which clients outside the application know the brokers, one for each, where each has another one.
   * @default - all have `publicHost`; without that, nobody outside may be granted anything
   */
  readonly publicHosts?: string[];
  /**
   * Where the cluster is, if it is external; it excludes the options above but `queuePartitions`.
   * @default - none, the application runs it
   */
  readonly external?: ExternalKafka;
}

/**
 * A Kafka cluster of one or more brokers, without ZooKeeper. Messages survive restart and crash. Topics, users and rights are declared by
 * a task before a client starts; nobody but the users of grants can log in.
 * @see https://kafka.apache.org/documentation
 */
export class Kafka extends Construct implements IBroker {
  public readonly product: string = 'Kafka';
  public readonly endpoint: Endpoint;
  /** Where clients outside the application connect; undefined if nobody said under which name they know the brokers. */
  public readonly outsideEndpoint?: Endpoint;
  public readonly caCertificates?: Secret;
  public readonly namePrefix?: string;
  /** The workload that runs the brokers; undefined if they are external. */
  public readonly workload?: Workload;
  /** The workload that runs the controllers; undefined where the brokers are controllers, or are external. */
  public readonly controllers?: Workload;
  /** The task that declares topics, users and rights; undefined if others do. */
  public readonly provisioning?: Task;
  /** Certificate of all nodes; undefined without TLS, or if they are external. */
  public readonly certificate?: Certificate;
  /** Where each broker stores messages; undefined if they are external. */
  public readonly storage?: Volume;
  /** Where each controller stores the cluster's own data; undefined where the brokers are controllers, or are external. */
  public readonly controllerStorage?: Volume;

  private readonly _declared = new Declarations(this);
  private readonly runtime: KafkaRuntime;
  private readonly names = new ServerNames();
  private readonly partitions: number;

  public constructor(scope: Construct, id: string, props: KafkaProps = {}) {
    checkCall(new.target, 'Kafka', arguments);
    super(Application._openScope(scope, id), id);
    warnOfClientsWithoutUser(this);
    const { external } = props;
    const problems = new Problems(this.node.path);
    const { queuePartitions: partitions = 12 } = props;
    const isNumber = problems.check(Number.isInteger(partitions) && partitions >= 1 && partitions <= 1000, `'queuePartitions' must be a whole number from 1 to 1000, got ${partitions}`);
    this.partitions = isNumber ? partitions : 12;
    Application._keep(this, problems);
    this.runtime = external ? connectTo(this, external, optionsBesideExternal(props, 'queuePartitions')) : runNodes(this, props);
    this.endpoint = this.runtime.endpoint;
    this.outsideEndpoint = this.runtime.outsideEndpoint;
    this.namePrefix = external?.namePrefix;
    this.caCertificates = this.runtime.caCertificates;
    this.workload = this.runtime.workload;
    this.controllers = this.runtime.controllers;
    this.certificate = this.runtime.certificate;
    this.storage = this.runtime.storage;
    this.controllerStorage = this.runtime.controllerStorage;
    this.provisioning = this.runtime.administrator && this.addProvisioning(this.runtime.administrator);
    if (!this.provisioning) new ConfigFile(this, 'Declarations', { path: DECLARATIONS_PATH, source: { toText: () => renderDeclarations(this._declared, this.limits) } });
  }

  /** Everything that was declared on the cluster, in the order of names. */
  public get declared(): IDeclarations {
    return this._declared;
  }

  /** All topics that the cluster is to have. */
  public get serverTopics(): KafkaTopic[] {
    return serverTopics(this._declared, this.limits);
  }

  /** The least that each user needs. */
  public get rights(): KafkaRight[] {
    return rightsOf(this._declared);
  }

  /** Settings of the cluster that have nothing to do with where it runs; undefined if it is external. */
  public get settings(): Record<string, string> | undefined {
    return this.workload && clusterSettings(this.workload.replicas, heapOf(this.workload.main.resources.memoryLimit));
  }

  public support(semantic: MessageSemantic, _kind: ChannelKind): SemanticSupport {
    checkCall(this, 'Kafka.support', arguments);
    return KAFKA_SEMANTICS[semantic];
  }

  public declareQueue(queue: QueueSpec): void {
    checkCall(this, 'Kafka.declareQueue', arguments);
    const problems = findQueueMisfits(queue, this.limits);
    for (const name of [queue.source ? undefined : queue.queueName, queue.deadLetterQueueName]) if (name !== undefined) this.names.claim(problems, name);
    this.names.claimGroup(problems, readingOf(queue, QueueRight.RECEIVE));
    if (!Application._keep(this, problems)) this._declared.addQueue(queue);
  }

  public declareTopic(topic: TopicSpec): void {
    checkCall(this, 'Kafka.declareTopic', arguments);
    const problems = findTopicMisfits(topic, this.limits);
    this.names.claim(problems, topic.topicName);
    if (!Application._keep(this, problems)) this._declared.addTopic(topic);
  }

  public declareStream(stream: StreamSpec): void {
    checkCall(this, 'Kafka.declareStream', arguments);
    const problems = findStreamMisfits(stream, this.limits);
    this.names.claim(problems, stream.streamName);
    if (!Application._keep(this, problems)) this._declared.addStream(stream);
  }

  public grantQueue(principal: QueuePrincipal): BrokerBinding {
    checkCall(this, 'Kafka.grantQueue', arguments);
    this._declared.addQueuePrincipal(principal);
    const { queue, right } = principal;
    const binding = this.bind(principal, queueVariables(this.accessOf(principal), principal));
    if (right === QueueRight.SEND) return binding;
    const { topic, group } = readingOf(queue, right);
    return { ...binding, backlog: lagOf(topic, group, queuePartitions(queue, this.limits)) };
  }

  public grantTopic(principal: TopicPrincipal): BrokerBinding {
    checkCall(this, 'Kafka.grantTopic', arguments);
    this._declared.addTopicPrincipal(principal);
    return this.bind(principal, senderVariables(this.accessOf(principal), principal.topic.topicName));
  }

  public grantStream(principal: StreamPrincipal): BrokerBinding {
    checkCall(this, 'Kafka.grantStream', arguments);
    const { stream, right, group } = principal;
    const problems = new Problems(stream.path);
    if (group !== undefined) this.names.claimGroup(problems, { topic: stream.streamName, group: groupOf(stream, group) });
    Application._keep(this, problems);
    this._declared.addStreamPrincipal(principal);
    const binding = this.bind(principal, streamVariables(this.accessOf(principal), principal));
    if (right === StreamRight.PUBLISH) return binding;
    return { ...binding, backlog: lagOf(stream.streamName, groupOf(stream, group!), stream.partitions) };
  }

  public permits(userName: string, operation: ChannelOperation, channelName: string): boolean {
    checkCall(this, 'Kafka.permits', arguments);
    return permits(this._declared, userName, operation, channelName);
  }

  private get limits() {
    const { members: nodes, replicas } = this.runtime;
    return { path: this.node.path, nodes, replicas, partitions: this.partitions };
  }

  /** Whoever comes from outside is told of brokers under the addresses that it knows. */
  private accessOf({ client }: Granted): ClientSettings {
    const { access, workload, outsideEndpoint } = this.runtime;
    const { clientName, exposure } = client.toClient();
    if (!exposure) return access;
    if (!workload || !outsideEndpoint) {
      Application._refuse(this, `Kafka tells clients where to find each broker, and nobody said where '${clientName}' finds them; give 'publicHost' where the broker is made, 'localhost' for this machine`);
      return access;
    }
    return { ...access, servers: outsideAddresses(workload).join(',') };
  }

  private bind(granted: Granted, variables: Record<string, string>): BrokerBinding {
    this.provisioning?.main.mountSecret(granted.password);
    return { variables, task: this.provisioning, widerRights: widerRightsOf(KAFKA_WIDER_RIGHTS, granted) };
  }

  private addProvisioning(administrator: Principal): Task {
    const { access, caCertificates } = this.runtime;
    const image = Application.of(this).images.register(KAFKA_IMAGE);
    const task = new Task(this, 'Provisioning', {
      image: image.reference,
      uid: image.uid,
      gid: image.gid,
      command: ['bash', PROVISION_PATH],
      writablePaths: [RUN_PATH, '/tmp'],
      // whoever runs the completion check needs as much
      resources: { memoryRequest: Size.mebibytes(64), memoryLimit: Size.mebibytes(512), cpuLimit: 2 },
      completionCheck: completionCheck(access.servers),
    });
    task.connectTo(this.endpoint, { prefix: 'BROKER' });
    for (const secret of [administrator.password, ...(caCertificates ? [caCertificates] : [])]) task.main.mountSecret(secret);
    const files: [string, string, () => string][] = [
      ['Declarations', DECLARATIONS_PATH, () => renderDeclarations(this._declared, this.limits)],
      ['Script', PROVISION_PATH, () => provisionScript(access, administrator)],
    ];
    for (const [id, path, toText] of files) task.main.mountConfigFile(new ConfigFile(task, id, { path, source: { toText } }));
    return task;
  }
}

KnownBrokers.register('Kafka', { support: semantic => KAFKA_SEMANTICS[semantic] });

/** What a group has not acknowledged yet is the distance between its positions and the ends of the topic's partitions. */
function lagOf(topic: string, group: string, partitions: number): Backlog {
  return { protocol: 'kafka', values: { topic, group, mechanism: CLIENT_MECHANISM }, partitions };
}
