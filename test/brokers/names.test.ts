// Names that brokers make of names that users choose: each fits the broker, and none of them is two things.
import {
  Application, BrokeredQueue, BrokeredTopic, EventStream, IBroker, Kafka, Nats, RabbitMq, SubscribeOptions, Workload,
} from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { rightsOf } from '../../src/brokers/kafka/rights';
import { problemsOf, wholeProgram } from '../whole-program';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const workload = (id: string, application = shop) => new Workload(application, id, { image: 'registry.example/acme/app:1.0' });

/** All names that each server has, by their kind, and most characters of one. */
const SERVERS: [name: string, make: (application: Application) => IBroker, namesOf: (broker: any) => string[][], most: number][] = [
  ['RabbitMq', application => new RabbitMq(application, 'broker'), ({ definitions: { queues, exchanges } }) => [queues, exchanges].map(all => all.map(({ name }: any) => name)), 255],
  ['Kafka', application => new Kafka(application, 'broker'), ({ serverTopics }) => [serverTopics.map(({ name }: any) => name)], 249],
  ['Nats', application => new Nats(application, 'broker'), ({ serverStreams, serverConsumers }) => [
    serverStreams.map(({ name }: any) => name), serverConsumers.map(({ stream, consumer }: any) => `${stream} ${consumer}`),
  ], 511],
];

const part = fc.constantFrom('a', 'b', 'dead', 'delay-1000ms', 'delay-2000ms', 'a-dead');
const separator = fc.constantFrom('.', '-');
const short = fc.tuple(part, fc.array(fc.tuple(separator, part), { maxLength: 2 })).map(([first, rest]) => [first, ...rest.flat()].join(''));
const long = fc.tuple(short, fc.integer({ min: 80, max: 200 })).map(([name, length]) => name.padEnd(length, 'x').slice(0, length));
const named = fc.tuple(fc.constantFrom('queue', 'topic', 'stream'), fc.oneof({ weight: 3, arbitrary: short }, long));

