import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { nameChannel } from './channel-name';
import { warnOfMissingSide } from './missing-side';
import { isPositive, QueueBehaviour, requestsOfBehaviour, requestsOfReplicas, requireBrokerName, requireTime, resolveBehaviour } from './queue-behaviour';
import { GrantReceiveOptions, grantReceiving } from './receiving';
import { IBroker, QueueRight, QueueSpec } from '../brokers/broker';
import { FeatureRequest, findRefusals, requestIf } from '../brokers/feature-request';
import { ChannelKind, MessageSemantic } from '../brokers/semantics';
import { Application } from '../model/application';
import type { IClient } from '../model/client';
import type { Flow } from '../model/connection';
import { checkCall } from '../private/check-call';
import { Problems } from '../private/problems';
import { Access } from '../servers/access';
import { checkMembers } from '../servers/members';

/** Options of a queue. */
export interface BrokeredQueueProps extends QueueBehaviour {
  /** Broker that holds the queue. */
  readonly broker: IBroker;
  /**
   * Name of the queue on the broker: letters, digits, '-', '_' and '.'.
   * @default - the construct's id in lower case, behind the broker's `namePrefix`
   */
  readonly queueName?: string;
  /**
   * Time after which a message that nobody has taken expires.
   * @default - never
   */
  readonly messageTtl?: Duration;
  /**
   * Highest priority that senders give, from 1 to 31; the lowest is 0. Messages overtake those of a lower one.
   * @default - all messages are the same
   */
  readonly maxPriority?: number;
  /**
   * Times after which senders may have a message delivered.
   * @default - none, messages are delivered at once
   */
  readonly delays?: Duration[];
  /**
   * Time within which a message that is sent twice is stored once.
   * @default - none, both are stored
   */
  readonly deduplicationWindow?: Duration;
  /**
   * Number of the broker's nodes that store each message: 1, 3 or 5.
   * @default - 3, or 1 on a broker of one node
   */
  readonly replicas?: number;
  /**
   * Refuses every grant with which a client could delete the queue.
   * @default false
   */
  readonly deleteProtection?: boolean;
}

/** Options of a grant to send. */
export interface GrantSendOptions {
  /**
   * Beginning of the names of the variables.
   * @default - the queue's name in upper case
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
   * Lets a program that declares the queue by itself, and sends through the default exchange, work unchanged.
   * It costs: the client may then also delete the queue, and send to any queue of the broker.
   * @default false
   */
  readonly declares?: boolean;
}

/**
 * A durable queue from which competing consumers take messages. Each message goes to one of them, and to another one if the
 * first ends without acknowledging it. The queue exists before anyone connects.
 *
 * Each grant makes a user of the broker with exactly that right. The client gets `<QUEUE>_URL`, `_HOST`, `_PORT`, `_USER`, `_PASSWORD_FILE`,
 * and what else clients of the broker need. `docs/brokered-queue.md` lists these variables.
 */
export class BrokeredQueue extends Construct {
  /** Name of the queue on the broker. */
  public readonly queueName: string;
  /** Name of the queue with unprocessable messages; undefined if there is none. */
  public readonly deadLetterQueueName?: string;

  private readonly broker: IBroker;
  private readonly queue: QueueSpec;
  /** What programs call it. */
  private readonly channel: string;
  private readonly deleteProtection: boolean;
  private isSent = false;
  private isReceived = false;

