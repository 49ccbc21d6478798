import type { IMessageSupport } from './semantics';
import type { Backlog } from '../model/backlog';
import type { IClient } from '../model/client';
import type { Principal, ServerBinding } from '../servers/access';
import type { IServer } from '../servers/server';

/** What a client may do with a queue. */
export enum QueueRight {
  /** Put messages in. */
  SEND = 'send',
  /** Take messages out, and acknowledge them. */
  RECEIVE = 'receive',
  /** Take the messages that could not be processed, and acknowledge them. */
  RECEIVE_DEAD_LETTERS = 'receive-dead',
}

/** What a client may do with a stream. */
export enum StreamRight {
  /** Add events. */
  PUBLISH = 'publish',
  /** Read events. */
  READ = 'read',
}

/** What happens when a queue is full and another message comes. */
export enum Overflow {
  /** The new message is refused; a sender that waits for confirmations learns of it. */
  REJECT_NEW = 'reject-new',
  /** The oldest message is dropped, or dead-lettered if the queue has a dead-letter queue. */
  DROP_OLDEST = 'drop-oldest',
}

/** What a user does with a queue, a topic or a stream. */
export enum ChannelOperation {
  /** Puts messages in. */
  SEND = 'send',
  /** Takes messages out. */
  RECEIVE = 'receive',
}

/** A queue as a broker needs to know it. Times are in milliseconds, sizes in bytes. */
export interface QueueSpec {
  /** Construct path of the queue, for messages. */
  readonly path: string;
  /** Name of the queue on the broker. */
  readonly queueName: string;
  /** Name of the queue for messages that could not be processed; undefined if there is none. */
  readonly deadLetterQueueName?: string;
  /** Whether messages that expire, or are dropped by a full queue, go there, too; false if there is none. */
  readonly expiredToDeadLetters: boolean;
  /** Failed deliveries of one message, the first included, after which it counts as unprocessable. */
  readonly deliveryLimit: number;
  /** Time after which a message expires; undefined for never. */
  readonly messageTtl?: number;
  /** Most messages in the queue; undefined for as many as fit. */
  readonly maxLength?: number;
  /** Most bytes in the queue; undefined for as many as fit. */
  readonly maxSize?: number;
  /** What happens when the queue is full. */
  readonly overflow: Overflow;
  /** Highest priority of a message; undefined if all are the same. */
  readonly maxPriority?: number;
  /** Times after which senders may have a message delivered. */
  readonly delays: number[];
  /** Time before the first redelivery of a failed message; undefined for none. */
  readonly retryDelay?: number;
  /** Most time before a redelivery of a failed message. */
  readonly maxRetryDelay?: number;
  /** Whether one consumer at a time gets everything. */
  readonly singleActiveConsumer: boolean;
  /** Time within which a message that is sent twice is stored once; undefined for none. */
  readonly deduplicationWindow?: number;
  /** Time after which an unacknowledged message comes again; undefined for the broker's own. */
  readonly acknowledgementTimeout?: number;
  /** Number of nodes that store each message; undefined for the broker's own. */
  readonly replicas?: number;
  /** The topic whose messages the queue gets; undefined for a queue that is sent to. */
  readonly source?: TopicSource;
}

/** Which messages of a topic a subscriber gets. */
export interface TopicSource {
  /** Name of the topic on the broker. */
  readonly topicName: string;
  /** Name of the subscriber, or of the group whose members share the messages. */
  readonly group: string;
  /** Keys, as words between dots; `*` stands for one word and `#` for any number of words. */
  readonly filter: string;
  /** Headers that a message must have, all of them; empty for any. */
  readonly headers: Record<string, string>;
}

/** A topic as a broker needs to know it. */
export interface TopicSpec {
  /** Construct path of the topic, for messages. */
  readonly path: string;
  /** Name of the topic on the broker. */
  readonly topicName: string;
  /** Time in milliseconds after which a message is removed that not every subscriber has received; undefined for never. */
  readonly messageTtl?: number;
  /** Number of nodes that store each message; undefined for the broker's own. */
  readonly replicas?: number;
}

