import { deadOf, filterSubjects, Source, workOf } from './names';
import { nanoseconds } from './streams';
import { QueueSpec, StartPosition, StreamPrincipal, StreamRight } from '../broker';
import type { IDeclarations } from '../declarations';

/** The group of consumers of which one at a time gets everything. */
export const ACTIVE_GROUP = 'active';

/** More than any number of clients asks for: each asks for no more than it wants to hold. */
const MAX_ACK_PENDING = 65_535;

/**
 * A consumer of a stream of NATS.
 * @see https://docs.nats.io/nats-concepts/jetstream/consumers
 */
export interface NatsConsumer {
  /** Name of the stream. */
  readonly stream: string;
  /** Name of the consumer. */
  readonly consumer: string;
  /** As the server's interface takes it; times are in nanoseconds. */
  readonly config: Record<string, any>;
}

/** All consumers, in the order of their streams. */
export function consumersOf({ queues, streamPrincipals }: IDeclarations): NatsConsumer[] {
  const groups = new Map<string, NatsConsumer>();
  for (const reader of streamPrincipals.filter(({ right }) => right === StreamRight.READ)) {
    const found = readerConsumer(reader);
    groups.set(`${found.stream}.${found.consumer}`, found);
  }
  return [
    ...queues.flatMap(queue => {
      const dead = deadOf(queue);
      return [workConsumer(queue), ...(dead ? [consumer(dead, { deliver_policy: 'all' })] : [])];
    }),
    ...groups.values(),
  ];
}

/** Milliseconds after which an unacknowledged message comes again; what the server takes when nothing is said. */
export function ackWait({ acknowledgementTimeout = 30_000 }: QueueSpec): number {
  return acknowledgementTimeout;
}

/** Times before a failed message comes again, in milliseconds: they double, and the last one stays. */
export function retryDelays({ deliveryLimit, retryDelay, maxRetryDelay = 0 }: QueueSpec): number[] {
  const delays: number[] = [];
  for (let delay = retryDelay ?? Infinity; delays.length < deliveryLimit - 1 && delay < maxRetryDelay; delay *= 2) delays.push(delay);
  return retryDelay === undefined || delays.length >= deliveryLimit - 1 ? delays : [...delays, maxRetryDelay];
}

/** Only a topic's subscriber begins with what comes next: what a queue was sent stays until it is received. */
function workConsumer(queue: QueueSpec): NatsConsumer {
  const { source, queueName, deliveryLimit } = queue;
  const subjects = source ? filterSubjects(source) : [queueName];
  // a consumer that went away is noticed by the timeout alone, and then the message waits
  const backoff = retryDelays(queue).map(delay => nanoseconds(ackWait(queue) + delay));
  return consumer(workOf(queue), {
    deliver_policy: source ? 'new' : 'all',
    ...(subjects.length === 1 ? { filter_subject: subjects[0] } : {}),
    ...(subjects.length > 1 ? { filter_subjects: subjects } : {}),
    max_deliver: deliveryLimit,
    ...(backoff.length > 0 ? { backoff } : { ack_wait: nanoseconds(ackWait(queue)) }),
    ...(queue.singleActiveConsumer
      ? { priority_policy: 'pinned_client', priority_groups: [ACTIVE_GROUP], priority_timeout: nanoseconds(ackWait(queue)) }
      : {}),
  });
}

function readerConsumer(reader: StreamPrincipal): NatsConsumer {
  return consumer({ stream: reader.stream.streamName, consumer: reader.group! }, beginning(reader));
}

/** Where reading begins. The server counts from 1, others from 0. */
function beginning({ startPosition, startAt }: StreamPrincipal): Record<string, unknown> {
  switch (startPosition) {
    case StartPosition.LATEST: return { deliver_policy: 'new' };
    case StartPosition.TIME: return { deliver_policy: 'by_start_time', opt_start_time: startAt!.replace(/\.?0*Z$/, 'Z') };
    case StartPosition.OFFSET: return { deliver_policy: 'by_start_sequence', opt_start_seq: Number(startAt) + 1 };
    default: return { deliver_policy: 'all' };
  }
}

function consumer(source: Source, config: Record<string, unknown>): NatsConsumer {
  return { ...source, config: { name: source.consumer, durable_name: source.consumer, ack_policy: 'explicit', max_ack_pending: MAX_ACK_PENDING, ...config } };
}
