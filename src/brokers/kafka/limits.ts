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

  /** Notes a name that the server would not take. */
  public claim(problems: Problems, name: string): void {
    const key = name.replaceAll('.', '_');
    const other = this.owners.get(key);
    const check = (holds: boolean, message: string) => problems.check(holds, `${message}, got '${name}'; choose another name`);
    check(name.length <= MOST_CHARACTERS, `on Kafka a topic has a name of at most ${MOST_CHARACTERS} characters, with what is appended to it`);
    check(name !== '.' && !name.startsWith('__'), "on Kafka a topic's name is not '.', and does not begin with '__'");
    check(other === undefined, `Kafka takes '.' and '_' in names of topics for the same, and there is '${other}' already`);
    this.owners.set(key, other ?? name);
  }

  /** Notes a group of the name of one that reads another topic: whoever is in one could take its place in the other. */
  public claimGroup(problems: Problems, { topic, group }: Reading): void {
    const other = this.topics.get(group) ?? topic;
    problems.check(other === topic, `on Kafka the group '${group}' would read '${topic}', and reads '${other}' already; choose another name`);
    this.topics.set(group, other);
  }
}

/** Why the broker cannot have the queue so. */
export function findQueueMisfits(queue: QueueSpec, limits: KafkaLimits): Problems {
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
  return problems;
}

/** Why the broker cannot have the topic so. */
export function findTopicMisfits(topic: TopicSpec, limits: KafkaLimits): Problems {
  const problems = new Problems(topic.path);
  checkReplicas(problems, limits, topic.replicas);
  return problems;
}

/** Why the broker cannot have the stream so. */
export function findStreamMisfits({ path, replicas, minInSync }: StreamSpec, limits: KafkaLimits): Problems {
  const problems = new Problems(path);
  checkReplicas(problems, limits, replicas);
  const stored = replicas ?? limits.replicas;
  problems.check(minInSync === undefined || minInSync <= stored, `'minInSync' must be at most the number of replicas, which is ${stored}, got ${minInSync}`);
  return problems;
}
