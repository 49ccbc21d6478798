import type { Duration, Size } from 'cdk8s';
import { Overflow, QueueSpec } from '../brokers/broker';
import { FeatureRequest, requestIf } from '../brokers/feature-request';
import { MessageSemantic } from '../brokers/semantics';
import type { Problems } from '../private/problems';

/** How long a message waits after failed deliveries. */
export interface RetryBackoff {
  /** Time before the second delivery. */
  readonly initial: Duration;
  /** Most time before a delivery. */
  readonly maximum: Duration;
}

/** How a queue, or the queue of a subscriber, treats its messages. */
export interface QueueBehaviour {
  /**
   * Failed deliveries of one message, the first included, after which it counts as unprocessable. What counts as failed
   * is the broker's matter, see `docs/message-semantics.md`; on RabbitMQ, to hand a message back unprocessed (`basic.nack`
   * with requeue) is no failure.
   * @see https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
   * @default 5
   */
  readonly deliveryLimit?: number;
  /**
   * Whether unprocessable messages are kept in a queue of their own, `<queueName>.dead`.
   * @default true
   */
  readonly deadLetters?: boolean;
  /**
   * Whether messages that expire, or are dropped by a full queue, go to the dead letters, too.
   * @default true
   */
  readonly expiredToDeadLetters?: boolean;
  /**
   * Most messages in the queue.
   * @default - as many as the storage holds
   */
  readonly maxLength?: number;
  /**
   * Most bytes in the queue, of the messages' bodies.
   * @default - as many as the storage holds
   */
  readonly maxSize?: Size;
  /**
   * What happens when the queue is full.
   * @default Overflow.REJECT_NEW
   */
  readonly overflow?: Overflow;
  /**
   * Time before a message whose delivery failed comes again.
   * @default - none, it comes again at once
   */
  readonly retry?: RetryBackoff;
  /**
   * Time after which a message comes again that was delivered and not acknowledged, though its consumer is still there.
   * @default - the broker's own: 30 minutes on RabbitMQ, 30 seconds on NATS, 5 minutes on Kafka
   */
  readonly acknowledgementTimeout?: Duration;
  /**
   * Whether one consumer at a time gets everything, in order, and another one takes over when it goes away.
   * @default false
   */
  readonly singleActiveConsumer?: boolean;
}

type BehaviourSpec = Pick<QueueSpec, 'deliveryLimit' | 'deadLetterQueueName' | 'messageTtl' | 'maxLength' | 'maxSize' | 'overflow' | 'retryDelay' | 'maxRetryDelay'
| 'acknowledgementTimeout' | 'singleActiveConsumer' | 'expiredToDeadLetters'>;

/** What the broker needs to know of a behaviour; what is malformed is noted. */
export function resolveBehaviour(queueName: string, behaviour: QueueBehaviour, messageTtl: Duration | undefined, problems: Problems): BehaviourSpec {
  const { deliveryLimit = 5, maxLength, maxSize, retry, acknowledgementTimeout } = behaviour;
  problems.check(isPositive(deliveryLimit), `'deliveryLimit' must be a whole number of 1 or more, got ${deliveryLimit}`);
  problems.check(maxLength === undefined || isPositive(maxLength), `'maxLength' must be a whole number of 1 or more, got ${maxLength}`);
  problems.check(maxSize === undefined || maxSize.toKibibytes() >= 1, `'maxSize' must be 1 KiB or more, got ${maxSize?.toKibibytes()} KiB`);
  requireTime(problems, 'messageTtl', messageTtl);
  requireTime(problems, 'acknowledgementTimeout', acknowledgementTimeout);
  requireTime(problems, 'retry.initial', retry?.initial);
  problems.check(!retry || retry.maximum.toMilliseconds() >= retry.initial.toMilliseconds(),
    `'retry.maximum' must be at least 'retry.initial', got ${retry?.maximum.toMilliseconds()} ms and ${retry?.initial.toMilliseconds()} ms`);
  return {
    deliveryLimit,
    deadLetterQueueName: behaviour.deadLetters === false ? undefined : `${queueName}.dead`,
    expiredToDeadLetters: behaviour.deadLetters !== false && (behaviour.expiredToDeadLetters ?? true),
    messageTtl: messageTtl?.toMilliseconds(),
    maxLength,
    maxSize: maxSize && maxSize.toKibibytes() * 1024,
    overflow: behaviour.overflow ?? Overflow.REJECT_NEW,
    retryDelay: retry?.initial.toMilliseconds(),
    maxRetryDelay: retry?.maximum.toMilliseconds(),
    acknowledgementTimeout: acknowledgementTimeout?.toMilliseconds(),
    singleActiveConsumer: behaviour.singleActiveConsumer ?? false,
  };
}

