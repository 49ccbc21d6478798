import { Application, EventStream, EventStreamProps, RabbitMq, StartFrom, Workload } from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

let shop: Application;
let broker: RabbitMq;
beforeEach(() => {
  shop = new Application('shop');
  broker = new RabbitMq(shop, 'broker');
});
const workload = (id: string) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0' });
const stream = (props: Partial<EventStreamProps> = {}) => new EventStream(shop, 'events', { broker, ...props });
const definitions = () => JSON.parse(new Both(shop).find('ConfigMap', 'broker-definitions').data.content);

test('a stream keeps events by age and size, in segments small enough to be removed', () => {
  stream({ maxAge: Duration.days(7), maxSize: Size.mebibytes(100) });
  const { queues, policies, bindings } = definitions();
  expect(queues).toEqual([{ name: 'events', vhost: '/', durable: true, auto_delete: false, arguments: { 'x-queue-type': 'stream' } }]);
  expect(policies).toEqual([{
    'vhost': '/',
    'name': 'conduit-events',
    'pattern': '^events$',
    'apply-to': 'streams',
    'priority': 1,
    'definition': { 'max-age': '604800s', 'max-length-bytes': 104_857_600, 'stream-max-segment-size-bytes': 26_214_400 },
  }]);
  expect(bindings).toEqual([{ source: 'events', vhost: '/', destination: 'events', destination_type: 'queue', routing_key: 'events', arguments: {} }]);
});

test('who publishes and who reads has that right alone', () => {
  const events = stream();
  events.grantPublish(workload('writer'));
  events.grantRead(workload('reader'));
  expect(definitions().permissions).toEqual([
    { user: 'events-reader-read', vhost: '/', configure: '^$', write: '^$', read: '^events$' },
    { user: 'events-writer-publish', vhost: '/', configure: '^$', write: '^events$', read: '^$' },
  ]);
});

test.each([
  ['the beginning', undefined, 'first'],
  ['the next event', StartFrom.latest(), 'next'],
  ['an event', StartFrom.offset(42), '42'],
  ['a time', StartFrom.time('2026-01-31T12:00:00+01:00'), '2026-01-31T11:00:00.000Z'],
])('a reader may begin with %s', (_, startFrom, offset) => {
  const reader = workload('reader');
  stream().grantRead(reader, { startFrom });
  expect(reader.main.env.EVENTS_QUEUE.text).toBe('events');
  expect(reader.main.env.EVENTS_OFFSET.text).toBe(offset);
});

test('places that are none are refused', () => {
  expect(wholeProgram(() => StartFrom.time('yesterday'))).toThrow("start of reading: the time must be in ISO 8601 such as 2026-01-31T12:00:00Z, got 'yesterday'");
  expect(wholeProgram(() => StartFrom.offset(-1))).toThrow('start of reading: the offset must be a whole number of 0 or more, got -1');
});

test('everything that is wrong is said at once, with the brokers that can', () => {
  expect(wholeProgram(() => stream({ streamName: 'a b', partitions: 3, compacted: true, replicas: 2 }))).toThrow([
    "shop/events: a stream's name must be at most 200 letters, digits, '-', '_' and '.', got 'a b'; set 'streamName'",
    "shop/events: 'replicas' must be 1, 3 or 5, got 2",
  ].join('\n'));
});

test.each<[string, Partial<EventStreamProps>, string]>([
  ['partitions', { partitions: 3 }, "'partitions' (partitions with order by key) cannot be had on RabbitMQ: a super stream needs the stream protocol, which AMQP clients do not speak; use Kafka, or leave out 'partitions'"],
  ['compaction', { compacted: true }, "'compacted' (compaction) cannot be had on RabbitMQ: a stream keeps all or the newest events, whatever their keys; use Kafka or Nats, or leave out 'compacted'"],
  ['a de-duplication window', { deduplicationWindow: Duration.minutes(1) }, "'deduplicationWindow' (de-duplication window) cannot be had on RabbitMQ: queues do not compare messages; use Nats, or leave out 'deduplicationWindow'"],
  ['a number of nodes that confirm', { minInSync: 1 }, "'minInSync' (minimum in-sync replicas) cannot be had on RabbitMQ: it is always a majority of the replicas; use Kafka, or leave out 'minInSync'"],
  ['more replicas than nodes', { replicas: 3 }, "'replicas' must be at most the number of nodes of shop/broker, which is 1, got 3"],
])('%s cannot be had on RabbitMQ', (_, props, message) => {
  expect(wholeProgram(() => stream(props))).toThrow(`shop/events: ${message}`);
});

test('a group of readers cannot be had on RabbitMQ', () => {
  expect(wholeProgram(() => stream().grantRead(workload('reader'), { group: 'readers' })))
    .toThrow("shop/events: 'group' (consumer groups) cannot be had on RabbitMQ: AMQP readers of a stream keep their own positions; use Kafka or Nats, or leave out 'group'");
});
