import { Application, BrokeredQueue, BrokeredQueueProps, BrokeredTopic, EventStream, Nats, NatsProps, SubscribeOptions, Workload } from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const nats = (props: NatsProps = {}) => new Nats(shop, 'broker', props);
const workload = (id: string) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0' });
const queue = (id: string, broker: Nats, props: Partial<BrokeredQueueProps> = {}) => new BrokeredQueue(shop, id, { broker, ...props });
const topic = (id: string, broker: Nats) => new BrokeredTopic(shop, id, { broker });
/** What is declared: kind and name of each. */
const declarations = (): string[][] => new Both(shop).find('ConfigMap', 'broker-declarations').data.content.split('\n').filter(Boolean)
  .map((line: string) => [line.split(' ').slice(0, 2).join(' ')]);

test('names of streams have no dots, and stay within what the server takes', () => {
  const news = new BrokeredTopic(shop, 'news', { broker: nats(), topicName: 'n'.repeat(190) });
  for (const group of ['g'.repeat(100), 'h'.repeat(100)]) news.subscribe(workload(group[0]), { group });
  const names = declarations().map(([object]) => object).filter(object => /^STREAM n+-/.test(object));
  expect(names).toEqual([expect.stringMatching(/^STREAM n{190}-[0-9a-f]{8}$/), expect.stringMatching(/^STREAM n{190}-[0-9a-f]{8}$/)]);
  expect(names[0]).not.toBe(names[1]);
});

test.each<[string, Partial<BrokeredQueueProps>, string]>([
  ['a name with dots', { queueName: 'a.b' }, "a queue's name may not have '.' on NATS, where it separates the words of keys, got 'a.b'; set 'queueName'"],
  ['a name for replies', { queueName: '_a' }, "names that begin with '_' are kept for replies on NATS, got '_a'; set 'queueName'"],
  ['more replicas than nodes', { replicas: 3 }, "'replicas' must be at most the number of nodes of shop/broker, which is 1, got 3"],
  ['delays and refusal', { delays: [Duration.seconds(1)], maxLength: 5 },
    "a queue with 'delays' cannot refuse messages when it is full on NATS; set 'overflow: Overflow.DROP_OLDEST', or leave out 'maxLength' and 'maxSize', or 'delays'"],
  ['delays that outlive messages', { delays: [Duration.seconds(9)], messageTtl: Duration.seconds(9), deadLetters: false },
    "'delays' must be shorter than 'messageTtl' on NATS, where a message also expires while it is delayed, got 9000 ms and 9000 ms"],
  ['too short a time', { messageTtl: Duration.millis(99), deadLetters: false }, "'messageTtl' must be 100 ms or more on NATS, got 99 ms"],
  ['a memory that outlives messages', { messageTtl: Duration.seconds(1), deadLetters: false, deduplicationWindow: Duration.seconds(2) },
    "'deduplicationWindow' must be at most 'messageTtl' on NATS, got 2000 ms and 1000 ms"],
  ['a priority', { maxPriority: 3 }, "'maxPriority' (priority) cannot be had on NATS: a stream has one order; use RabbitMq, or leave out 'maxPriority'"],
])('a queue with %s is refused', (_, props, message) => {
  expect(wholeProgram(() => queue('orders', nats(), props))).toThrow(new Error(`shop/orders: ${message}`));
});

test('a client that would declare its queue itself is refused', () => {
  const orders = queue('orders', nats());
  expect(wholeProgram(() => orders.grantSend(workload('client'), { declares: true })))
    .toThrow(new Error("shop/orders: 'declares' cannot be had on NATS, where no client may make streams; leave it out"));
});

test.each<[string, SubscribeOptions, string]>([
  ['limits of its own', { maxLength: 5 },
    "subscribers of one topic share its stream on NATS, so none has a 'maxLength', 'maxSize' or 'overflow'; leave them out, or give the topic a 'messageTtl'"],
  ['any number of words in between', { filter: 'a.#.b' }, "'filter' may have '#' only as its last word on NATS, got 'a.#.b'; use '*' for single words"],
  ["the server's own wildcard", { filter: 'a.>' }, "'filter' may not have '>' on NATS, where it means the same as '#', got 'a.>'"],
])('a subscriber with %s is refused', (_, options, message) => {
  const news = topic('news', nats());
  expect(wholeProgram(() => news.subscribe(workload('reader'), options))).toThrow(new Error(`shop/news/reader: ${message}`));
});

test('names that two streams would have are refused', () => {
  const broker = nats();
  queue('orders', broker);
  expect(wholeProgram(() => queue('orders-dead', broker))).toThrow(new Error("shop/orders-dead: shop/broker has a queue 'orders-dead' already; choose another id or set 'queueName'"));
});

test('sizes that the storage does not have are refused', () => {
  queue('orders', nats({ storage: Size.gibibytes(1) }), { maxSize: Size.gibibytes(1), deadLetters: false });
  expect(wholeProgram(() => new Both(shop))).toThrow("shop/broker: queues and streams with 'maxSize' need 1024 MiB with all replicas, and messages have 819 MiB; set a larger 'storage'");
});

test('a strict broker has one queue, topic or stream alone, whose clients share it on both targets', () => {
  const news = topic('news', nats({ strict: true }));
  news.grantPublish(workload('editor'));
  for (const reader of ['reader', 'archivist']) news.subscribe(workload(reader));
  const both = new Both(shop);
  for (const reader of ['reader', 'archivist']) expect(both.env(reader).kubernetes).toMatchObject({ ...both.env(reader).compose, NEWS_CONSUMER: reader });
});

test('a strict broker with another channel, into which answers could be delivered, is refused with all of them', () => {
  const broker = nats({ strict: true });
  queue('orders', broker);
  topic('news', broker).subscribe(workload('reader'));
  new EventStream(shop, 'prices', { broker });
  expect(wholeProgram(() => new Both(shop))).toThrow("shop/broker: 'strict' is for one queue, topic or stream alone, as NATS does not check where a client has answers delivered, "
    + "got 'orders', 'news', 'prices'; give each of them a broker of its own, or use RabbitMq or Kafka");
});

test('a strict broker can be external', () => {
  const broker = new Nats(shop, 'broker', { external: { hosts: ['nats.example'], addresses: ['198.51.100.0/28'] }, strict: true });
  queue('orders', broker);
  queue('returns', broker);
  expect(wholeProgram(() => new Both(shop))).toThrow("shop/broker: 'strict' is for one queue, topic or stream alone");
});

test("'nodes' must be a number of which a majority can be told", () => {
  expect(wholeProgram(() => nats({ nodes: 2 }))).toThrow(new Error("shop/broker: 'nodes' must be 1, 3 or 5, got 2"));
});
