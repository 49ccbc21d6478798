import type { QueueSpec, StreamSpec } from '../broker';
import type { IDeclarations } from '../declarations';

/** A topic as Kafka has it. */
export interface KafkaTopic {
  /** Name of the topic. */
  readonly name: string;
  /** Number of its partitions. */
  readonly partitions: number;
  /** Number of nodes that store each message. */
  readonly replicas: number;
  /** Everything that this library ever sets, so that what is no longer asked for is set back. */
  readonly settings: Record<string, string>;
}

/** What topics have in common. */
export interface TopicDefaults {
  /** Number of nodes that store what is not said to be stored by another number. */
  readonly replicas: number;
  /** Partitions of queues and topics. */
  readonly partitions: number;
}

/** How long and how much a topic keeps. */
interface Retention {
  readonly age?: number;
  /** Bytes of each partition. */
  readonly bytes?: number;
  readonly segmentBytes?: number;
  readonly compacted?: boolean;
}

const MEBIBYTE = 1024 * 1024;
const SECOND = 1000;
const HOUR = 3600 * SECOND;
const WEEK = 7 * 24 * HOUR;
/** The smallest segment that the server takes. */
const SMALLEST_SEGMENT = MEBIBYTE;
const LARGEST_SEGMENT = 1024 * MEBIBYTE;
const LARGEST_NUMBER = '9223372036854775807';

/** Number of nodes that store what is not said to be stored by another number. */
export function defaultReplicas(brokers: number): number {
  return Math.min(brokers, 3);
}

export function majorityOf(replicas: number): number {
  return Math.floor(replicas / 2) + 1;
}

/** All topics of the server: those of queues, of dead letters, of topics and of streams. */
export function serverTopics({ queues, topics, streams }: IDeclarations, defaults: TopicDefaults): KafkaTopic[] {
  return [
    ...topics.map(({ topicName, messageTtl, replicas }) => serverTopic(topicName, defaults.partitions, defaults, { age: messageTtl }, replicas)),
    ...queues.flatMap(queue => [
      ...(queue.source ? [] : [queueTopic(queue.queueName, queue, defaults, queueRetention(queue, defaults))]),
      // a dead letter is there until somebody has looked at it, which no clock tells
      ...(queue.deadLetterQueueName === undefined ? [] : [queueTopic(queue.deadLetterQueueName, queue, defaults, {})]),
    ]),
    ...streams.map(stream => serverTopic(stream.streamName, stream.partitions, defaults, streamRetention(stream), stream.replicas, stream.minInSync)),
  ];
}

/** One consumer gets everything where there is nothing to share out. */
export function queuePartitions({ singleActiveConsumer }: QueueSpec, { partitions }: TopicDefaults): number {
  return singleActiveConsumer ? 1 : partitions;
}

/** The smallest size of a queue: each partition has two segments, one that is written and one that is full. */
export function smallestSize(partitions: number): number {
  return partitions * 2 * SMALLEST_SEGMENT;
}

function queueTopic(name: string, queue: QueueSpec, defaults: TopicDefaults, retention: Retention): KafkaTopic {
  return serverTopic(name, queuePartitions(queue, defaults), defaults, retention, queue.replicas);
}

function serverTopic(name: string, partitions: number, defaults: TopicDefaults, retention: Retention, asked?: number, minInSync?: number): KafkaTopic {
  const replicas = asked ?? defaults.replicas;
  return {
    name,
    partitions,
    replicas,
    settings: {
      ...settingsOf(retention),
      'min.insync.replicas': `${minInSync ?? majorityOf(replicas)}`,
      // what has no copy elsewhere is on the disk before it is confirmed, not only in the machine's memory
      'flush.messages': replicas === 1 ? '1' : LARGEST_NUMBER,
    },
  };
}

/** Whole segments are removed, so each is to hold a small part. Times are those of the server, as a sender's clock may be wrong. */
function settingsOf({ age, bytes, segmentBytes = LARGEST_SEGMENT, compacted = false }: Retention): Record<string, string> {
  const segmentAge = Math.min(WEEK, age === undefined ? WEEK : Math.max(5 * SECOND, Math.ceil(age / 10)), compacted ? HOUR / 6 : WEEK);
  return {
    'cleanup.policy': compacted ? (age === undefined && bytes === undefined ? 'compact' : 'compact,delete') : 'delete',
    'max.compaction.lag.ms': compacted ? `${HOUR}` : LARGEST_NUMBER,
    'message.timestamp.type': 'LogAppendTime',
    'retention.bytes': `${bytes ?? -1}`,
    'retention.ms': `${age ?? -1}`,
    'segment.bytes': `${segmentBytes}`,
    'segment.ms': `${segmentAge}`,
  };
}

/** All partitions together never hold more than was said, with the segment that is written. */
function queueRetention(queue: QueueSpec, defaults: TopicDefaults): Retention {
  if (queue.maxSize === undefined) return { age: queue.messageTtl };
  const share = Math.floor(queue.maxSize / queuePartitions(queue, defaults));
  const segmentBytes = segmentOf(share);
  return { age: queue.messageTtl, bytes: share - segmentBytes, segmentBytes };
}

function streamRetention({ maxAge, maxSize, compacted }: StreamSpec): Retention {
  return { age: maxAge, bytes: maxSize, segmentBytes: maxSize === undefined ? undefined : segmentOf(maxSize), compacted };
}

function segmentOf(bytes: number): number {
  return Math.min(LARGEST_SEGMENT, Math.max(SMALLEST_SEGMENT, Math.floor(bytes / 4)));
}
