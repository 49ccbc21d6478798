import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { declaredQueues, delayKey, renderDefinitions, renderImmutable } from './definitions';
import { RABBIT_MQ_SEMANTICS } from './semantics';
import { HEALTH_PATH, IMMUTABLE_PATH, renderConfiguration, renderHealthScript, startScript, TEMPLATE_PATH } from './start';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import type { Endpoint } from '../../model/endpoint';
import { HealthCheck } from '../../model/health-check';
import { Secret } from '../../model/secret';
import { Volume } from '../../model/volume';
import { Workload } from '../../model/workload';
import { BrokerBinding, IBroker, QueuePrincipal, QueueRight, QueueSpec, StartPosition, StreamPrincipal, StreamRight, StreamSpec, TopicPrincipal, TopicSpec } from '../broker';
import { Declarations } from '../declarations';
import { requireNodes } from '../nodes';
import type { MessageSemantic, SemanticSupport } from '../semantics';
import { certify } from '../tls';

/** Options of a RabbitMQ broker. */
export interface RabbitMqProps {
  /**
   * Number of nodes: 1, or 3 or 5 that form a cluster, which goes on while a majority of them runs.
   * @default 1
   */
  readonly nodes?: number;
  /**
   * Size of each node's storage for messages.
   * @default Size.gibibytes(8)
   */
  readonly storage?: Size;
  /**
   * Class of the storage, where the target has classes.
   * @default - the target's usual class
   */
  readonly storageClass?: string;
  /**
   * Most memory of each node; at three fifths of it publishers are held back.
   * @default Size.mebibytes(1024)
   */
  readonly memoryLimit?: Size;
  /**
   * Whether clients connect by TLS, and by nothing else. The certificate is the secret `<name>-tls`; clients find the authority that they check it
   * with under `<PREFIX>_CA_FILE`.
   * @default false
   */
  readonly tls?: boolean;
}

/**
 * A RabbitMQ broker of one or more nodes. Messages survive restart and crash. Queues, users and permissions are
 * declared when it starts, before a client can connect; nobody but the users of grants can log in.
 * @see https://www.rabbitmq.com/docs
 */
export class RabbitMq extends Construct implements IBroker {
  public readonly product: string = 'RabbitMQ';
  public readonly endpoint: Endpoint;
  public readonly authority?: Secret;
  /** The workload that runs the broker. */
  public readonly workload: Workload;

  private readonly declared = new Declarations(this);
  private readonly nodes: number;

  /** @throws if a value is malformed. */
  public constructor(scope: Construct, id: string, props: RabbitMqProps = {}) {
    super(Application._openScope(scope, id), id);
    this.nodes = requireNodes(this, props.nodes);
    const clustered = this.nodes > 1;
    const listener = props.tls ? { name: 'amqps', number: 5671, scheme: 'amqps' } : { name: 'amqp', number: 5672, scheme: 'amqp' };
    const memoryLimit = props.memoryLimit ?? Size.mebibytes(1024);
    const image = Application.of(this).images.find('rabbitmq');
    this.workload = new Workload(this, 'Default', {
      image: image.reference,
      user: image.user,
      group: image.group,
      command: ['sh', '/etc/rabbitmq/conduit/start'],
      ports: [listener],
      // of one node the port opens when everything is declared; a command of the image would start a virtual machine for each check
      health: clustered
        ? HealthCheck.command(['bash', HEALTH_PATH], { startPeriod: Duration.minutes(5), timeout: Duration.seconds(15) })
        : HealthCheck.tcp(listener.number, { startPeriod: Duration.minutes(3) }),
      replicas: this.nodes,
      stable: true, // messages are stored under the node's name, which must not change
      clustered,
      writablePaths: ['/run/conduit', '/tmp', '/var/lib/rabbitmq'],
      resources: { memoryRequest: Size.mebibytes(Math.min(256, memoryLimit.toMebibytes())), memoryLimit, cpuRequest: 0.1 },
      stopGracePeriod: Duration.minutes(1),
    });
    this.endpoint = this.workload.endpoint();
    const certificate = props.tls ? certify(this, this.workload) : undefined;
    this.authority = certificate?.authority;

    const data = new Volume(this, 'Data', { perMember: true, size: props.storage ?? Size.gibibytes(8), storageClass: props.storageClass });
    this.workload.main.mountVolume(data, '/var/lib/rabbitmq/mnesia');
    const cookie = clustered ? new Secret(this, 'Cookie') : undefined;
    if (cookie) this.workload.main.mountSecret(cookie);
    this.addFile('Configuration', '/etc/rabbitmq/conf.d/20-conduit.conf', () => renderConfiguration(memoryLimit, this.nodes, certificate));
    this.addFile('Start', '/etc/rabbitmq/conduit/start', () => startScript(this.workload.memberNames, listener.number, cookie));
    this.addFile('Definitions', TEMPLATE_PATH, () => renderDefinitions(this.declared));
    this.addFile('Immutable', IMMUTABLE_PATH, () => renderImmutable(this.declared));
    if (clustered) this.addFile('Health', HEALTH_PATH, () => renderHealthScript(listener.number, declaredQueues(this.declared).length));
  }

