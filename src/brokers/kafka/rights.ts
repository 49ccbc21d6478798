import { ChannelOperation, QueuePrincipal, QueueRight, StreamPrincipal, StreamRight } from '../broker';
import type { IDeclarations } from '../declarations';
import { groupOf, readingOf } from './names';

/** Something that a user of Kafka may have a right to. */
export interface KafkaResource {
  /** `TOPIC` or `GROUP`. */
  readonly kind: string;
  /** Its name. */
  readonly name: string;
}

/** What a user of Kafka may do, and with what. */
export interface KafkaRight {
  /** Name of the user. */
  readonly userName: string;
  /** Operations as Kafka calls them, such as `DESCRIBE` and `READ`. */
  readonly operations: string[];
  /** All that the user may do them on. */
  readonly resources: KafkaResource[];
}

const WRITE = ['DESCRIBE', 'WRITE'];
const READ = ['DESCRIBE', 'READ'];

/** The least that each user needs. */
export function rightsOf({ queuePrincipals, topicPrincipals, streamPrincipals }: IDeclarations): KafkaRight[] {
  return [
    ...queuePrincipals.flatMap(queueRights),
    ...topicPrincipals.map(({ topic, userName }) => ({ userName, operations: WRITE, resources: [topicOf(topic.topicName)] })),
    ...streamPrincipals.map(streamRight),
  ];
}

function queueRights({ userName, queue, right, declares }: QueuePrincipal): KafkaRight[] {
  const { topic, group } = readingOf(queue, right);
  const created = declares ? ['CREATE'] : [];
  if (right === QueueRight.SEND) return [{ userName, operations: [...created, ...WRITE], resources: [topicOf(topic)] }];
  const dead = right === QueueRight.RECEIVE && queue.deadLetterQueueName !== undefined;
  return [
    ...(declares ? [{ userName, operations: created, resources: [topicOf(topic)] }] : []),
    { userName, operations: READ, resources: [groupNamed(group), topicOf(topic)] },
    ...(dead ? [{ userName, operations: WRITE, resources: [topicOf(queue.deadLetterQueueName!)] }] : []),
  ];
}

function streamRight({ userName, stream, right, group }: StreamPrincipal): KafkaRight {
  return right === StreamRight.PUBLISH
    ? { userName, operations: WRITE, resources: [topicOf(stream.streamName)] }
    : { userName, operations: READ, resources: [groupNamed(groupOf(stream, group!)), topicOf(stream.streamName)] };
}

/** Whether a user's rights are enough: to write to a topic; or to read one and, of a queue, as its group. */
export function permits(declared: IDeclarations, userName: string, operation: ChannelOperation, channelName: string): boolean {
  const rights = rightsOf(declared).filter(right => right.userName === userName);
  const may = (needed: string, { kind, name }: KafkaResource) => rights.some(({ operations, resources }) =>
    operations.includes(needed) && resources.some(resource => resource.kind === kind && resource.name === name));
  if (operation === ChannelOperation.SEND) return may('WRITE', topicOf(channelName));
  const readings = declared.queues.flatMap(queue => [QueueRight.RECEIVE, QueueRight.RECEIVE_DEAD_LETTERS].map(right => readingOf(queue, right)));
  const ofQueue = readings.find(({ group }) => group === channelName);
  return ofQueue ? may('READ', topicOf(ofQueue.topic)) && may('READ', groupNamed(ofQueue.group)) : may('READ', topicOf(channelName));
}

function topicOf(name: string): KafkaResource {
  return { kind: 'TOPIC', name };
}

function groupNamed(name: string): KafkaResource {
  return { kind: 'GROUP', name };
}

/** Lines of the declarations: users with the same need stand together, since each call takes its time. */
export function renderRights(rights: KafkaRight[]): string[][] {
  const users = new Map<string, string[]>();
  for (const { operations, resources, userName } of rights) {
    const need = `${operations.join(',')} ${resources.map(({ kind, name }) => `${kind}:${name}`).join(',')}`;
    const known = users.get(need);
    if (known) known.push(userName);
    else users.set(need, [userName]);
  }
  return [...users].sort(([a], [b]) => a < b ? -1 : 1).map(([need, names]) => ['right', need, names.join(',')]);
}
