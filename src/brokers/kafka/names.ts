import { QueueRight, QueueSpec, StreamSpec } from '../broker';

/** What members of a group share. */
export interface Reading {
  readonly topic: string;
  readonly group: string;
}

/** What a queue's clients use: its own topic, or that of what it subscribes to; its receivers are a group of its name. */
export function readingOf(queue: QueueSpec, right: QueueRight): Reading {
  if (right === QueueRight.RECEIVE_DEAD_LETTERS) return { topic: queue.deadLetterQueueName!, group: queue.deadLetterQueueName! };
  return { topic: queue.source?.topicName ?? queue.queueName, group: queue.queueName };
}

/** Groups of different streams know nothing of each other, also where they have one name. */
export function groupOf({ streamName }: StreamSpec, group: string): string {
  return `${streamName}.${group}`;
}
