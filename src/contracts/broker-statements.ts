import { Construct } from 'constructs';
import type { IBrokerFactory } from './broker-contract';
import { checkEdges, checkPasswords, checkStart, checkVariables } from './client-statements';
import { Output, outputsOf } from './output';
import { Grant, Kind, KINDS, Setting } from './setting';
import { BrokerPrincipal, QueueRight, QueueSpec, StartPosition, StreamRight } from '../brokers/broker';
import { MessageSemantic, SupportLevel } from '../brokers/semantics';
import { Application } from '../model/application';
import { Secret } from '../model/secret';
import { Problems } from '../private/problems';

/** What must be true of every broker, beside what it says of semantics. */
export const BROKER_STATEMENTS: Record<string, (factory: IBrokerFactory) => void> = {
  'it has a name, and an endpoint that the application has, or that is outside of it': checkEndpoint,
  'it answers for every semantic with a level and a reason': checkSupport,
  'it takes queues, topics or streams, and refuses the others where they are declared': checkKinds,
  'it can be there without anyone who uses it': factory => { outputsOf(new Setting(factory).application); },
  'a client is told address, user, the file of the password, and the name of what it may use': factory => checkClients(factory, checkVariables),
  'each grant has a user and a password of its own, a file that only client and broker see': factory => checkClients(factory, checkPasswords),
  'a client starts after the broker, and after what declares things there': factory => checkClients(factory, checkStart),
  'a client reaches the broker, and nothing else': factory => checkClients(factory, checkEdges),
  'each right is another one': checkRights,
  'a name is taken once': checkNames,
  'the order of declarations and grants makes no difference': checkOrder,
  'the same program gives the same output, however often it is written': checkPurity,
  'two brokers of one application have nothing to do with each other': checkTwo,
};

function problemsOf({ broker }: Setting): Problems {
  return new Problems(`contract of ${broker.product}`);
}

function checkEndpoint(factory: IBrokerFactory): void {
  const setting = new Setting(factory);
  const { broker: { product, endpoint }, application } = setting;
  const problems = problemsOf(setting);
  problems.require(typeof product === 'string' && product.trim() !== '', `'product' must be what people call the broker, got '${product}'`);
  const { workload } = endpoint;
  if (workload) {
    problems.require(application.node.findAll().includes(workload), `the endpoint's workload must be in the broker's application, got '${workload.node.path}'`);
    problems.require(workload.ports.some(({ number }) => number === endpoint.port), `the endpoint's port must be among its workload's, got ${endpoint.port}`);
    for (const { target, programs } of outputsOf(application)) {
      problems.require(programs.some(program => program.workload === workload.name), `on ${target} '${workload.name}' must run, where the endpoint is`);
    }
  }
  problems.throwIfAny();
}

function checkSupport(factory: IBrokerFactory): void {
  const setting = new Setting(factory);
  const problems = problemsOf(setting);
  for (const semantic of Object.values(MessageSemantic)) {
    const [support, again] = [1, 2].map(() => setting.broker.support(semantic));
    problems.require(Object.values(SupportLevel).includes(support?.level), `'${semantic}' must have one of the levels ${Object.values(SupportLevel).join(', ')}, got '${support?.level}'`);
    problems.require(typeof support?.how === 'string' && support.how.trim() !== '', `'${semantic}' must have a text that says how, or why not, got '${support?.how}'`);
    problems.require(support?.level === again?.level && support?.how === again?.how, `'${semantic}' must have the same answer each time, got '${support?.how}' and '${again?.how}'`);
  }
  problems.throwIfAny();
}

/** What the broker takes, with the grants to it. A kind that it refuses as a whole is left out. */
function everything(setting: Setting, kinds: readonly Kind[] = KINDS): Grant[] {
  return kinds.flatMap(kind => {
    try {
      return setting.declare(kind);
    } catch {
      return []; // `checkKinds` looks at the reason
    }
  });
}

function checkKinds(factory: IBrokerFactory): void {
  const setting = new Setting(factory);
  const problems = problemsOf(setting);
  const refused = KINDS.filter(kind => {
    const message = messageOf(() => setting.declare(kind).forEach(grant => grant()));
    problems.require(message === undefined || (message.startsWith(setting.scope.node.path) && message.includes(setting.broker.product)),
      `a ${kind} must be taken, or refused with its path and '${setting.broker.product}', got '${message}'`);
    return message !== undefined;
  });
  problems.require(refused.length < KINDS.length, 'must take queues, topics or streams, and refuses all of them');
  problems.throwIfAny();
}