/** What a behaviour asks of the broker. */
export function requestsOfBehaviour(behaviour: QueueBehaviour, messageTtl: Duration | undefined): FeatureRequest[] {
  const limited = behaviour.maxLength !== undefined || behaviour.maxSize !== undefined;
  const dropsOldest = behaviour.overflow === Overflow.DROP_OLDEST;
  const deadLetters = behaviour.deadLetters !== false;
  const removes = deadLetters && (messageTtl !== undefined || dropsOldest);
  const keepsExpired = behaviour.expiredToDeadLetters ?? true;
  const single = behaviour.singleActiveConsumer ?? false;
  return [
    ...requestIf(messageTtl === undefined, "a queue without 'messageTtl'", MessageSemantic.KEPT_UNTIL_RECEIVED, "say with 'messageTtl' when messages may be removed"),
    ...requestIf(messageTtl !== undefined, "'messageTtl'", MessageSemantic.MESSAGE_TTL),
    ...requestIf(deadLetters, "'deadLetters'", MessageSemantic.DELIVERY_LIMIT, "set 'deadLetters: false'"),
    ...requestIf(behaviour.deliveryLimit !== undefined, "'deliveryLimit'", MessageSemantic.DELIVERY_LIMIT),
    ...requestIf(removes && keepsExpired, "'expiredToDeadLetters'", MessageSemantic.EXPIRED_DEAD_LETTERS, "set 'expiredToDeadLetters: false'"),
    ...requestIf(removes && !keepsExpired, "'expiredToDeadLetters: false'", MessageSemantic.EXPIRED_REMOVED, 'leave it out'),
    ...requestIf(behaviour.maxLength !== undefined, "'maxLength'", MessageSemantic.MAX_LENGTH),
    ...requestIf(behaviour.maxSize !== undefined, "'maxSize'", MessageSemantic.MAX_SIZE),
    ...requestIf(limited && !dropsOldest, "'overflow: Overflow.REJECT_NEW'", MessageSemantic.REJECT_NEW, "set 'overflow: Overflow.DROP_OLDEST'"),
    ...requestIf(dropsOldest, "'overflow: Overflow.DROP_OLDEST'", MessageSemantic.DROP_OLDEST),
    ...requestIf(behaviour.retry !== undefined, "'retry'", MessageSemantic.RETRY_BACKOFF),
    ...requestIf(behaviour.acknowledgementTimeout !== undefined, "'acknowledgementTimeout'", MessageSemantic.ACKNOWLEDGEMENT_TIMEOUT),
    ...requestIf(!single, "a queue without 'singleActiveConsumer'", MessageSemantic.COMPETING_CONSUMERS, "set 'singleActiveConsumer: true'"),
    ...requestIf(single, "'singleActiveConsumer'", MessageSemantic.SINGLE_ACTIVE_CONSUMER),
  ];
}

/** What a number of replicas asks of the broker; one is what every broker has. */
export function requestsOfReplicas(replicas?: number): FeatureRequest[] {
  return requestIf((replicas ?? 1) > 1, "'replicas'", MessageSemantic.REPLICATION);
}

/** Notes a time that is too short. */
export function requireTime(problems: Problems, property: string, time?: Duration): void {
  problems.check(time === undefined || time.toMilliseconds() >= 1, `'${property}' must be 1 ms or more, got ${time?.toMilliseconds()} ms`);
}

/** Notes a name that not every broker takes. */
export function requireBrokerName(problems: Problems, kind: string, name: string): void {
  problems.check(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/.test(name),
    `a ${kind}'s name must be at most 200 letters, digits, '-', '_' and '.', got '${name}'; set '${kind}Name'`);
}

export function isPositive(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