/** A stream as a broker needs to know it. Times are in milliseconds, sizes in bytes. */
export interface StreamSpec {
  /** Construct path of the stream, for messages. */
  readonly path: string;
  /** Name of the stream on the broker. */
  readonly streamName: string;
  /** Number of partitions. */
  readonly partitions: number;
  /** Time after which an event is removed; undefined for never. */
  readonly maxAge?: number;
  /** Most bytes of each partition, the oldest events beyond that are removed; undefined for as many as fit. */
  readonly maxSize?: number;
  /** Whether the last event of each key stays and earlier ones are removed. */
  readonly compacted: boolean;
  /** Time within which an event that is published twice is stored once; undefined for none. */
  readonly deduplicationWindow?: number;
  /** Number of nodes that store each event; undefined for the broker's own. */
  readonly replicas?: number;
  /** Number of nodes that must have stored an event before it is confirmed; undefined for a majority. */
  readonly minInSync?: number;
}

/** Where in a stream a reader begins that was never there before. */
export enum StartPosition {
  /** With the oldest event. */
  BEGINNING = 'beginning',
  /** With the next event. */
  LATEST = 'latest',
  /** With the first event of a time or later. */
  TIME = 'time',
  /** With the event of that number. */
  OFFSET = 'offset',
}

/** A user of the broker. */
export interface BrokerPrincipal extends Principal {
  /** The client that the user was made for. All of its replicas connect as this user. */
  readonly client: IClient;
}

/** A user of the broker with exactly one right on one queue. */
export interface QueuePrincipal extends BrokerPrincipal {
  /** The queue. */
  readonly queue: QueueSpec;
  /** The right. */
  readonly right: QueueRight;
  /** Whether the client declares the queue by itself; then it may also delete it, and send through the default exchange. */
  readonly declares: boolean;
}

/** A user of the broker that may publish to one topic. */
export interface TopicPrincipal extends BrokerPrincipal {
  /** The topic. */
  readonly topic: TopicSpec;
}

/** A user of the broker with exactly one right on one stream. */
export interface StreamPrincipal extends BrokerPrincipal {
  /** The stream. */
  readonly stream: StreamSpec;
  /** The right. */
  readonly right: StreamRight;
  /** Group that shares the events; of a reader. */
  readonly group?: string;
  /** Where the group begins; of a reader. */
  readonly startPosition?: StartPosition;
  /** The time in ISO 8601, or the offset; where the group begins at one. */
  readonly startAt?: string;
}

/** What a client needs to know beside address, user and password; becomes variables behind the prefix of the grant. */
export interface BrokerBinding extends ServerBinding {
  /**
   * What waits for a client that receives or reads, and how the number of it is read with the client's own rights.
   * @default - it cannot be read, so the client cannot be scaled by it
   */
  readonly backlog?: Backlog;
  /**
   * Why there is no backlog, and which brokers have one, for whoever asks for it.
   * @default - the broker does not say how it is read
   */
  readonly noBacklogReason?: string;
}

/**
 * A message broker. Everything is declared before any client connects.
 * Implement it, and pass the cases of `BrokerContract`, to bring a broker of your own.
 */
export interface IBroker extends IServer, IMessageSupport {
  /**
   * Beginning of the names of queues, topics and streams on the broker, where the program does not give them.
   * @default - none
   */
  readonly namePrefix?: string;

  /**
   * Declares a queue.
   * @throws if the broker cannot have it so.
   */
  declareQueue(queue: QueueSpec): void;

  /**
   * Declares a topic.
   * @throws if the broker cannot have it so.
   */
  declareTopic(topic: TopicSpec): void;

  /**
   * Declares a stream.
   * @throws if the broker cannot have it so.
   */
  declareStream(stream: StreamSpec): void;

  /**
   * Makes a user with exactly one right on one queue.
   * @throws if the broker cannot have it so.
   */
  grantQueue(principal: QueuePrincipal): BrokerBinding;

  /**
   * Makes a user that may publish to one topic.
   * @throws if the broker cannot have it so.
   */
  grantTopic(principal: TopicPrincipal): BrokerBinding;

  /**
   * Makes a user with exactly one right on one stream.
   * @throws if the broker cannot have it so.
   */
  grantStream(principal: StreamPrincipal): BrokerBinding;

  /**
   * Whether the server lets a user do something, by the rights that are written for it, as they are.
   * @param userName a user that was made, or any other name
   * @param channelName name that a queue, its dead letters, a topic or a stream was declared with
   */
  permits(userName: string, operation: ChannelOperation, channelName: string): boolean;
}