function checkClients(factory: IBrokerFactory, check: typeof checkVariables): void {
  const setting = new Setting(factory);
  for (const grant of everything(setting)) grant();
  setting.client('stranger');
  const problems = problemsOf(setting);
  problems.require(setting.broker.granted.length > 0, 'must give rights to what it takes');
  for (const output of outputsOf(setting.application)) check(setting, output, problems);
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
    everything(setting);
    if (setting.broker.queues.length > 0) setting.declareNamed('queue', 'returns', 'returns');
    const password = new Secret(setting.scope, 'user', { key: 'password' });
    const rights = rightsTo(setting, { userName: password.name, password, client: setting.client('stranger') });
    rights[index][1]();
    return { setting, names: rights.map(([name]) => name), texts: outputsOf(setting.application).map(({ text }) => text) };
  };
  const { setting, names } = give(0);
  const problems = problemsOf(setting);
  const given = names.map((_, index) => give(index).texts.join('\n'));
  given.forEach((text, index) => {
    const same = given.indexOf(text);
    problems.require(same === index, `'${names[index]}' must be another thing than '${names[same]}' to the broker, but gives the same output`);
  });
  problems.throwIfAny();
}

function checkNames(factory: IBrokerFactory): void {
  const setting = new Setting(factory);
  const problems = problemsOf(setting);
  everything(setting);
  const { queues: [queue], topics: [topic], streams: [stream] } = setting.broker;
  const taken: [Kind, string | undefined][] = [
    ['queue', queue?.queueName], ['queue', queue?.deadLetterQueueName], ['topic', topic?.topicName], ['stream', stream?.streamName],
  ];
  taken.forEach(([kind, name], index) => {
    if (name === undefined) return;
    const id = `again-${index}`;
    const message = messageOf(() => setting.declareNamed(kind, id, name));
    problems.require(message?.startsWith(setting.pathOf(id)) === true && message.includes(`'${name}'`),
      `a second ${kind} '${name}' must be refused with '${setting.pathOf(id)}' and the name, got ${message === undefined ? 'no refusal' : `'${message}'`}`);
  });
  problems.throwIfAny();
}

function messageOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function checkOrder(factory: IBrokerFactory): void {
  const [forwards, backwards] = [new Setting(factory), new Setting(factory)];
  for (const grant of everything(forwards)) grant();
  for (const kind of [...KINDS].reverse()) for (const grant of everything(backwards, [kind]).reverse()) grant();
  requireSame(forwards, outputsOf(forwards.application), outputsOf(backwards.application), 'another order of declarations and grants');
}

function checkPurity(factory: IBrokerFactory): void {
  const [one, other] = [new Setting(factory), new Setting(factory)];
  for (const setting of [one, other]) for (const grant of everything(setting)) grant();
  const first = outputsOf(one.application);
  requireSame(one, first, outputsOf(one.application), 'to write an application again');
  requireSame(one, first, outputsOf(other.application), 'the same program, run again,');
}

function requireSame(setting: Setting, expected: Output[], found: Output[], what: string): void {
  const problems = problemsOf(setting);
  expected.forEach(({ target, text }, index) => {
    const other = found[index].text;
    let at = 0;
    while (at < text.length && text[at] === other[at]) at++;
    const around = (all: string) => all.slice(Math.max(0, at - 60), at + 60);
    problems.require(text === other, `on ${target} ${what} must give the same output, got …${around(other)}… where there was …${around(text)}…`);
  });
  problems.throwIfAny();
}

function checkTwo(factory: IBrokerFactory): void {
  const application = new Application('contract');
  const settings = ['first', 'second'].map(id => new Setting(factory, application, id, new Construct(application, `${id}-users`)));
  for (const setting of settings) for (const grant of everything(setting)) grant();
  const problems = problemsOf(settings[0]);
  const [one, other] = settings.map(({ broker }) => broker);
  const inside = one.endpoint.workload !== undefined;
  problems.require(!inside || one.endpoint.address !== other.endpoint.address, `each must have an endpoint of its own, got ${one.endpoint.address} twice`);
  for (const { target, programs } of inside ? outputsOf(application) : []) {
    for (const [here, there] of [[one, other], [other, one]]) {
      const known = programs.filter(({ workload }) => workload === here.endpoint.workload!.name).flatMap(({ secretFiles }) => Object.values(secretFiles));
      const foreign = there.granted.filter(({ secret }) => known.includes(secret)).map(({ userName }) => userName);
      problems.require(foreign.length === 0, `on ${target} '${here.endpoint.workload!.name}' must not know users of another broker, got ${foreign.join(', ')}`);
    }
  }
  problems.throwIfAny();
}
