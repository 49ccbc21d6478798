// What patterns ask of brokers that can do less than the library's own.
import {
  Application, BrokeredQueue, BrokeredTopic, ChannelKind, EventStream, IBroker, KnownBrokers, MessageSemantic, RabbitMq, StartFrom, SupportLevel, Workload,
} from 'cdk8s-conduit';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const workload = (id: string) => new Workload(shop, id, { image: IMAGE });

/** Takes everything but the semantics and the kinds that it refuses. */
function busThatRefuses(...refused: (MessageSemantic | ChannelKind)[]): IBroker {
  return {
    product: 'the bus',
    endpoint: new Workload(shop, 'bus', { image: IMAGE, ports: [{ name: 'bus', number: 1 }] }).endpoint(),
    support: (semantic, kind) => ({ level: refused.includes(semantic) || refused.includes(kind) ? SupportLevel.REFUSED : SupportLevel.NATIVE, how: 'so it is' }),
    declareQueue: () => {},
    declareTopic: () => {},
    declareStream: () => {},
    grantQueue: () => ({ variables: {} }),
    grantTopic: () => ({ variables: {} }),
    grantStream: () => ({ variables: {} }),
    permits: () => true,
  };
}

test('a delivery limit that is asked for is refused where nobody counts, with dead letters or without', () => {
  const broker = busThatRefuses(MessageSemantic.DELIVERY_LIMIT);
  expect(wholeProgram(() => new BrokeredQueue(shop, 'tasks', { broker, deadLetters: false, deliveryLimit: 3 }))).toThrow(
    "shop/tasks: 'deliveryLimit' (dead letters after a number of deliveries) cannot be had on the bus: so it is; use Kafka or Nats or RabbitMq, or leave out 'deliveryLimit'");
  expect(() => new BrokeredQueue(shop, 'jobs', { broker, deadLetters: false })).not.toThrow();
});

test.each<[ChannelKind, (broker: IBroker) => unknown]>([
  [ChannelKind.QUEUE, broker => new BrokeredQueue(shop, 'one', { broker, maxPriority: 3 })],
  [ChannelKind.TOPIC, broker => new BrokeredTopic(shop, 'one', { broker })],
  [ChannelKind.STREAM, broker => new EventStream(shop, 'one', { broker, compacted: true })],
])('a %s is refused as a whole, in one sentence, by a broker that has none', (kind, declare) => {
  const message = `shop/one: a ${kind} (durable messages) cannot be had on the bus: so it is; use Kafka or Nats or RabbitMq, or declare what the bus has`;
  expect(wholeProgram(() => declare(busThatRefuses(kind)))).toThrow(new Error(message));
});

test('several consumers are refused where one gets everything', () => {
  const broker = busThatRefuses(MessageSemantic.COMPETING_CONSUMERS);
  expect(wholeProgram(() => new BrokeredQueue(shop, 'tasks', { broker }))).toThrow("shop/tasks: a queue without 'singleActiveConsumer' (competing consumers) cannot be had on the bus");
  expect(wholeProgram(() => new BrokeredTopic(shop, 'news', { broker }).subscribe(workload('reader')))).toThrow("a queue without 'singleActiveConsumer' (competing consumers)");
  expect(() => new BrokeredQueue(shop, 'jobs', { broker, singleActiveConsumer: true })).not.toThrow();
});

test("a broker of somebody else's is among those that can", () => {
  const broker = busThatRefuses(MessageSemantic.MIN_IN_SYNC, MessageSemantic.PARTITIONS);
  KnownBrokers.register('Zebra', { support: semantic => ({ level: semantic === MessageSemantic.MIN_IN_SYNC ? SupportLevel.NATIVE : SupportLevel.REFUSED, how: 'it can' }) });
  expect(wholeProgram(() => new EventStream(shop, 'log', { broker, replicas: 3, minInSync: 2, partitions: 2 }))).toThrow(
    /'partitions' \(partitions with order by key\) .* use Kafka, or leave out 'partitions'\n.*'minInSync' .* use Kafka or Zebra, or leave out/);
});

test('several replicas are refused where messages are stored once', () => {
  const broker = busThatRefuses(MessageSemantic.REPLICATION);
  const message = "'replicas' (replication) cannot be had on the bus: so it is; use Kafka or Nats or RabbitMq, or leave out 'replicas'";
  expect(wholeProgram(() => new BrokeredQueue(shop, 'tasks', { broker, replicas: 3 }))).toThrow(`shop/tasks: ${message}`);
  expect(wholeProgram(() => new BrokeredTopic(shop, 'news', { broker, replicas: 3 }))).toThrow(`shop/news: ${message}`);
  expect(wholeProgram(() => new EventStream(shop, 'log', { broker, replicas: 5 }))).toThrow(`shop/log: ${message}`);
  expect(() => new EventStream(shop, 'events', { broker, replicas: 1 })).not.toThrow();
});

test('a prefetch that is asked for is refused where consumers hold what they are given', () => {
  const tasks = new BrokeredQueue(shop, 'tasks', { broker: busThatRefuses(MessageSemantic.PREFETCH) });
  expect(wholeProgram(() => tasks.grantReceive(workload('worker'), { prefetch: 2 }))).toThrow(
    "shop/tasks: 'prefetch' (prefetch) cannot be had on the bus: so it is; use Kafka or Nats or RabbitMq, or leave out 'prefetch'");
  expect(() => tasks.grantReceive(workload('other'))).not.toThrow();
});

test('reading from the beginning is refused where nothing is read again, and the remedy is one', () => {
  const log = new EventStream(shop, 'log', { broker: busThatRefuses(MessageSemantic.REPLAY) });
  expect(wholeProgram(() => log.grantRead(workload('reader')))).toThrow("shop/log: 'startFrom' (replay from the beginning or an offset) cannot be had on the bus: so it is; "
    + "use Kafka or Nats or RabbitMq, or set 'startFrom: StartFrom.latest()'");
  expect(() => log.grantRead(workload('other'), { startFrom: StartFrom.latest() })).not.toThrow();
});

test('readers who share a position cannot begin at different places', () => {
  const log = new EventStream(shop, 'log', { broker: busThatRefuses() });
  log.grantRead(workload('first'), { group: 'readers', startFrom: StartFrom.offset(3) });
  log.grantRead(workload('second'), { group: 'readers', startFrom: StartFrom.offset(3) });
  log.grantRead(workload('third'), { startFrom: StartFrom.offset(4) });
  expect(wholeProgram(() => log.grantRead(workload('fourth'), { group: 'readers' }))).toThrow(
    "shop/log: readers of the group 'readers' share one position, so all begin at the same place; give this one the same 'startFrom', or another 'group'");
});

test('readers who keep their own positions may, though they are of one workload', () => {
  const log = new EventStream(shop, 'log', { broker: new RabbitMq(shop, 'broker') });
  const reader = workload('reader');
  const companion = reader.addCompanion('companion', { image: IMAGE });
  log.grantRead(reader);
  log.grantRead(companion, { startFrom: StartFrom.latest() });
  expect([reader.main, companion].map(({ env }) => env.LOG_OFFSET.text)).toEqual(['first', 'next']);
});