  /** The broker must be able to honour all that is asked for. */
  public constructor(scope: Construct, id: string, props: BrokeredQueueProps) {
    checkCall(new.target, 'BrokeredQueue', arguments);
    super(Application._openScope(scope, id), id);
    this.broker = props.broker;
    const { own, onBroker } = nameChannel(props.broker, id, props.queueName);
    this.channel = own;
    this.queueName = onBroker;
    this.deleteProtection = props.deleteProtection ?? false;
    const { maxPriority, delays = [] } = props;
    const problems = new Problems(this.node.path);
    requireBrokerName(problems, 'queue', this.queueName);
    checkMembers(problems, 'replicas', props.replicas);
    problems.check(maxPriority === undefined || (isPositive(maxPriority) && maxPriority <= 31), `'maxPriority' must be a whole number from 1 to 31, got ${maxPriority}`);
    for (const delay of delays) requireTime(problems, 'delays', delay);
    requireTime(problems, 'deduplicationWindow', props.deduplicationWindow);
    const behaviour = resolveBehaviour(this.queueName, props, props.messageTtl, problems);
    for (const refusal of findRefusals(props.broker, ChannelKind.QUEUE, requestsOf(props))) problems.check(false, refusal);
    this.deadLetterQueueName = behaviour.deadLetterQueueName;
    this.queue = {
      path: this.node.path,
      queueName: this.queueName,
      ...behaviour,
      maxPriority,
      delays: [...new Set(delays.map(delay => delay.toMilliseconds()))].sort((a, b) => a - b),
      deduplicationWindow: props.deduplicationWindow?.toMilliseconds(),
      replicas: props.replicas,
    };
    if (!Application._keep(this, problems)) this.broker.declareQueue(this.queue);
    warnOfMissingSide(this, this.broker, [
      { who: 'sender', method: 'grantSend', consequence: 'nothing ever comes', isThere: () => this.isSent },
      { who: 'receiver', method: 'grantReceive', consequence: 'its messages stay where they are', isThere: () => this.isReceived },
    ]);
  }

  /** Lets a client send messages that may not already, and belongs to the application of the broker. */
  public grantSend(sender: IClient, options: GrantSendOptions = {}): void {
    checkCall(this, 'BrokeredQueue.grantSend', arguments);
    const declares = this.mayDeclare(options.declares);
    const { broker, queue } = this;
    const { prefix, variables, waits } = options;
    const flow = { action: QueueRight.SEND, channel: this.queueName };
    const access = Access.grant(this, broker, sender, { action: QueueRight.SEND, channel: this.channel, flow, prefix, variables, waits });
    access.bind(broker.grantQueue({ ...access.principal, client: sender, queue, right: QueueRight.SEND, declares }));
    this.isSent = true;
    if (queue.maxPriority !== undefined) access.bind({ variables: { MAX_PRIORITY: `${queue.maxPriority}` } });
  }

  /** Lets a client receive and acknowledge messages that may not already, and belongs to the application of the broker. */
  public grantReceive(receiver: IClient, options: GrantReceiveOptions = {}): void {
    checkCall(this, 'BrokeredQueue.grantReceive', arguments);
    this.receive(receiver, QueueRight.RECEIVE, this.channel, { action: 'receive', channel: this.queueName }, options);
    this.isReceived = true;
  }

  /** Lets a client receive the messages that could not be processed; the queue must have a dead-letter queue. */
  public grantReceiveDeadLetters(receiver: IClient, options: GrantReceiveOptions = {}): void {
    checkCall(this, 'BrokeredQueue.grantReceiveDeadLetters', arguments);
    this.receive(receiver, QueueRight.RECEIVE_DEAD_LETTERS, `${this.channel}.dead`, { action: 'receive', channel: this.deadLetterQueueName }, options);
  }

  private receive(
    client: IClient, right: QueueRight.RECEIVE | QueueRight.RECEIVE_DEAD_LETTERS, channel: string, flow: Flow, options: GrantReceiveOptions,
  ): void {
    this.mayDeclare(options.declares);
    grantReceiving({ owner: this, broker: this.broker, client, queue: this.queue, right, channel, flow, options });
  }

  private mayDeclare(declares = false): boolean {
    if (declares && this.deleteProtection) Application._refuse(this, "a client that declares the queue may also delete it; leave out 'declares' or 'deleteProtection'");
    return declares;
  }
}

function requestsOf(props: BrokeredQueueProps): FeatureRequest[] {
  return [
    ...requestsOfBehaviour(props, props.messageTtl),
    ...requestsOfReplicas(props.replicas),
    ...requestIf(props.maxPriority !== undefined, "'maxPriority'", MessageSemantic.PRIORITY),
    ...requestIf(props.delays !== undefined && props.delays.length > 0, "'delays'", MessageSemantic.DELAY),
    ...requestIf(props.deduplicationWindow !== undefined, "'deduplicationWindow'", MessageSemantic.DEDUPLICATION),
  ];
}