  public support(semantic: MessageSemantic): SemanticSupport {
    return RABBIT_MQ_SEMANTICS[semantic];
  }

  public declareQueue(queue: QueueSpec): void {
    this.requireFit(queue.path, queue.queueName, queue.replicas);
    this.declared.addQueue(queue);
  }

  public declareTopic(topic: TopicSpec): void {
    this.requireFit(topic.path, topic.topicName, topic.replicas);
    this.declared.addTopic(topic);
  }

  public declareStream(stream: StreamSpec): void {
    this.requireFit(stream.path, stream.streamName, stream.replicas);
    this.declared.addStream(stream);
  }

  public grantQueue(principal: QueuePrincipal): BrokerBinding {
    this.declared.addQueuePrincipal(principal);
    this.workload.main.mountSecret(principal.password);
    const { queue, right } = principal;
    if (right === QueueRight.RECEIVE_DEAD_LETTERS) return { variables: { QUEUE: queue.deadLetterQueueName! } };
    if (right === QueueRight.RECEIVE) return { variables: { QUEUE: queue.queueName } };
    const delays = queue.delays.map(delay => [`DELAY_${delay}MS_ROUTING_KEY`, delayKey(queue, delay)]);
    return { variables: { QUEUE: queue.queueName, EXCHANGE: queue.queueName, ROUTING_KEY: queue.queueName, ...Object.fromEntries(delays) } };
  }

  public grantTopic(principal: TopicPrincipal): BrokerBinding {
    this.declared.addTopicPrincipal(principal);
    this.workload.main.mountSecret(principal.password);
    return { variables: { EXCHANGE: principal.topic.topicName } };
  }

  public grantStream(principal: StreamPrincipal): BrokerBinding {
    this.declared.addStreamPrincipal(principal);
    this.workload.main.mountSecret(principal.password);
    const { stream: { streamName }, right } = principal;
    if (right === StreamRight.PUBLISH) return { variables: { EXCHANGE: streamName, ROUTING_KEY: streamName } };
    return { variables: { QUEUE: streamName, OFFSET: streamOffset(principal) } };
  }

  private addFile(id: string, path: string, toText: () => string): void {
    this.workload.main.mountConfigFile(new ConfigFile(this, id, { path, source: { toText } }));
  }

  private requireFit(path: string, name: string, replicas?: number): void {
    if (/^amq\./.test(name)) throw new Error(`${path}: RabbitMQ keeps names that begin with 'amq.' for itself, got '${name}'`);
    if (replicas !== undefined && replicas > this.nodes) {
      throw new Error(`${path}: 'replicas' must be at most the number of nodes of ${this.node.path}, which is ${this.nodes}, got ${replicas}`);
    }
  }
}

/**
 * Value for the consumer argument `x-stream-offset`.
 * @see https://www.rabbitmq.com/docs/streams#consuming
 */
function streamOffset({ startPosition, startAt }: StreamPrincipal): string {
  switch (startPosition) {
    case StartPosition.LATEST: return 'next';
    case StartPosition.BEGINNING: return 'first';
    default: return startAt!;
  }
}
