import type { Reading } from './names';
import { queuePartitions, smallestSize, TopicDefaults } from './topics';
import { Problems } from '../../private/problems';
import type { QueueSpec, StreamSpec, TopicSpec } from '../broker';
import { BrokerNodes, checkReplicas } from '../limits';

/** What decides whether something fits on the broker. */
export type KafkaLimits = BrokerNodes & TopicDefaults;

/** Most characters of a topic's name: with what the server appends, it is the name of a directory. */
export const MOST_CHARACTERS = 249;

/** Notes each name, so that none is taken that the server holds for the same as another. */
export class ServerNames {
  private readonly owners = new Map<string, string>();
  private readonly topics = new Map<string, string>();

  /** @throws if the server would not take the name. */
  public claim(path: string, name: string): void {
    const fail = (message: string) => { throw new Error(`${path}: ${message}, got '${name}'; choose another name`); };
    if (name.length > MOST_CHARACTERS) fail(`on Kafka a topic has a name of at most ${MOST_CHARACTERS} characters, with what is appended to it`);
    if (name === '.' || name.startsWith('__')) fail("on Kafka a topic's name is not '.', and does not begin with '__'");
    const other = this.owners.get(name.replaceAll('.', '_'));
    if (other !== undefined) fail(`Kafka takes '.' and '_' in names of topics for the same, and there is '${other}' already`);
    this.owners.set(name.replaceAll('.', '_'), name);
  }

  /** @throws if a group of that name reads another topic: whoever is in one could take its place in the other. */
  public claimGroup(path: string, { topic, group }: Reading): void {
    const other = this.topics.get(group) ?? topic;
    if (other !== topic) throw new Error(`${path}: on Kafka the group '${group}' would read '${topic}', and reads '${other}' already; choose another name`);
    this.topics.set(group, topic);
  }
}

/** @throws if the broker cannot have the queue so; all reasons together. */
export function requireQueueFits(queue: QueueSpec, limits: KafkaLimits): void {
  const problems = new Problems(queue.path);
  const { source, maxSize } = queue;
  checkReplicas(problems, limits, queue.replicas);
  if (source) {
    problems.check(maxSize === undefined, "on Kafka all subscribers read the one log of the topic, so none has a 'maxSize' of its own; leave it out");
    problems.check(!queue.singleActiveConsumer || limits.partitions === 1,
      `'singleActiveConsumer' of a subscription needs a topic of one partition; set 'queuePartitions: 1' of ${limits.path}`);
  } else {
    const partitions = queuePartitions(queue, limits);
    const smallest = smallestSize(partitions);
    problems.check(maxSize === undefined || maxSize >= smallest,
      `'maxSize' must be at least ${smallest / 1024 / 1024} MiB, 2 MiB for each of ${partitions} partition(s), got ${(maxSize ?? 0) / 1024} KiB; `
      + `set a larger one, or fewer 'queuePartitions' of ${limits.path}`);
  }
  problems.throwIfAny();
}

/** @throws if the broker cannot have the topic so. */
export function requireTopicFits(topic: TopicSpec, limits: KafkaLimits): void {
  const problems = new Problems(topic.path);
  checkReplicas(problems, limits, topic.replicas);
  problems.throwIfAny();
}

/** @throws if the broker cannot have the stream so; all reasons together. */
export function requireStreamFits({ path, replicas, minInSync }: StreamSpec, limits: KafkaLimits): void {
  const problems = new Problems(path);
  checkReplicas(problems, limits, replicas);
  const stored = replicas ?? limits.replicas;
  problems.check(minInSync === undefined || minInSync <= stored, `'minInSync' must be at most the number of replicas, which is ${stored}, got ${minInSync}`);
  problems.throwIfAny();
}
