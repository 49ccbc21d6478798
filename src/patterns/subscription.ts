import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { QueueBehaviour, requestsOfBehaviour, resolveBehaviour } from './queue-behaviour';
import type { ReceiverScaling } from './receiver-scaling';
import { grantReceiving } from './receiving';
import { IBroker, QueueRight, QueueSpec } from '../brokers/broker';
import { FeatureRequest, findRefusals, requestIf } from '../brokers/feature-request';
import { ChannelKind, MessageSemantic } from '../brokers/semantics';
import { Application } from '../model/application';
import type { IClient } from '../model/client';
import type { Flow } from '../model/connection';
import { checkCall } from '../private/check-call';
import { Problems } from '../private/problems';

/** Options of a subscription; made by `BrokeredTopic.subscribe`. */
export interface SubscriptionProps extends QueueBehaviour {
  /** Broker that holds the topic. */
  readonly broker: IBroker;
  /** Name of the topic on the broker. */
  readonly topicName: string;
  /**
   * What programs call the topic; their variables begin so.
   * @default - its name on the broker
   */
  readonly channel?: string;
  /**
   * Time after which a message expires.
   * @default - never
   */
  readonly messageTtl?: Duration;
  /**
   * Number of the broker's nodes that store each message.
   * @default - the broker's own
   */
  readonly replicas?: number;
  /**
   * Keys of the messages that are wanted.
   * @default '#'
   */
  readonly filter?: string;
  /**
   * Headers that a message must have, all of them.
   * @default - any
   */
  readonly headers?: Record<string, string>;
}

/** Options of a grant to share a subscription. */
export interface ShareOptions {
  /**
   * Most messages that one consumer holds unacknowledged; the program takes it from `<PREFIX>_PREFETCH`.
   * @default 1
   */
  readonly prefetch?: number;
  /**
   * Beginning of the names of the variables.
   * @default - the topic's name in upper case, followed by `_DEAD` for dead letters
   */
  readonly prefix?: string;
  /**
   * Names of the variables instead, from endings such as `URL` or `PASSWORD_FILE` to a name. What is not named is not set.
   * @default - all of them, behind the prefix
   */
  readonly variables?: Record<string, string>;
  /**
   * Whether the client starts only after the broker is healthy and has what is declared. A program that does not wait must connect again by itself.
   * @default true
   */
  readonly waits?: boolean;
  /**
   * Lets the number of the client's replicas follow what waits for the subscriber, where something scales.
   * @default - none, there are as many as the client's `replicas`
   */
  readonly scaling?: ReceiverScaling;
}

/** What one subscriber of a topic gets: a copy of each message, which the clients that receive share. */
export class Subscription extends Construct {
  /** Name of the queue, or of the consumer group, on the broker. */
  public readonly queueName: string;

  private readonly broker: IBroker;
  private readonly queue: QueueSpec;
  private readonly topicName: string;
  private readonly channel: string;

  /** The broker must be able to honour all that is asked for. */
  public constructor(scope: Construct, id: string, props: SubscriptionProps) {
    checkCall(new.target, 'Subscription', arguments);
    super(scope, id);
    this.broker = props.broker;
    this.topicName = props.topicName;
    this.channel = props.channel ?? props.topicName;
    this.queueName = `${props.topicName}.${id}`;
    const { filter = '#', headers = {} } = props;
    const problems = new Problems(this.node.path);
    problems.check(/^[A-Za-z0-9_-]{1,100}$/.test(id), `'group' must be at most 100 letters, digits, '-' and '_', got '${id}'`);
    problems.check(/^(\*|#|[^.*#\s\p{C}]+)(\.(\*|#|[^.*#\s\p{C}]+))*$/u.test(filter), `'filter' must be words between dots, '*' or '#', got '${filter}'`);
    for (const [header, value] of Object.entries(headers)) {
      problems.check(/^[^\p{C}]+$/u.test(header), `each header must have a name without control characters, got '${header}'`);
      problems.check(/^[^\p{C}]*$/u.test(value), `header '${header}' must have a value without control characters, got '${value}'`);
    }
    const behaviour = resolveBehaviour(this.queueName, props, props.messageTtl, problems);
    for (const refusal of findRefusals(props.broker, ChannelKind.TOPIC, requestsOf(props, filter, headers))) problems.check(false, refusal);
    const source = { topicName: props.topicName, group: id, filter, headers: { ...headers } };
    this.queue = { path: this.node.path, queueName: this.queueName, ...behaviour, delays: [], replicas: props.replicas, source };
    if (!Application._keep(this, problems)) this.broker.declareQueue(this.queue);
  }

  /** Lets a client share in what the subscriber gets: each message goes to one of them. */
  public grantReceive(client: IClient, options: ShareOptions = {}): void {
    checkCall(this, 'Subscription.grantReceive', arguments);
    this.receive(client, QueueRight.RECEIVE, this.channel, { action: 'subscribe', channel: this.topicName }, options);
  }

  /** Lets a client receive the messages that the subscriber could not process; there must be dead letters. */
  public grantReceiveDeadLetters(client: IClient, options: ShareOptions = {}): void {
    checkCall(this, 'Subscription.grantReceiveDeadLetters', arguments);
    this.receive(client, QueueRight.RECEIVE_DEAD_LETTERS, `${this.channel}.dead`, { action: 'receive', channel: this.queue.deadLetterQueueName }, options);
  }

  private receive(client: IClient, right: QueueRight.RECEIVE | QueueRight.RECEIVE_DEAD_LETTERS, channel: string, flow: Flow, options: ShareOptions): void {
    grantReceiving({ owner: this, broker: this.broker, client, queue: this.queue, right, channel, flow, options });
  }
}

function requestsOf(props: SubscriptionProps, filter: string, headers: Record<string, string>): FeatureRequest[] {
  const ofBehaviour = requestsOfBehaviour(props, props.messageTtl)
    .filter(({ semantic }) => semantic !== MessageSemantic.KEPT_UNTIL_RECEIVED && semantic !== MessageSemantic.MESSAGE_TTL); // the topic asked for these
  return [
    ...ofBehaviour,
    ...requestIf(filter !== '#', "'filter'", MessageSemantic.ROUTING_BY_KEY, 'give each kind of message a topic of its own'),
    ...requestIf(Object.keys(headers).length > 0, "'headers'", MessageSemantic.ROUTING_BY_HEADER, "choose by 'filter'"),
  ];
}
