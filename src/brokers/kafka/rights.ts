import { QueuePrincipal, QueueRight, StreamPrincipal, StreamRight } from '../broker';
import type { Declarations } from '../declarations';
import { groupOf, readingOf } from './names';

/** Operations that users may do on resources: what one call of the server's tool for rights can give. */
export interface Rights {
  readonly operations: string[];
  /** Such as `TOPIC:orders`. */
  readonly resources: string[];
  readonly users: string[];
}

const WRITE = ['DESCRIBE', 'WRITE'];
const READ = ['DESCRIBE', 'READ'];

/** The least that each user needs, and users with the same need together, since each call takes its time. */
export function rightsOf(declared: Declarations): Rights[] {
  return gather(rightsOfEach(declared));
}

/** The least that each user needs, one user at a time. */
export function rightsOfEach({ queuePrincipals, topicPrincipals, streamPrincipals }: Declarations): Rights[] {
  return [
    ...queuePrincipals.flatMap(principal => queueRights(principal).map(right => ({ ...right, users: [principal.userName] }))),
    ...topicPrincipals.map(({ topic, userName }) => ({ operations: WRITE, resources: [`TOPIC:${topic.topicName}`], users: [userName] })),
    ...streamPrincipals.map(principal => ({ ...streamRights(principal), users: [principal.userName] })),
  ];
}

function queueRights(principal: QueuePrincipal): Omit<Rights, 'users'>[] {
  const { queue, right, declares } = principal;
  const { topic, group } = readingOf(queue, right);
  const created = declares ? ['CREATE'] : [];
  if (right === QueueRight.SEND) return [{ operations: [...created, ...WRITE], resources: [`TOPIC:${topic}`] }];
  const dead = right === QueueRight.RECEIVE && queue.deadLetterQueueName !== undefined;
  return [
    ...(declares ? [{ operations: created, resources: [`TOPIC:${topic}`] }] : []),
    { operations: READ, resources: [`GROUP:${group}`, `TOPIC:${topic}`] },
    ...(dead ? [{ operations: WRITE, resources: [`TOPIC:${queue.deadLetterQueueName}`] }] : []),
  ];
}

function streamRights({ stream, right, group }: StreamPrincipal): Omit<Rights, 'users'> {
  return right === StreamRight.PUBLISH
    ? { operations: WRITE, resources: [`TOPIC:${stream.streamName}`] }
    : { operations: READ, resources: [`GROUP:${groupOf(stream, group!)}`, `TOPIC:${stream.streamName}`] };
}

function gather(all: Rights[]): Rights[] {
  const gathered = new Map<string, Rights>();
  for (const each of all) {
    const key = `${each.operations.join()} ${each.resources.join()}`;
    const known = gathered.get(key);
    if (known) known.users.push(...each.users);
    else gathered.set(key, { ...each, users: [...each.users] });
  }
  return [...gathered].sort(([a], [b]) => a < b ? -1 : 1).map(([, rights]) => rights);
}
