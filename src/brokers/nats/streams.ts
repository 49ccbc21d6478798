import { deadOf, delaySubject, noticeSubject, withKeys } from './names';
import { Overflow, QueueSpec, StreamSpec, TopicSpec } from '../broker';
import type { Declarations } from '../declarations';

/** When a message leaves its stream by itself: when it was acknowledged, when all have acknowledged it, or when limits say so. */
type Retention = 'workqueue' | 'interest' | 'limits';

/**
 * A stream as the server's interface takes it; times are in nanoseconds.
 * @see https://docs.nats.io/nats-concepts/jetstream/streams
 */
export interface StreamConfig {
  readonly name: string;
  readonly subjects: string[];
  readonly retention: Retention;
  readonly num_replicas: number;
  /** -1 for as many as fit. */
  readonly max_bytes: number;
  readonly [option: string]: unknown;
}

/** Number of nodes that store what is not said to be stored by another number. */
export function usualReplicas(nodes: number): number {
  return Math.min(nodes, 3);
}

/** All streams, in the order of their names; on so many nodes each, where nothing else is said. */
export function streamsOf({ queues, topics, streams }: Declarations, usual: number): StreamConfig[] {
  return [
    ...queues.flatMap(queue => [...(queue.source ? [] : [queueStream(queue, queue.replicas ?? usual)]), ...deadStream(queue, queue.replicas ?? usual)]),
    ...topics.map(topic => topicStream(topic, topic.replicas ?? usual)),
    ...streams.map(spec => eventStream(spec, spec.replicas ?? usual)),
  ];
}

/** Milliseconds as the server wants them; 0 means never. */
export function nanoseconds(milliseconds = 0): number {
  return milliseconds * 1_000_000;
}

function queueStream(queue: QueueSpec, replicas: number): StreamConfig {
  const { queueName, delays, maxLength, maxSize, overflow } = queue;
  const refuses = overflow === Overflow.REJECT_NEW && (maxLength !== undefined || maxSize !== undefined);
  return {
    ...stream(queueName, 'workqueue', delays.length > 0 ? [queueName, `${delaySubject(queue)}.>`] : [queueName], replicas),
    discard: refuses ? 'new' : 'old',
    max_msgs: maxLength ?? -1,
    max_bytes: maxSize ?? -1,
    max_age: nanoseconds(queue.messageTtl),
    ...window(queue.deduplicationWindow),
    ...(delays.length > 0 ? { allow_msg_schedules: true } : {}),
  };
}

/**
 * The server moves nothing: it tells of a message that came too often, and this keeps what it tells.
 * A message that its consumer terminated is gone at once, so there would be nothing to tell of.
 */
function deadStream(queue: QueueSpec, replicas: number): StreamConfig[] {
  const dead = deadOf(queue);
  return dead ? [stream(dead.stream, 'workqueue', [noticeSubject(queue)], replicas)] : [];
}

function topicStream({ topicName, messageTtl }: TopicSpec, replicas: number): StreamConfig {
  return { ...stream(topicName, 'interest', withKeys(topicName), replicas), max_age: nanoseconds(messageTtl) };
}

function eventStream(spec: StreamSpec, replicas: number): StreamConfig {
  return {
    ...stream(spec.streamName, 'limits', withKeys(spec.streamName), replicas),
    max_bytes: spec.maxSize ?? -1,
    max_age: nanoseconds(spec.maxAge),
    max_msgs_per_subject: spec.compacted ? 1 : -1,
    ...window(spec.deduplicationWindow),
  };
}

function stream(name: string, retention: Retention, subjects: string[], replicas: number): StreamConfig {
  return {
    name, subjects, retention, storage: 'file', num_replicas: replicas, discard: 'old', max_consumers: -1, max_msgs: -1, max_bytes: -1, max_age: 0,
  };
}

function window(milliseconds?: number): Record<string, number> {
  return milliseconds === undefined ? {} : { duplicate_window: nanoseconds(milliseconds) };
}
