import type { Endpoint } from '../model/endpoint';
import type { Secret } from '../model/secret';

/** What a client may do with a queue. */
export enum QueueRight {
  /** Put messages in. */
  SEND = 'send',
  /** Take messages out, and acknowledge them. */
  RECEIVE = 'receive',
}

/** What is in a queue when it is full and another message comes. */
export enum Overflow {
  /** The new message is refused; a sender that waits for confirmations learns of it. */
  REJECT_NEW = 'reject-new',
  /** The oldest message is dropped, or dead-lettered if the queue has a dead-letter queue. */
  DROP_OLDEST = 'drop-oldest',
}

/** A queue as a broker needs to know it. Times are in milliseconds. */
export interface QueueSpec {
  /** Construct path of the queue, for messages. */
  readonly path: string;
  /** Name of the queue on the broker. */
  readonly queueName: string;
  /** Name of the queue for messages that could not be processed; undefined if there is none. */
  readonly deadLetterQueueName?: string;
  /** Failed deliveries of one message, the first included, after which it counts as unprocessable. */
  readonly deliveryLimit: number;
  /** Time after which a message expires; undefined for never. */
  readonly messageTtl?: number;
  /** Most messages in the queue; undefined for as many as fit. */
  readonly maxLength?: number;
  /** What happens when the queue is full. */
  readonly overflow: Overflow;
}

/** A user of the broker with exactly one right on one queue. */
export interface QueuePrincipal {
  /** Name of the user. */
  readonly userName: string;
  /** The user's password. */
  readonly password: Secret;
  /** Name of the queue. */
  readonly queueName: string;
  /** The right. */
  readonly right: QueueRight;
  /** Whether the client declares the queue by itself; then it may also delete it, and send through the default exchange. */
  readonly declares: boolean;
}

/** What a client needs to know beside address, user and password; becomes variables behind the queue's prefix. */
export interface QueueBinding {
  /** Endings of variables' names to values, such as `EXCHANGE` to `orders`. */
  readonly variables: Record<string, string>;
}

/** A message broker on which queues can be declared. */
export interface IBroker {
  /** Where clients connect. */
  readonly endpoint: Endpoint;

  /**
   * Declares a queue, before any client connects.
   * @throws if the broker cannot honour what the queue asks for; the message names a broker that can.
   */
  declareQueue(queue: QueueSpec): void;

  /** Makes a user with exactly one right on one queue. */
  grantQueue(principal: QueuePrincipal): QueueBinding;
}
