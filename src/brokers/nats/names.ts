import { withinLimit } from '../../private/hash';
import type { QueueSpec, TopicSource } from '../broker';

/** A consumer of a stream, as the server knows them. */
export interface Source {
  readonly stream: string;
  readonly consumer: string;
}

/** From where a queue's messages come: a queue has a stream of its own, a subscriber shares that of the topic. */
export function workOf({ queueName, source }: QueueSpec): Source {
  return source ? { stream: source.topicName, consumer: source.group } : { stream: queueName, consumer: queueName };
}

/** From where the notices come of messages that could not be processed; undefined if there are none. */
export function deadOf({ queueName, deadLetterQueueName }: QueueSpec): Source | undefined {
  if (deadLetterQueueName === undefined) return undefined;
  const name = withinLimit(`${queueName.replaceAll('.', '-')}-dead`, 200);
  return { stream: name, consumer: name };
}

/** Names of what a queue is made of, which nothing else on the broker may have. */
export function streamNamesOf(queue: QueueSpec): string[] {
  const dead = deadOf(queue);
  return [queue.queueName, ...(dead ? [dead.stream] : [])];
}

/** Where the server tells of messages that could not be processed. */
export function noticeSubject(queue: QueueSpec): string {
  const { stream, consumer } = workOf(queue);
  return `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${stream}.${consumer}`;
}

/** Where messages wait that are to be delivered later; each of them below it. */
export function delaySubject({ queueName }: QueueSpec): string {
  return `${queueName}.later`;
}

/** Subjects on which something is published with or without a key. */
export function withKeys(name: string): string[] {
  return [name, `${name}.>`];
}

/** What replies to a user begin with; nobody else may listen there. */
export function inboxPrefix(userName: string): string {
  return `_INBOX_${userName}`;
}

/** Subjects that a filter stands for, none for all; `#` at its end is any number of words, also none. */
export function filterSubjects({ topicName, filter }: TopicSource): string[] {
  if (filter === '#') return [];
  return filter.endsWith('.#') ? withKeys(`${topicName}.${filter.slice(0, -2)}`) : [`${topicName}.${filter}`];
}
