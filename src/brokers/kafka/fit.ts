import type { QueueSpec, StreamSpec, TopicSpec } from '../broker';
import { queuePartitions, smallestSize, TopicDefaults } from './topics';

/** The broker, as far as it decides what fits. */
export interface Server extends TopicDefaults {
  /** Construct path, for messages. */
  readonly path: string;
  /** Number of its nodes; undefined if others know. */
  readonly brokers?: number;
}

/** Notes each name, so that none is taken that the server holds for the same as another. */
export class TopicNames {
  private readonly owners = new Map<string, string>();

  /** @throws if the server would not take the name. */
  public claim(path: string, name: string): void {
    const fail = (message: string) => { throw new Error(`${path}: ${message}, got '${name}'`); };
    if (name.length > 249) fail('on Kafka a topic has a name of at most 249 characters, with what is appended to it');
    if (name === '.' || name.startsWith('__')) fail("on Kafka a topic's name is not '.', and does not begin with '__'");
    const other = this.owners.get(name.replaceAll('.', '_'));
    if (other !== undefined) fail(`Kafka takes '.' and '_' in names of topics for the same, and there is '${other}' already; choose another name`);
    this.owners.set(name.replaceAll('.', '_'), name);
  }
}

/** @throws if the server cannot have the queue so. */
export function requireQueueFits(server: Server, queue: QueueSpec): void {
  requireReplicasFit(server, queue.path, queue.replicas);
  const partitions = queuePartitions(queue, server);
  if (queue.source && queue.maxSize !== undefined) {
    throw new Error(`${queue.path}: on Kafka all subscribers read the one log of the topic, so none has a 'maxSize' of its own; leave it out`);
  }
  if (queue.source && queue.singleActiveConsumer && server.partitions > 1) {
    throw new Error(`${queue.path}: 'singleActiveConsumer' of a subscription needs a topic of one partition; set 'queuePartitions: 1' of ${server.path}`);
  }
  const smallest = smallestSize(partitions);
  if (queue.maxSize !== undefined && queue.maxSize < smallest) {
    throw new Error(`${queue.path}: 'maxSize' must be at least ${smallest / 1024 / 1024} MiB, 2 MiB for each of ${partitions} partition(s), got ${queue.maxSize / 1024} KiB; `
      + `set a larger one, or fewer 'queuePartitions' of ${server.path}`);
  }
}

/** @throws if the server cannot have the topic so. */
export function requireTopicFits(server: Server, topic: TopicSpec): void {
  requireReplicasFit(server, topic.path, topic.replicas);
}

/** @throws if the server cannot have the stream so. */
export function requireStreamFits(server: Server, { path, replicas, minInSync }: StreamSpec): void {
  requireReplicasFit(server, path, replicas);
  const stored = replicas ?? server.replicas;
  if (minInSync !== undefined && minInSync > stored) {
    throw new Error(`${path}: 'minInSync' must be at most the number of replicas, which is ${stored}, got ${minInSync}`);
  }
}

function requireReplicasFit({ path: broker, brokers }: Server, path: string, replicas?: number): void {
  if (replicas !== undefined && brokers !== undefined && replicas > brokers) {
    throw new Error(`${path}: 'replicas' must be at most the number of nodes of ${broker}, which is ${brokers}, got ${replicas}`);
  }
}
