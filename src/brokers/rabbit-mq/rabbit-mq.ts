import type { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { definitionsOf, delayKey, namesOf, permits } from './definitions';
import { connectTo, ExternalRabbitMq } from './external';
import { findMisfits } from './limits';
import { runNodes } from './nodes';
import { RABBIT_MQ_SEMANTICS } from './semantics';
import { brokerSettings } from './start';
import { RABBIT_MQ_WIDER_RIGHTS } from './wider-rights';
import { Application } from '../../model/application';
import type { Endpoint } from '../../model/endpoint';
import type { PublicAddress } from '../../model/published-port';
import type { Secret } from '../../model/secret';
import type { Task } from '../../model/task';
import type { Volume } from '../../model/volume';
import type { Workload } from '../../model/workload';
import { checkCall } from '../../private/check-call';
import { warnOfClientsWithoutUser } from '../../servers/clients-without-user';
import { optionsBesideExternal } from '../../servers/external';
import type { ServerRuntime } from '../../servers/server';
import {
  BrokerBinding, ChannelOperation, IBroker, QueuePrincipal, QueueRight, QueueSpec, StartPosition, StreamPrincipal, StreamRight, StreamSpec,
  TopicPrincipal, TopicSpec,
} from '../broker';
import { Declarations, IDeclarations } from '../declarations';
import { KnownBrokers } from '../known-brokers';
import type { BrokerNodes } from '../limits';
import type { ChannelKind, MessageSemantic, SemanticSupport } from '../semantics';
import { Granted, widerRightsOf } from '../wider-rights';

/** Options of a RabbitMQ broker. */
export interface RabbitMqProps extends PublicAddress {
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
   * Whether clients connect by TLS, and by nothing else. The certificate is the secret `<name>-tls`; clients find the CA certificates that they check it
   * with under `<PREFIX>_CA_FILE`.
   * @default false
   */
  readonly tls?: boolean;
  /**
   * Where the broker is, if it is external; it excludes the options above.
   * @default - none, the application runs it
   */
  readonly external?: ExternalRabbitMq;
}

/**
 * A RabbitMQ broker of one or more nodes. Messages survive restart and crash. Queues, users and permissions are
 * declared when it starts, before a client can connect; nobody but the users of grants can log in.
 * @see https://www.rabbitmq.com/docs
 */
export class RabbitMq extends Construct implements IBroker {
  public readonly product: string = 'RabbitMQ';
  public readonly endpoint: Endpoint;
  public readonly caCertificates?: Secret;
  public readonly namePrefix?: string;
  /** The workload that runs the broker; undefined if it is external. */
  public readonly workload?: Workload;
  /** The task that declares everything on an external broker; undefined if there is none. */
  public readonly provisioning?: Task;

  /** Where each node stores messages; undefined if the broker is external. */
  public readonly storage?: Volume;

  private readonly _declared = new Declarations(this);
  private readonly runtime: ServerRuntime;

  public constructor(scope: Construct, id: string, props: RabbitMqProps = {}) {
    checkCall(new.target, 'RabbitMq', arguments);
    super(Application._openScope(scope, id), id);
    warnOfClientsWithoutUser(this);
    const { external } = props;
    this.runtime = external ? connectTo(this, external, optionsBesideExternal(props), this._declared) : runNodes(this, props, this._declared);
    this.endpoint = this.runtime.endpoint;
    this.namePrefix = external?.namePrefix;
    this.caCertificates = this.runtime.caCertificates;
    this.workload = this.runtime.workload;
    this.storage = this.runtime.storage;
    this.provisioning = this.runtime.provisioning;
  }

  /** Everything that was declared on the broker, in the order of names. */
  public get declared(): IDeclarations {
    return this._declared;
  }

  /**
   * Everything that the broker is to have, with `@{name}` for the password of that name.
   * @see https://www.rabbitmq.com/docs/definitions
   */
  public get definitions(): any {
    return definitionsOf(this._declared);
  }

  /** Settings of each node that have nothing to do with where it runs; undefined if the broker is external. */
  public get settings(): Record<string, string> | undefined {
    return this.workload && brokerSettings(this.workload.main.resources.memoryLimit);
  }

  public support(semantic: MessageSemantic, _kind: ChannelKind): SemanticSupport {
    checkCall(this, 'RabbitMq.support', arguments);
    return RABBIT_MQ_SEMANTICS[semantic];
  }

  public declareQueue(queue: QueueSpec): void {
    checkCall(this, 'RabbitMq.declareQueue', arguments);
    const names = namesOf(queue);
    if (!Application._keep(this, findMisfits(queue.path, names, this.limits, queue))) this._declared.addQueue(queue, names);
  }

  public declareTopic(topic: TopicSpec): void {
    checkCall(this, 'RabbitMq.declareTopic', arguments);
    if (!Application._keep(this, findMisfits(topic.path, [topic.topicName], this.limits, topic))) this._declared.addTopic(topic);
  }

  public declareStream(stream: StreamSpec): void {
    checkCall(this, 'RabbitMq.declareStream', arguments);
    if (!Application._keep(this, findMisfits(stream.path, [stream.streamName], this.limits, stream))) this._declared.addStream(stream);
  }

  public grantQueue(principal: QueuePrincipal): BrokerBinding {
    checkCall(this, 'RabbitMq.grantQueue', arguments);
    this._declared.addQueuePrincipal(principal);
    const { queue, right } = principal;
    if (right !== QueueRight.SEND) {
      const queueName = right === QueueRight.RECEIVE ? queue.queueName : queue.deadLetterQueueName!;
      return { ...this.bind(principal, { QUEUE: queueName }), backlog: { protocol: 'amqp', values: { queue: queueName } } }; // whoever logs in may ask how many there are
    }
    const delays = queue.delays.map(delay => [`DELAY_${delay}MS_ROUTING_KEY`, delayKey(queue, delay)]);
    return this.bind(principal, { QUEUE: queue.queueName, EXCHANGE: queue.queueName, ROUTING_KEY: queue.queueName, ...Object.fromEntries(delays) });
  }

  public grantTopic(principal: TopicPrincipal): BrokerBinding {
    checkCall(this, 'RabbitMq.grantTopic', arguments);
    this._declared.addTopicPrincipal(principal);
    return this.bind(principal, { EXCHANGE: principal.topic.topicName });
  }

  public grantStream(principal: StreamPrincipal): BrokerBinding {
    checkCall(this, 'RabbitMq.grantStream', arguments);
    this._declared.addStreamPrincipal(principal);
    const { stream: { streamName }, right } = principal;
    if (right === StreamRight.PUBLISH) return this.bind(principal, { EXCHANGE: streamName, ROUTING_KEY: streamName });
    const noBacklogReason = 'each reader of a stream gets everything and keeps its own position; use Kafka';
    return { ...this.bind(principal, { QUEUE: streamName, OFFSET: streamOffset(principal) }), noBacklogReason };
  }

  public permits(userName: string, operation: ChannelOperation, channelName: string): boolean {
    checkCall(this, 'RabbitMq.permits', arguments);
    return permits(this._declared, userName, operation, channelName);
  }

  /** Whoever makes the users reads their passwords. */
  private bind(granted: Granted, variables: Record<string, string>): BrokerBinding {
    (this.workload ?? this.provisioning)?.main.mountSecret(granted.password);
    return { variables, task: this.provisioning, widerRights: widerRightsOf(RABBIT_MQ_WIDER_RIGHTS, granted) };
  }

  private get limits(): BrokerNodes {
    return { path: this.node.path, nodes: this.runtime.members };
  }
}

KnownBrokers.register('RabbitMq', { support: semantic => RABBIT_MQ_SEMANTICS[semantic] });

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