/** Declares something, or does not, where the broker refuses it in one sentence. */
/** What of all is taken together; what is not is refused with what to do. */
function takenOf<T>(all: T[], programOf: (some: T[]) => Application): T[] {
  const taken: T[] = [];
  for (const each of all) {
    const problems = refusalsOf(() => programOf([...taken, each]));
    for (const problem of problems) expect(problem).toMatch(/^shop\/[^\n]+: .*(choose|set '|give another|'group' must|keep one)/);
    if (problems.length === 0) taken.push(each);
  }
  return taken;
}

function refusalsOf(make: () => Application): string[] {
  try {
    return problemsOf(make());
  } catch (error) {
    return [(error as Error).message];
  }
}

const groupOf = (name: string) => name.replaceAll('.', '-').slice(0, 100);

function declare(application: Application, broker: IBroker, kind: string, name: string, id: string): void {
  const ttl = { messageTtl: Duration.hours(1) };
  const client = workload(`client-${id}`, application);
  if (kind === 'queue') {
    const delays = broker instanceof Kafka || broker instanceof Nats ? undefined : [Duration.seconds(1), Duration.seconds(2)];
    const props = { broker, queueName: name, delays, ...ttl, expiredToDeadLetters: broker instanceof RabbitMq };
    new BrokeredQueue(application, id, props).grantReceive(client);
  } else if (kind === 'topic') {
    const subscriber = { group: groupOf(name), expiredToDeadLetters: broker instanceof RabbitMq };
    new BrokeredTopic(application, id, { broker, topicName: name, ...ttl }).subscribe(client, subscriber);
  } else {
    const reading = broker instanceof RabbitMq ? {} : { group: groupOf(name) };
    new EventStream(application, id, { broker, streamName: name }).grantRead(client, reading);
  }
}

test.each(SERVERS)('whatever is declared on %s, each name is one thing, and the server takes it', (_, make, namesOf, most) => {
  let several = 0;
  fc.assert(fc.property(fc.array(named, { minLength: 2, maxLength: 8 }), all => {
    let broker: any;
    const programOf = (some: typeof all) => {
      const application = new Application('shop');
      broker = make(application);
      some.forEach(([kind, name], index) => declare(application, broker, kind, name, `c${index}`));
      return application;
    };
    programOf(takenOf(all, programOf));
    for (const names of namesOf(broker)) {
      expect(names).toEqual([...new Set(names)]);
      expect(Math.max(0, ...names.map(name => name.length))).toBeLessThanOrEqual(most);
    }
    if (broker.declared.principals.length > 3) several++;
    if (broker instanceof Kafka) {
      const readers = new Map<string, string>();
      for (const { resources } of rightsOf(broker.declared)) {
        const [group, topic] = ['GROUP', 'TOPIC'].map(kind => resources.find(each => each.kind === kind)?.name);
        if (!group) continue;
        expect(readers.get(group) ?? topic).toBe(topic);
        readers.set(group, topic!);
      }
    }
  }), { numRuns: 150 });
  expect(several).toBeGreaterThan(20);
});

test('a delay of a RabbitMQ queue is no queue of a user, whichever comes first', () => {
  const broker = new RabbitMq(shop, 'broker');
  new BrokeredQueue(shop, 'a', { broker, delays: [Duration.seconds(1)] });
  expect(wholeProgram(() => new BrokeredQueue(shop, 'b', { broker, queueName: 'a.delay-1000ms' })))
    .toThrow(new Error("shop/b: shop/broker has a queue 'a.delay-1000ms' already; choose another id or set 'queueName'"));
  new BrokeredQueue(shop, 'c', { broker, queueName: 'd.delay-1000ms' });
  expect(wholeProgram(() => new BrokeredQueue(shop, 'd', { broker, delays: [Duration.seconds(1)] })))
    .toThrow("shop/d: shop/broker has a queue 'd.delay-1000ms' already; choose another id or set 'queueName'");
});

test('on Kafka no group reads from two topics', () => {
  const broker = new Kafka(shop, 'broker');
  new BrokeredQueue(shop, 'queue', { broker, queueName: 'a.b', messageTtl: Duration.hours(1), expiredToDeadLetters: false });
  const stream = new EventStream(shop, 'stream', { broker, streamName: 'a' });
  expect(wholeProgram(() => stream.grantRead(workload('reader'), { group: 'b' })))
    .toThrow(new Error("shop/stream: on Kafka the group 'a.b' would read 'a', and reads 'a.b' already; choose another name"));
});

test('a topic and a group that are too long together are refused on RabbitMQ', () => {
  const topic = new BrokeredTopic(shop, 'news', { broker: new RabbitMq(shop, 'broker'), topicName: 't'.repeat(200) });
  const name = `${'t'.repeat(200)}.${'g'.repeat(100)}`;
  expect(wholeProgram(() => topic.subscribe(workload('reader'), { group: 'g'.repeat(100) }))).toThrow(new Error([name, `${name}.dead`].map(each =>
    `shop/news/${'g'.repeat(100)}: a name has at most 255 characters on RabbitMQ, with what is appended to it, got ${each.length} of '${each}'; choose shorter ones`).join('\n')));
});

test.each<[string, (application: Application) => IBroker, SubscribeOptions, string]>([
  ['a long filter', application => new RabbitMq(application, 'broker'), { filter: 'é'.repeat(128) }, "'filter' must have at most 255 bytes on RabbitMQ, got 256"],
  ['a long filter', application => new Nats(application, 'broker'), { filter: 'k'.repeat(1001) }, "'filter' must have at most 1000 bytes on NATS, got 1001"],
  ['a filter with a line end', application => new Nats(application, 'broker'), { filter: 'a\u0085' }, "'filter' must be words between dots, '*' or '#', got 'a\u0085'"],
  ['a long header', application => new RabbitMq(application, 'broker'), { headers: { ['h'.repeat(256)]: 'a' } }, "a header's name must have at most 255 bytes on RabbitMQ, got 256"],
  ['a header without a name', application => new RabbitMq(application, 'broker'), { headers: { '': 'a' } }, "each header must have a name without control characters, got ''"],
  ['a header of several lines', application => new RabbitMq(application, 'broker'), { headers: { kind: 'a\nb' } }, "header 'kind' must have a value without control characters, got 'a\\nb'"],
  ["RabbitMQ's own header", application => new RabbitMq(application, 'broker'), { headers: { 'x-match': 'any' } }, "RabbitMQ keeps the header 'x-match' for itself; choose another one"],
  ['what looks like a password', application => new RabbitMq(application, 'broker'), { headers: { kind: '@{foo}' } },
    "'filter' and 'headers' cannot have '@{' on RabbitMQ, where it begins the name of a password, got '@{foo}'"],
])('a subscriber with %s is refused', (_, make, options, message) => {
  const topic = new BrokeredTopic(shop, 'news', { broker: make(shop) });
  expect(wholeProgram(() => topic.subscribe(workload('reader'), options))).toThrow(new Error(`shop/news/reader: ${message}`));
});

test('a group that is called like a grant, or a grant like a group, is said to be so', () => {
  const broker = new RabbitMq(shop, 'broker');
  const [one, other] = ['one', 'other'].map(id => new BrokeredTopic(shop, id, { broker }));
  const publisher = workload('p');
  one.subscribe(workload('reader'), { group: 'p-publish' });
  expect(wholeProgram(() => one.grantPublish(publisher))).toThrow(new Error("shop/one: the grant of 'publish' to 'p' is called 'p-publish', as something else there is already; rename one of them"));
  other.grantPublish(publisher);
  expect(wholeProgram(() => other.subscribe(workload('again'), { group: 'p-publish' }))).toThrow(new Error("shop/other: a grant of the topic is called 'p-publish' already; give another 'group'"));
});

test.each<[string, (application: Application) => IBroker]>([
  ['RabbitMQ', application => new RabbitMq(application, 'broker', { external: { host: 'broker.example' } })],
  ['Kafka', application => new Kafka(application, 'broker', { external: { hosts: ['broker.example'] } })],
  ['NATS', application => new Nats(application, 'broker', { external: { hosts: ['broker.example'] } })],
])('two applications on one external %s have users of their own', (_, make) => {
  const users = ['shop', 'bank'].flatMap(name => {
    const application = new Application(name);
    const broker: any = make(application);
    const worker = workload('worker', application);
    new BrokeredQueue(application, 'jobs', { broker, messageTtl: Duration.hours(1), expiredToDeadLetters: broker instanceof RabbitMq }).grantReceive(worker);
    expect(worker.main.env.JOBS_USER.text).toBe(broker.declared.principals[0].userName);
    return broker.declared.principals.map(({ userName }: any) => userName);
  });
  expect(users).toEqual(['shop-jobs-worker-receive', 'bank-jobs-worker-receive']);
});
