import type { IBrokerFactory } from './broker-contract';
import { outputsOf } from './output';
import { checkPermissions } from './permissions';
import { problemsOf } from './server-statements';
import { KINDS, Setting } from './setting';
import { BrokerPrincipal, QueueRight, QueueSpec, StartPosition, StreamRight } from '../brokers/broker';
import { ChannelKind, MessageSemantic, SupportLevel } from '../brokers/semantics';
import { Secret } from '../model/secret';

/** What must be true of every broker, beside what is of every server, and what it says of semantics. */
export const BROKER_STATEMENTS: Record<string, (factory: IBrokerFactory) => void> = {
  'it answers for every semantic, and every kind of channel, with a level and a reason': checkSupport,
  'it takes queues, topics or streams, and refuses the others where they are declared': checkKinds,
  'each right is another one': checkRights,
  'a user may do what it was granted, and nobody may do more': checkPermissions,
  'a name is taken once': checkNames,
};

function checkSupport(factory: IBrokerFactory): void {
  const setting = new Setting(factory);
  const problems = problemsOf(setting);
  for (const [semantic, kind] of Object.values(MessageSemantic).flatMap(each => KINDS.map(of => [each, of] as const))) {
    const [support, again] = [1, 2].map(() => setting.broker.support(semantic, kind));
    problems.check(Object.values(SupportLevel).includes(support?.level), `'${semantic}' of a ${kind} must have one of the levels ${Object.values(SupportLevel).join(', ')}, got '${support?.level}'`);
    problems.check(typeof support?.how === 'string' && support.how.trim() !== '', `'${semantic}' of a ${kind} must have a text that says how, or why not, got '${support?.how}'`);
    problems.check(support?.level === again?.level && support?.how === again?.how, `'${semantic}' of a ${kind} must have the same answer each time, got '${support?.how}' and '${again?.how}'`);
  }
  problems.throwIfAny();
}

function checkKinds(factory: IBrokerFactory): void {
  const setting = new Setting(factory);
  const problems = problemsOf(setting);
  const refused = KINDS.filter(kind => {
    const message = Setting.refusalOf(factory, trial => trial.declare(kind).forEach(grant => grant()));
    problems.check(message === undefined || (message.includes(`${setting.scope.node.path}/`) && message.includes(setting.broker.product)),
      `a ${kind} must be taken, or refused with its path and '${setting.broker.product}', got '${message}'`);
    return message !== undefined;
  });
  problems.check(refused.length < KINDS.length, 'must take queues, topics or streams, and refuses all of them');
  problems.throwIfAny();
}

/** Every right to what was declared, with how it is given. */
function rightsTo({ broker }: Setting, who: BrokerPrincipal): [string, () => unknown][] {
  const { queues: [queue, other], topics: [topic], streams: [stream] } = broker;
  const queueRight = (what: string, to: QueueSpec | undefined, right: QueueRight): [string, () => unknown][] =>
    to ? [[what, () => broker.grantQueue({ ...who, queue: to, right, declares: false })]] : [];
  const streamRight = (what: string, right: StreamRight, reading: object = {}): [string, () => unknown][] =>
    stream ? [[what, () => broker.grantStream({ ...who, stream, right, ...reading })]] : [];
  return [
    ['no right', () => undefined],
    ...queueRight('the right to send to a queue', queue, QueueRight.SEND),
    ...queueRight('the right to send to another queue', other, QueueRight.SEND),
    ...queueRight('the right to receive from a queue', queue, QueueRight.RECEIVE),
    ...queueRight('the right to receive dead letters', queue?.deadLetterQueueName === undefined ? undefined : queue, QueueRight.RECEIVE_DEAD_LETTERS),
    ...(topic ? [['the right to publish to a topic', () => broker.grantTopic({ ...who, topic })] as [string, () => unknown]] : []),
    ...streamRight('the right to publish to a stream', StreamRight.PUBLISH),
    ...streamRight('the right to read a stream', StreamRight.READ, { group: 'readers', startPosition: StartPosition.LATEST }),
  ];
}

function checkRights(factory: IBrokerFactory): void {
  const give = (index: number) => {
    const setting = new Setting(factory);
    setting.declareAll();
    if (setting.broker.queues.length > 0) setting.declareNamed(ChannelKind.QUEUE, 'returns', 'returns');
    const password = new Secret(setting.scope, 'users-password', { key: 'password' });
    const rights = rightsTo(setting, { userName: password.name, password, client: setting.client('user') });
    rights[index][1]();
    return { setting, names: rights.map(([name]) => name), texts: outputsOf(setting.application).map(({ text }) => text) };
  };
  const { setting, names } = give(0);
  const problems = problemsOf(setting);
  const given = names.map((_, index) => give(index).texts.join('\n'));
  given.forEach((text, index) => {
    const same = given.indexOf(text);
    problems.check(same === index, `'${names[index]}' must be another thing than '${names[same]}' to the broker, but gives the same output`);
  });
  problems.throwIfAny();
}

function checkNames(factory: IBrokerFactory): void {
  const setting = new Setting(factory);
  const problems = problemsOf(setting);
  setting.declareAll();
  const { queues: [queue], topics: [topic], streams: [stream] } = setting.broker;
  const { QUEUE, TOPIC, STREAM } = ChannelKind;
  const taken: [ChannelKind, string | undefined][] = [
    [QUEUE, queue?.queueName], [QUEUE, queue?.deadLetterQueueName], [TOPIC, topic?.topicName], [STREAM, stream?.streamName],
  ];
  taken.forEach(([kind, name], index) => {
    if (name === undefined) return;
    const id = `again-${index}`;
    const message = Setting.refusalOf(factory, trial => {
      trial.declareAll();
      trial.declareNamed(kind, id, name);
    });
    problems.check(message !== undefined && message.includes(`${setting.pathOf(id)}: `) && message.includes(`'${name}'`),
      `a second ${kind} '${name}' must be refused with '${setting.pathOf(id)}' and the name, got ${message === undefined ? 'no refusal' : `'${message}'`}`);
  });
  problems.throwIfAny();
}

