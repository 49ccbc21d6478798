/** What a program may ask of a message broker. `docs/message-semantics.md` says what each broker makes of it. */
export enum MessageSemantic {
  /** Messages that were confirmed survive a restart and a crash. */
  DURABILITY = 'durable messages',
  /** A sender learns that its message is stored. */
  PUBLISHER_CONFIRMS = 'publisher confirms',
  /** A message comes again when its consumer goes away before it acknowledged it. */
  ACKNOWLEDGEMENT = 'acknowledgement and redelivery',
  /** A message comes again when its consumer keeps it for too long. */
  ACKNOWLEDGEMENT_TIMEOUT = 'acknowledgement timeout',
  /** A consumer holds no more unacknowledged messages than it wants. */
  PREFETCH = 'prefetch',
  /** A message stays until somebody has worked on it, however long that takes. */
  KEPT_UNTIL_RECEIVED = 'kept until received',
  /** A message that failed so often is set aside. */
  DELIVERY_LIMIT = 'dead letters after a number of deliveries',
  /** Messages that expired, or were dropped by a full queue, are set aside, too. */
  EXPIRED_DEAD_LETTERS = 'expired messages among the dead letters',
  /** Messages that expired, or were dropped by a full queue, are not set aside together with those that failed. */
  EXPIRED_REMOVED = 'expired messages removed beside dead letters',
  /** A failed message comes again after a time that grows. */
  RETRY_BACKOFF = 'retry with back-off',
  /** A message expires. */
  MESSAGE_TTL = 'message TTL',
  /** A queue holds so many messages. */
  MAX_LENGTH = 'length limit',
  /** A queue holds so many bytes. */
  MAX_SIZE = 'size limit',
  /** What is too much for a full queue is refused. */
  REJECT_NEW = 'overflow refuses new messages',
  /** The oldest message of a full queue makes room. */
  DROP_OLDEST = 'overflow drops the oldest messages',
  /** Messages overtake those of a lower priority. */
  PRIORITY = 'priority',
  /** A message is delivered some time after it was sent. */
  DELAY = 'delayed delivery',
  /** Subscribers get what is published under keys that they name, with wildcards. */
  ROUTING_BY_KEY = 'routing by key with wildcards',
  /** Subscribers get what is published with headers that they name. */
  ROUTING_BY_HEADER = 'routing by header',
  /** Consumers share the work of one queue. */
  COMPETING_CONSUMERS = 'competing consumers',
  /** One consumer gets everything, and another one takes over when it goes away. */
  SINGLE_ACTIVE_CONSUMER = 'single active consumer',
  /** What is published under one key stays in order, while keys are worked on side by side. */
  PARTITIONS = 'partitions with order by key',
  /** Readers share a stream, and their position in it is kept for them. */
  CONSUMER_GROUPS = 'consumer groups',
  /** Reading begins at any place of the stream. */
  REPLAY = 'replay from the beginning or an offset',
  /** Reading begins at any time. */
  REPLAY_FROM_TIME = 'replay from a time',
  /** A stream keeps messages for so long. */
  RETENTION_BY_TIME = 'retention by time',
  /** A stream keeps so many bytes. */
  RETENTION_BY_SIZE = 'retention by size',
  /** A stream keeps the last message of each key. */
  COMPACTION = 'compaction',
  /** What is sent twice within some time is stored once. */
  DEDUPLICATION = 'de-duplication window',
  /** Messages are on several nodes before they are confirmed. */
  REPLICATION = 'replication',
  /** The number of nodes that must have a message before it is confirmed is chosen. */
  MIN_IN_SYNC = 'minimum in-sync replicas',
}

/** What is declared on a message broker. */
export enum ChannelKind {
  /** A queue, from which each message goes to one consumer. */
  QUEUE = 'queue',
  /** A topic, of which each subscriber gets a copy; what is asked of a subscription is asked of its topic. */
  TOPIC = 'topic',
  /** A stream, which is read again. */
  STREAM = 'stream',
}

/** How a broker does what is asked. */
export enum SupportLevel {
  /** By itself. */
  NATIVE = 'native',
  /** By other means, which are stated. */
  EMULATED = 'emulated',
  /** Not at all: a program that asks for it is refused. */
  REFUSED = 'refused',
}

/** Says what a broker makes of semantics. */
export interface IMessageSupport {
  /**
   * What the broker makes of a semantic. Patterns refuse a program that asks for what is refused here.
   * @param kind what the semantic is asked of
   */
  support(semantic: MessageSemantic, kind: ChannelKind): SemanticSupport;
}

/** What a broker makes of one semantic. */
export interface SemanticSupport {
  /** How truly it is done. */
  readonly level: SupportLevel;
  /** By what means; of what is refused, the reason. */
  readonly how: string;
}

export const native = (how: string): SemanticSupport => ({ level: SupportLevel.NATIVE, how });
export const emulated = (how: string): SemanticSupport => ({ level: SupportLevel.EMULATED, how });
export const refused = (how: string): SemanticSupport => ({ level: SupportLevel.REFUSED, how });
