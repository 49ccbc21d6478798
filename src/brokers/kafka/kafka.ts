import { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { APPLY_PATH, applyScript, RUN_PATH, TOPOLOGY_PATH } from './apply';
import { effectCommand } from './effect';
import { requireQueueFits, requireStreamFits, requireTopicFits, TopicNames } from './fit';
import { CLIENT_PORT } from './listeners';
import { KafkaNodes } from './nodes';
import type { Quorum } from './quorum';
import { KAFKA_SEMANTICS } from './semantics';
import type { Authorities } from './settings';
import { renderTopology } from './topology';
import { queueVariables, senderVariables, streamVariables } from './variables';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import type { Endpoint } from '../../model/endpoint';
import { Secret } from '../../model/secret';
import { Task } from '../../model/task';
import type { Workload } from '../../model/workload';
import { Problems } from '../../private/problems';
import type { BrokerBinding, IBroker, QueuePrincipal, QueueSpec, StreamPrincipal, StreamSpec, TopicPrincipal, TopicSpec } from '../broker';
import { Declarations } from '../declarations';
import { requireNodes } from '../nodes';
import type { MessageSemantic, SemanticSupport } from '../semantics';

/** Options of a Kafka cluster. */
export interface KafkaProps {
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
}

/**
 * A Kafka cluster of one or more brokers, without ZooKeeper. Messages survive restart and crash. Topics, users and rights are declared by
 * a task before a client starts; nobody but the users of grants can log in.
 * @see https://kafka.apache.org/documentation
 */
export class Kafka extends Construct implements IBroker {
  public readonly product: string = 'Kafka';
  public readonly endpoint: Endpoint;
  /** The workload that runs the brokers. */
  public readonly workload: Workload;
  /** The workload that runs the controllers; undefined where the brokers are controllers. */
  public readonly controllers?: Workload;
  /** The task that declares topics, users and rights. */
  public readonly topology: Task;

  private readonly declared = new Declarations(this);
  private readonly names = new TopicNames();
  private readonly brokers: number;
  private readonly partitions: number;

  /** @throws if a value is malformed. */
  public constructor(scope: Construct, id: string, props: KafkaProps = {}) {
    super(Application._openScope(scope, id), id);
    this.brokers = requireNodes(this, props.nodes);
    this.partitions = props.queuePartitions ?? 12;
    const { controllers, storageClass, memoryLimit = Size.mebibytes(1024), storage = Size.gibibytes(8) } = props;
    const problems = new Problems(this.node.path);
    problems.require(controllers === undefined || controllers === 3, `'controllers' must be 3, got ${controllers}`);
    problems.require(Number.isInteger(this.partitions) && this.partitions >= 1 && this.partitions <= 1000, `'queuePartitions' must be a whole number from 1 to 1000, got ${this.partitions}`);
    problems.require(memoryLimit.toMebibytes() >= 512, `'memoryLimit' must be 512 MiB or more, got ${memoryLimit.toMebibytes()} MiB`);
    problems.throwIfAny();

    const authorities = { admin: new Secret(this, 'Admin', { key: 'password' }), internal: new Secret(this, 'Internal', { key: 'password' }) };
    const common = { brokers: this.brokers, voters: controllers ?? this.brokers, quorum: () => this.quorum(), authorities, storageClass };
    const separate = controllers !== undefined;
    if (separate) {
      const smaller = { memoryLimit: Size.mebibytes(512), storage: Size.gibibytes(2) };
      this.controllers = new KafkaNodes(this, 'Controllers', { ...common, ...smaller, replicas: controllers, broker: false, controller: true }).workload;
    }
    this.workload = new KafkaNodes(this, 'Default', { ...common, memoryLimit, storage, replicas: this.brokers, broker: true, controller: !separate }).workload;
    if (this.controllers) this.workload.connectTo(this.controllers.endpoint(), { prefix: 'CONTROLLERS' });
    this.endpoint = this.workload.endpoint();
    this.topology = this.defineTopology(authorities);
  }

  public support(semantic: MessageSemantic): SemanticSupport {
    return KAFKA_SEMANTICS[semantic];
  }

  public declareQueue(queue: QueueSpec): void {
    requireQueueFits(this.server, queue);
    for (const name of [queue.source ? undefined : queue.queueName, queue.deadLetterQueueName]) if (name !== undefined) this.names.claim(queue.path, name);
    this.declared.addQueue(queue);
  }

  public declareTopic(topic: TopicSpec): void {
    requireTopicFits(this.server, topic);
    this.names.claim(topic.path, topic.topicName);
    this.declared.addTopic(topic);
  }

  public declareStream(stream: StreamSpec): void {
    requireStreamFits(this.server, stream);
    this.names.claim(stream.path, stream.streamName);
    this.declared.addStream(stream);
  }

  public grantQueue(principal: QueuePrincipal): BrokerBinding {
    this.declared.addQueuePrincipal(principal);
    return this.bind(principal.password, queueVariables(this.servers, principal));
  }

  public grantTopic(principal: TopicPrincipal): BrokerBinding {
    this.declared.addTopicPrincipal(principal);
    return this.bind(principal.password, senderVariables(this.servers, principal.topic.topicName));
  }

  public grantStream(principal: StreamPrincipal): BrokerBinding {
    this.declared.addStreamPrincipal(principal);
    return this.bind(principal.password, streamVariables(this.servers, principal));
  }

  /** Every broker, since any of them tells a client of all others, if it is there. */
  private get servers(): string {
    return this.workload.memberNames.map(member => `${member}:${CLIENT_PORT}`).join(',');
  }

  private get server() {
    return { path: this.node.path, brokers: this.brokers, partitions: this.partitions };
  }

  private quorum(): Quorum {
    if (this.controllers) return { members: this.controllers.memberNames, firstId: 1000 };
    return { members: this.brokers === 1 ? ['127.0.0.1'] : this.workload.memberNames, firstId: 0 };
  }

  private bind(password: Secret, variables: Record<string, string>): BrokerBinding {
    this.topology.main.mountSecret(password);
    return { variables, task: this.topology };
  }

  private defineTopology({ admin }: Authorities): Task {
    const image = Application.of(this).images.find('kafka');
    const task = new Task(this, 'Topology', {
      image: image.reference,
      user: image.user,
      group: image.group,
      command: ['bash', APPLY_PATH],
      writablePaths: [RUN_PATH, '/tmp'],
      // who waits for the effect needs as much
      resources: { memoryRequest: Size.mebibytes(64), memoryLimit: Size.mebibytes(512), cpuLimit: 2 },
      effect: effectCommand(this.servers),
    });
    task.connectTo(this.endpoint, { prefix: 'BROKER' });
    task.main.mountSecret(admin);
    const files: [string, string, () => string][] = [
      ['Declarations', TOPOLOGY_PATH, () => renderTopology(this.declared, this.server)],
      ['Script', APPLY_PATH, () => applyScript(this.servers, admin)],
    ];
    for (const [id, path, toText] of files) task.main.mountConfigFile(new ConfigFile(task, id, { path, source: { toText } }));
    return task;
  }
}
