import type { IBrokerFactory } from './broker-contract';
import type { Observed } from './observed';
import { problemsOf } from './server-statements';
import { Setting } from './setting';
import { ChannelOperation, QueueRight, StreamRight } from '../brokers/broker';
import { ChannelKind, MessageSemantic, SupportLevel } from '../brokers/semantics';

/** Something that can be done on a broker. */
interface Deed {
  readonly operation: ChannelOperation;
  readonly channelName: string;
}

/** What was granted to a user, and what a broker may let it do beside. */
interface Permission {
  readonly userName: string;
  readonly granted: Deed;
  /** What clients do by themselves on some brokers: set aside what they could not process, and give each subscriber its copy. */
  readonly tolerated: Deed[];
}

const WORDS: Record<ChannelOperation, string> = { [ChannelOperation.SEND]: 'send to', [ChannelOperation.RECEIVE]: 'receive from' };

/** Names that a pattern written with little care takes for the others. */
const ALIKE = [[ChannelKind.QUEUE, 'orders-more'], [ChannelKind.QUEUE, 'orders-dead'], [ChannelKind.TOPIC, 'news-more'], [ChannelKind.STREAM, 'log-more']] as const;

/** @throws where the rights that the broker has written are too wide, too narrow, or none. */
export function checkPermissions(factory: IBrokerFactory): void {
  const setting = new Setting(factory);
  const { broker } = setting;
  const problems = problemsOf(setting);
  setting.grantAll();
  for (const [kind, name] of namesTaken(factory)) setting.declareNamed(kind, name, name);
  const deeds = deedsOn(broker);
  for (const { userName, granted, tolerated } of permissionsOf(broker)) {
    problems.check(broker.permits(userName, granted.operation, granted.channelName), `'${userName}' must be allowed to ${describe(granted)}, which it was granted, and is not`);
    for (const deed of deeds.filter(each => ![granted, ...tolerated].some(other => isSame(each, other)))) {
      problems.check(!broker.permits(userName, deed.operation, deed.channelName), `'${userName}' was granted to ${describe(granted)}, and must not be allowed to ${describe(deed)}`);
    }
  }
  for (const deed of deeds) problems.check(!broker.permits('nobody', deed.operation, deed.channelName), `'nobody' is no user, and must not be allowed to ${describe(deed)}`);
  problems.throwIfAny();
}

/** A kind that the broker refuses, and a name that it takes for the same as another, is judged elsewhere. */
function namesTaken(factory: IBrokerFactory): (readonly [ChannelKind, string])[] {
  const taken: (readonly [ChannelKind, string])[] = [];
  for (const alike of ALIKE) {
    const refusal = Setting.refusalOf(factory, trial => {
      trial.declareAll();
      for (const [kind, name] of [...taken, alike]) trial.declareNamed(kind, name, name);
    });
    if (refusal === undefined) taken.push(alike);
  }
  return taken;
}

/** Nobody receives from a topic but by subscribing. */
function deedsOn({ queues, topics, streams }: Observed): Deed[] {
  const { SEND, RECEIVE } = ChannelOperation;
  const both = (channelName: string): Deed[] => [{ operation: SEND, channelName }, { operation: RECEIVE, channelName }];
  return [
    ...queues.flatMap(({ queueName, deadLetterQueueName }) => [...both(queueName), ...(deadLetterQueueName === undefined ? [] : both(deadLetterQueueName))]),
    ...topics.map(({ topicName: channelName }) => ({ operation: SEND, channelName })),
    ...streams.flatMap(({ streamName }) => both(streamName)),
  ];
}

function permissionsOf(broker: Observed): Permission[] {
  const { SEND, RECEIVE } = ChannelOperation;
  const byClient = Object.values(ChannelKind).some(kind => broker.support(MessageSemantic.DELIVERY_LIMIT, kind).level === SupportLevel.EMULATED);
  return [
    ...broker.queuePrincipals.map(({ userName, right, queue: { queueName, deadLetterQueueName: dead } }): Permission => {
      if (right === QueueRight.SEND) return { userName, granted: { operation: SEND, channelName: queueName }, tolerated: [] };
      if (right === QueueRight.RECEIVE_DEAD_LETTERS) return { userName, granted: { operation: RECEIVE, channelName: dead! }, tolerated: [] };
      const tolerated = byClient && dead !== undefined ? [{ operation: SEND, channelName: dead }] : [];
      return { userName, granted: { operation: RECEIVE, channelName: queueName }, tolerated };
    }),
    ...broker.topicPrincipals.map(({ userName, topic: { topicName: channelName } }) => ({
      userName,
      granted: { operation: SEND, channelName },
      tolerated: broker.queues.filter(({ source }) => source?.topicName === channelName).map(({ queueName }) => ({ operation: SEND, channelName: queueName })),
    })),
    ...broker.streamPrincipals.map(({ userName, right, stream: { streamName: channelName } }) =>
      ({ userName, granted: { operation: right === StreamRight.PUBLISH ? SEND : RECEIVE, channelName }, tolerated: [] })),
  ];
}

function isSame(one: Deed, other: Deed): boolean {
  return one.operation === other.operation && one.channelName === other.channelName;
}

function describe({ operation, channelName }: Deed): string {
  return `${WORDS[operation]} '${channelName}'`;
}
