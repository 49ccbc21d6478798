import { ackWait, ACTIVE_GROUP, retryDelays } from './consumers';
import { deadOf, delaySubject, inboxPrefix, Source, workOf } from './names';
import { BrokerPrincipal, QueuePrincipal, QueueRight, StreamPrincipal, StreamRight, TopicPrincipal } from '../broker';

type Variables = Record<string, string>;

/** What a client of a queue has to know; `docs/nats.md` says what it does with it. */
export function queueVariables(principal: QueuePrincipal): Variables {
  const { queue, right } = principal;
  const work = workOf(queue);
  if (right === QueueRight.SEND) {
    return { ...publisher(principal, queue.queueName), QUEUE: queue.queueName, ...(queue.delays.length > 0 ? { DELAY_SUBJECT: delaySubject(queue) } : {}) };
  }
  if (right === QueueRight.RECEIVE_DEAD_LETTERS) {
    return { ...receiver(principal, deadOf(queue)!), ORIGIN_STREAM: work.stream, ORIGIN_CONSUMER: work.consumer };
  }
  const delays = retryDelays(queue);
  return {
    ...receiver(principal, work),
    ...(delays.length > 0 ? { RETRY_DELAYS_MS: delays.join(',') } : {}),
    ...(queue.singleActiveConsumer ? { GROUP: ACTIVE_GROUP, GROUP_TIMEOUT_MS: `${ackWait(queue)}` } : {}),
  };
}

export function topicVariables(principal: TopicPrincipal): Variables {
  return publisher(principal, principal.topic.topicName);
}

export function streamVariables(principal: StreamPrincipal): Variables {
  const { stream: { streamName }, right, group } = principal;
  return right === StreamRight.PUBLISH ? publisher(principal, streamName) : receiver(principal, { stream: streamName, consumer: group! });
}

function publisher({ userName }: BrokerPrincipal, name: string): Variables {
  return { INBOX_PREFIX: inboxPrefix(userName), STREAM: name, SUBJECT: name };
}

function receiver({ userName }: BrokerPrincipal, { stream, consumer }: Source): Variables {
  return { INBOX_PREFIX: inboxPrefix(userName), STREAM: stream, CONSUMER: consumer };
}
