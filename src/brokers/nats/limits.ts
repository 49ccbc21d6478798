import type { StreamConfig } from './streams';
import { Problems } from '../../private/problems';
import { Overflow, QueueSpec, StreamSpec, TopicSpec } from '../broker';
import type { IDeclarations } from '../declarations';
import { BrokerNodes, checkReplicas } from '../limits';

/** The shortest time that a stream takes. */
const SHORTEST_MS = 100;

/** Whoever makes a consumer names it, its stream and its subjects on one line, which has at most 4,096 bytes. */
export const MOST_FILTER_BYTES = 1000;

/** Why the server cannot have such a queue. */
export function findQueueMisfits(queue: QueueSpec, limits: BrokerNodes): Problems {
  const problems = new Problems(queue.path);
  const { source, messageTtl, deduplicationWindow, maxLength, maxSize, overflow } = queue;
  const limited = maxLength !== undefined || maxSize !== undefined;
  if (source) {
    problems.check(!limited && overflow !== Overflow.DROP_OLDEST,
      "subscribers of one topic share its stream on NATS, so none has a 'maxLength', 'maxSize' or 'overflow'; leave them out, or give the topic a 'messageTtl'");
    problems.check(!source.filter.replace(/(^|\.)#$/, '').includes('#'), `'filter' may have '#' only as its last word on NATS, got '${source.filter}'; use '*' for single words`);
    const bytes = Buffer.byteLength(source.filter);
    problems.check(bytes <= MOST_FILTER_BYTES, `'filter' must have at most ${MOST_FILTER_BYTES} bytes on NATS, got ${bytes}`);
    problems.check(!source.filter.includes('>'), `'filter' may not have '>' on NATS, where it means the same as '#', got '${source.filter}'`);
  } else {
    requireName(problems, 'queue', queue.queueName);
  }
  problems.check(queue.delays.length === 0 || !limited || overflow === Overflow.DROP_OLDEST,
    "a queue with 'delays' cannot refuse messages when it is full on NATS; set 'overflow: Overflow.DROP_OLDEST', or leave out 'maxLength' and 'maxSize', or 'delays'");
  const longest = Math.max(0, ...queue.delays);
  problems.check(messageTtl === undefined || longest < messageTtl,
    `'delays' must be shorter than 'messageTtl' on NATS, where a message also expires while it is delayed, got ${longest} ms and ${messageTtl} ms`);
  requireTimes(problems, { messageTtl, deduplicationWindow }, 'messageTtl');
  checkReplicas(problems, limits, queue.replicas);
  return problems;
}

/** Why the server cannot have such a topic. */
export function findTopicMisfits(topic: TopicSpec, limits: BrokerNodes): Problems {
  const problems = new Problems(topic.path);
  requireName(problems, 'topic', topic.topicName);
  requireTimes(problems, { messageTtl: topic.messageTtl }, 'messageTtl');
  checkReplicas(problems, limits, topic.replicas);
  return problems;
}

/** Why the server cannot have such a stream. */
export function findStreamMisfits(stream: StreamSpec, limits: BrokerNodes): Problems {
  const problems = new Problems(stream.path);
  requireName(problems, 'stream', stream.streamName);
  requireTimes(problems, { maxAge: stream.maxAge, deduplicationWindow: stream.deduplicationWindow }, 'maxAge');
  checkReplicas(problems, limits, stream.replicas);
  return problems;
}

/** Says when sizes were promised that all nodes together do not have, since the server would not make the last of these streams. */
export function findSpaceProblems(streams: StreamConfig[], bytesPerNode: number, nodes: number): string[] {
  const promised = streams.reduce((sum, { max_bytes: bytes, num_replicas: replicas }) => sum + Math.max(0, bytes) * replicas, 0);
  const mebibytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MiB`;
  return promised <= bytesPerNode * nodes ? [] : [
    `queues and streams with 'maxSize' need ${mebibytes(promised)} with all replicas, and messages have ${mebibytes(bytesPerNode * nodes)}; set a larger 'storage'`,
  ];
}

/** Says when a broker holds several channels, in each of which clients of the others could have answers delivered. */
export function findShared({ queues, topics, streams }: IDeclarations): string[] {
  const names = [
    ...queues.filter(({ source }) => source === undefined).map(({ queueName }) => queueName),
    ...topics.map(({ topicName }) => topicName),
    ...streams.map(({ streamName }) => streamName),
  ];
  return names.length <= 1 ? [] : [
    `'strict' is for one queue, topic or stream alone, as NATS does not check where a client has answers delivered, got ${names.map(name => `'${name}'`).join(', ')}; `
    + 'give each of them a broker of its own, or use RabbitMq or Kafka',
  ];
}

function requireName(problems: Problems, kind: string, name: string): void {
  problems.check(!name.includes('.'), `a ${kind}'s name may not have '.' on NATS, where it separates the words of keys, got '${name}'; set '${kind}Name'`);
  problems.check(!name.startsWith('_'), `names that begin with '_' are kept for replies on NATS, got '${name}'; set '${kind}Name'`);
}

function requireTimes(problems: Problems, times: Record<string, number | undefined>, age: string): void {
  for (const [property, time] of Object.entries(times)) {
    problems.check(time === undefined || time >= SHORTEST_MS, `'${property}' must be ${SHORTEST_MS} ms or more on NATS, got ${time} ms`);
  }
  const { deduplicationWindow, [age]: most } = times;
  problems.check(deduplicationWindow === undefined || most === undefined || deduplicationWindow <= most,
    `'deduplicationWindow' must be at most '${age}' on NATS, got ${deduplicationWindow} ms and ${most} ms`);
}
