import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { IBroker, Overflow, QueueRight } from '../brokers/broker';
import { Application } from '../model/application';
import type { IClient } from '../model/client';
import { EnvValue } from '../model/env-value';
import { Secret } from '../model/secret';
import { kebabCase, variableName } from '../private/names';
import { Problems } from '../private/problems';

/** Options of a queue. */
export interface BrokeredQueueProps {
  /** Broker that holds the queue. */
  readonly broker: IBroker;
  /**
   * Name of the queue on the broker: letters, digits, '-', '_' and '.'.
   * @default - the construct's id in lower case
   */
  readonly queueName?: string;
  /**
   * Failed deliveries of one message, the first included, after which it counts as unprocessable. A delivery fails when
   * the consumer rejects the message or goes away; to hand it back unprocessed (`basic.nack` with requeue) is no failure.
   * @see https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
   * @default 5
   */
  readonly deliveryLimit?: number;
  /**
   * Whether unprocessable and expired messages are kept in a queue of their own, `<queueName>.dead`.
   * @default true
   */
  readonly deadLetters?: boolean;
  /**
   * Time after which a message that nobody has taken expires.
   * @default - never
   */
  readonly messageTtl?: Duration;
  /**
   * Most messages in the queue.
   * @default - as many as the storage holds
   */
  readonly maxLength?: number;
  /**
   * What happens when the queue is full.
   * @default Overflow.REJECT_NEW
   */
  readonly overflow?: Overflow;
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
   * Lets a program that declares the queue by itself, and sends through the default exchange, work unchanged.
   * It costs: the client may then also delete the queue, and send to any queue of the broker.
   * @default false
   */
  readonly declares?: boolean;
}

/** Options of a grant to receive. */
export interface GrantReceiveOptions {
  /**
   * Most messages that one consumer holds unacknowledged; the program takes it from `<PREFIX>_PREFETCH`.
   * @default 1
   */
  readonly prefetch?: number;
  /**
   * Beginning of the names of the variables.
   * @default - the queue's name in upper case
   */
  readonly prefix?: string;
  /**
   * Lets a program that declares the queue by itself work unchanged. It costs: the client may then also delete the queue.
   * @default false
   */
  readonly declares?: boolean;
}

/**
 * A durable queue from which competing consumers take messages: each message goes to one of them, and to another one if the
 * first ends without acknowledging it. The queue is there before anyone connects.
 *
 * Each grant makes a user of the broker with exactly that right, and gives the client `<QUEUE>_URL`, `_HOST`, `_PORT`, `_USER`,
 * `_PASSWORD_FILE` and `_QUEUE`; a sender also `_EXCHANGE` and `_ROUTING_KEY`, a receiver `_PREFETCH`.
 */
export class BrokeredQueue extends Construct {
  /** Name of the queue on the broker. */
  public readonly queueName: string;
  /** Name of the queue with unprocessable messages; undefined if there is none. */
  public readonly deadLetterQueueName?: string;

  private readonly broker: IBroker;
  private readonly deleteProtection: boolean;

  /** @throws if a value is malformed, or the broker cannot honour what is asked for. */
  public constructor(scope: Construct, id: string, props: BrokeredQueueProps) {
    super(Application._openScope(scope, id), id);
    this.broker = props.broker;
    this.queueName = props.queueName ?? kebabCase(id);
    this.deadLetterQueueName = props.deadLetters === false ? undefined : `${this.queueName}.dead`;
    this.deleteProtection = props.deleteProtection ?? false;
    const deliveryLimit = props.deliveryLimit ?? 5;
    const problems = new Problems(this.node.path);
    problems.require(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/.test(this.queueName),
      `a queue's name must be at most 200 letters, digits, '-', '_' and '.', got '${this.queueName}'; set 'queueName'`);
    problems.require(isPositive(deliveryLimit), `'deliveryLimit' must be a whole number of 1 or more, got ${deliveryLimit}`);
    problems.require(props.maxLength === undefined || isPositive(props.maxLength), `'maxLength' must be a whole number of 1 or more, got ${props.maxLength}`);
    problems.require(props.messageTtl === undefined || props.messageTtl.toMilliseconds() >= 1, `'messageTtl' must be 1 ms or more, got ${props.messageTtl?.toMilliseconds()} ms`);
    problems.throwIfAny();
    this.broker.declareQueue({
      path: this.node.path,
      queueName: this.queueName,
      deadLetterQueueName: this.deadLetterQueueName,
      deliveryLimit,
      messageTtl: props.messageTtl?.toMilliseconds(),
      maxLength: props.maxLength,
      overflow: props.overflow ?? Overflow.REJECT_NEW,
    });
  }

  /**
   * Lets a client send messages.
   * @throws if it may already, or belongs to another application than the broker.
   */
  public grantSend(sender: IClient, options: GrantSendOptions = {}): void {
    this.grant(sender, this.queueName, QueueRight.SEND, options.declares ?? false, options.prefix);
  }

  /**
   * Lets a client receive and acknowledge messages.
   * @throws if it may already, or belongs to another application than the broker.
   */
  public grantReceive(receiver: IClient, options: GrantReceiveOptions = {}): void {
    this.receive(receiver, this.queueName, options);
  }

  /**
   * Lets a client receive the messages that could not be processed.
   * @throws if the queue has no dead-letter queue, or the client may already.
   */
  public grantReceiveDeadLetters(receiver: IClient, options: GrantReceiveOptions = {}): void {
    if (this.deadLetterQueueName === undefined) throw new Error(`${this.node.path}: has no dead-letter queue; leave out 'deadLetters: false'`);
    this.receive(receiver, this.deadLetterQueueName, options);
  }

  private receive(receiver: IClient, queueName: string, options: GrantReceiveOptions): void {
    const prefetch = options.prefetch ?? 1;
    if (!isPositive(prefetch) || prefetch > 65535) throw new Error(`${this.node.path}: 'prefetch' must be a whole number from 1 to 65535, got ${prefetch}`);
    const prefix = this.grant(receiver, queueName, QueueRight.RECEIVE, options.declares ?? false, options.prefix);
    receiver.toClient().setEnv(`${prefix}_PREFETCH`, EnvValue.literal(`${prefetch}`));
  }

  /** Makes the user and tells the client; returns the prefix of its variables. */
  private grant(client: IClient, queueName: string, right: QueueRight, declares: boolean, givenPrefix?: string): string {
    const container = client.toClient();
    if (declares && this.deleteProtection) {
      throw new Error(`${this.node.path}: a client that declares the queue may also delete it; leave out 'declares' or 'deleteProtection'`);
    }
    const prefix = givenPrefix ?? variableName(queueName);
    container.connectTo(this.broker.endpoint, { prefix });
    const role = queueName === this.deadLetterQueueName ? 'receive-dead' : right;
    const who = container === container.workload.main ? container.workload.name : `${container.workload.name}-${container.name}`;
    if (this.node.tryFindChild(`${who}-${role}`)) throw new Error(`${this.node.path}: '${who}' was granted '${role}' already; grant it once`);
    const password = new Secret(this, `${who}-${role}`, { key: 'password' });
    const userName = password.name;
    const { variables } = this.broker.grantQueue({ userName, password, queueName, right, declares });
    container.setEnv(`${prefix}_USER`, EnvValue.literal(userName));
    container.setEnv(`${prefix}_PASSWORD_FILE`, EnvValue.secretFile(password));
    for (const [ending, value] of Object.entries(variables)) container.setEnv(`${prefix}_${ending}`, EnvValue.literal(value));
    return prefix;
  }
}

function isPositive(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
