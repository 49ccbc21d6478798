import { Application, BrokeredQueue, BrokeredQueueProps, BrokeredTopic, EventStream, EventStreamProps, Kafka, KafkaProps, Overflow, StartFrom, Workload } from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const kafka = (props: KafkaProps = {}) => new Kafka(shop, 'broker', props);
const workload = (id: string) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0' });
const expires = { messageTtl: Duration.hours(1), expiredToDeadLetters: false };
const queue = (id: string, broker: Kafka, props: Partial<BrokeredQueueProps> = {}) => new BrokeredQueue(shop, id, { broker, ...expires, ...props });
const stream = (id: string, broker: Kafka, props: Partial<EventStreamProps> = {}) => new EventStream(shop, id, { broker, ...props });

/** The text of a config file, which has to be the same on both targets. */
const text = (name: string, both = new Both(shop)) => both.find('ConfigMap', name).data.content as string;
const linesOf = (kind: string, both?: Both) => text('broker-provisioning-declarations', both).split('\n').filter(line => line.startsWith(`${kind} `));
/** Settings of a topic that is declared. */
const topic = (name: string) => linesOf('topic').find(line => line.startsWith(`topic ${name} `))?.split(' ').slice(2);

test('a queue is a topic with as many partitions as consumers may share, beside one of dead letters that are kept', () => {
  queue('orders', kafka());
  const common = ['cleanup.policy=delete', 'flush.messages=1', 'max.compaction.lag.ms=9223372036854775807', 'message.timestamp.type=LogAppendTime', 'min.insync.replicas=1', 'retention.bytes=-1'];
  expect(topic('orders')).toEqual(['12', '1', ...common, 'retention.ms=3600000', 'segment.bytes=1073741824', 'segment.ms=360000']);
  expect(topic('orders.dead')).toEqual(['12', '1', ...common, 'retention.ms=-1', 'segment.bytes=1073741824', 'segment.ms=604800000']);
});

test.each<[string, Partial<BrokeredQueueProps>, string[]]>([
  ['of one active consumer', { singleActiveConsumer: true, deadLetters: false }, ['1']],
  ['that expires soon', { messageTtl: Duration.seconds(20), deadLetters: false }, ['retention.ms=20000', 'segment.ms=5000']],
  ['that holds so much', { maxSize: Size.mebibytes(120), overflow: Overflow.DROP_OLDEST }, [`retention.bytes=${7.5 * 1024 * 1024}`, `segment.bytes=${2.5 * 1024 * 1024}`]],
])('a queue %s is a topic that is so', (_, props, settings) => {
  queue('orders', kafka(), props);
  expect(topic('orders')).toEqual(expect.arrayContaining(settings));
});

test('a stream is a topic as it says, and a majority of its replicas confirms', () => {
  const broker = kafka({ nodes: 5 });
  stream('log', broker, { partitions: 6, maxAge: Duration.days(30), maxSize: Size.gibibytes(2) });
  stream('state', broker, { compacted: true, replicas: 5 });
  stream('both', broker, { compacted: true, maxAge: Duration.days(1), minInSync: 1 });
  expect(topic('log')).toEqual(['6', '3', 'cleanup.policy=delete', 'flush.messages=9223372036854775807', 'max.compaction.lag.ms=9223372036854775807',
    'message.timestamp.type=LogAppendTime', 'min.insync.replicas=2', 'retention.bytes=2147483648', 'retention.ms=2592000000', 'segment.bytes=536870912', 'segment.ms=259200000']);
  expect(topic('state')).toEqual(expect.arrayContaining(['1', '5', 'cleanup.policy=compact', 'max.compaction.lag.ms=3600000', 'min.insync.replicas=3', 'segment.ms=600000']));
  expect(topic('both')).toEqual(expect.arrayContaining(['1', '3', 'cleanup.policy=compact+delete', 'min.insync.replicas=1', 'retention.ms=86400000']));
});

test('each user has the least rights, and users of the same right get them together', () => {
  const broker = kafka();
  const orders = queue('orders', broker);
  queue('other', broker);
  orders.grantSend(workload('client'));
  for (const id of ['worker', 'helper']) orders.grantReceive(workload(id));
  orders.grantReceiveDeadLetters(workload('doctor'));
  const both = new Both(shop);
  expect(linesOf('user', both)).toEqual(['orders-client-send', 'orders-doctor-receive-dead', 'orders-helper-receive', 'orders-worker-receive'].map(name => `user ${name} /run/secrets/${name}`));
  expect(linesOf('right', both)).toEqual([
    'right DESCRIBE,READ GROUP:orders,TOPIC:orders orders-helper-receive,orders-worker-receive',
    'right DESCRIBE,READ GROUP:orders.dead,TOPIC:orders.dead orders-doctor-receive-dead',
    'right DESCRIBE,WRITE TOPIC:orders orders-client-send',
    'right DESCRIBE,WRITE TOPIC:orders.dead orders-helper-receive,orders-worker-receive',
  ]);
  expect(linesOf('start', both)).toEqual([]);
});

test('a program that declares its queue itself may, and no more', () => {
  const orders = queue('orders', kafka(), { deadLetters: false });
  orders.grantSend(workload('client'), { declares: true });
  orders.grantReceive(workload('worker'), { declares: true });
  expect(linesOf('right')).toEqual([
    'right CREATE TOPIC:orders orders-worker-receive',
    'right CREATE,DESCRIBE,WRITE TOPIC:orders orders-client-send',
    'right DESCRIBE,READ GROUP:orders,TOPIC:orders orders-worker-receive',
  ]);
});

test('subscribers of a topic are groups of their own, which begin with what comes then', () => {
  const news = new BrokeredTopic(shop, 'news', { broker: kafka(), messageTtl: Duration.days(1) });
  news.grantPublish(workload('press'));
  news.subscribe(workload('reader'), { expiredToDeadLetters: false });
  news.subscribe(workload('archive'), { deadLetters: false });
  const both = new Both(shop);
  expect(linesOf('topic', both).map(line => line.split(' ')[1])).toEqual(['news', 'news.reader.dead']);
  expect(linesOf('start', both)).toEqual(['start news latest news.archive news.reader']);
  expect(linesOf('right', both)).toEqual([
    'right DESCRIBE,READ GROUP:news.archive,TOPIC:news news-archive-archive-receive',
    'right DESCRIBE,READ GROUP:news.reader,TOPIC:news news-reader-reader-receive',
    'right DESCRIBE,WRITE TOPIC:news news-press-publish',
    'right DESCRIBE,WRITE TOPIC:news.reader.dead news-reader-reader-receive',
  ]);
});

test('readers of a stream begin where they want', () => {
  const log = stream('log', kafka());
  log.grantRead(workload('all'));
  log.grantRead(workload('next'), { startFrom: StartFrom.latest() });
  log.grantRead(workload('old'), { startFrom: StartFrom.time('2026-01-31T12:00:00+01:00') });
  log.grantRead(workload('some'), { startFrom: StartFrom.offset(7), group: 'seven' });
  const both = new Both(shop);
  expect(linesOf('start', both)).toEqual(['start log latest log.next', 'start log offset:7 log.seven', 'start log time:2026-01-31T11:00:00.000Z log.old']);
  expect(both.env('some').compose).toMatchObject({ LOG_TOPIC: 'log', LOG_GROUP: 'log.seven', LOG_AUTO_OFFSET_RESET: 'earliest', LOG_OFFSET: '7' });
  expect(both.env('next').compose).not.toHaveProperty('LOG_OFFSET');
});

test('clients learn what they have to know, the same on both targets', () => {
  const broker = kafka({ nodes: 3 });
  const orders = queue('orders', broker, { deliveryLimit: 3, acknowledgementTimeout: Duration.minutes(2) });
  orders.grantSend(workload('client'));
  orders.grantReceive(workload('worker'), { prefetch: 10 });
  const both = new Both(shop);
  const common = {
    ORDERS_HOST: 'broker',
    ORDERS_PORT: '9092',
    ORDERS_URL: 'kafka://broker:9092',
    ORDERS_BOOTSTRAP_SERVERS: 'broker-0:9092,broker-1:9092,broker-2:9092',
    ORDERS_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    ORDERS_SASL_MECHANISM: 'SCRAM-SHA-512',
    ORDERS_TOPIC: 'orders',
  };
  const credentials = (user: string) => ({ ORDERS_USER: user, ORDERS_PASSWORD_FILE: `/run/secrets/${user}` });
  for (const target of ['kubernetes', 'compose'] as const) {
    expect(both.env('client')[target]).toEqual({ ...common, ...credentials('orders-client-send') });
    expect(both.env('worker')[target]).toEqual({
      ...common,
      ...credentials('orders-worker-receive'),
      ORDERS_GROUP: 'orders',
      ORDERS_AUTO_OFFSET_RESET: 'earliest',
      ORDERS_DEAD_TOPIC: 'orders.dead',
      ORDERS_DELIVERY_LIMIT: '3',
      ORDERS_ACKNOWLEDGEMENT_TIMEOUT_MS: '120000',
      ORDERS_PREFETCH: '10',
    });
  }
});

test('clients start when everything is declared, of which they find out with their own rights', () => {
  queue('orders', kafka()).grantSend(workload('client'));
  const both = new Both(shop);
  const { image, command, env } = both.container('client', 'conduit-await-broker-provisioning');
  expect(image).toBe('docker.io/apache/kafka:4.3.1');
  expect(command.slice(-2)).toEqual(['completion-check', 'broker-0:9092']);
  expect(env).toEqual(both.container('client').env);
  expect(both.service('client').depends_on['broker-provisioning']).toEqual({ condition: 'service_completed_successfully' });
  expect(both.service('broker-provisioning').depends_on['broker-0']).toEqual({ condition: 'service_healthy' });
});

test('a container beside the main one waits as itself, too', () => {
  const client = workload('client');
  const helper = client.addSidecar('helper', { image: 'registry.example/acme/helper:1.0' });
  const orders = queue('orders', kafka());
  orders.grantSend(client);
  orders.grantReceive(helper);
  const both = new Both(shop);
  for (const [waiter, container, user] of [['conduit-await-broker-provisioning', 'client', 'orders-client-send'], ['conduit-await-broker-provisioning-helper', 'helper', 'orders-client-helper-receive']]) {
    const { env } = both.container('client', waiter);
    expect(env).toEqual(both.container('client', container).env);
    expect(env).toContainEqual({ name: 'ORDERS_USER', value: user });
  }
});

test('the order of queues and grants does not matter', () => {
  const outputs = [['a', 'b'], ['b', 'a']].map(order => {
    shop = new Application('shop');
    const broker = kafka();
    const workers = { a: workload('a'), b: workload('b') };
    for (const id of order) queue(`${id}-queue`, broker).grantReceive(workers[id as 'a' | 'b']);
    return text('broker-provisioning-declarations');
  });
  expect(outputs[0]).toBe(outputs[1]);
});

test.each<[string, (broker: Kafka) => unknown, string]>([
  ['more replicas than nodes', broker => queue('orders', broker, { replicas: 3 }), "shop/orders: 'replicas' must be at most the number of nodes of shop/broker, which is 1, got 3"],
  ['more in sync than replicas', broker => stream('log', broker, { minInSync: 2 }), "shop/log: 'minInSync' must be at most the number of replicas, which is 1, got 2"],
  ['a queue of too little', broker => queue('orders', broker, { maxSize: Size.mebibytes(10), overflow: Overflow.DROP_OLDEST }),
    "shop/orders: 'maxSize' must be at least 24 MiB, 2 MiB for each of 12 partition(s), got 10240 KiB; set a larger one, or fewer 'queuePartitions' of shop/broker"],
  ['a name that the server keeps', broker => stream('log', broker, { streamName: '__log' }), "shop/log: on Kafka a topic's name is not '.', and does not begin with '__', got '__log'; choose another name"],
  ['a name too long', broker => queue('orders', broker, { queueName: 'x'.repeat(249) }), 'at most 200 letters'],
  ['names that the server takes for the same', broker => [queue('orders', broker), stream('x', broker, { streamName: 'orders_dead' })],
    "shop/x: Kafka takes '.' and '_' in names of topics for the same, and there is 'orders.dead' already, got 'orders_dead'; choose another name"],
  ['a subscriber with a size of its own', broker => new BrokeredTopic(shop, 'news', { broker, messageTtl: Duration.hours(1) }).subscribe(workload('reader'), {
    deadLetters: false, maxSize: Size.mebibytes(100), overflow: Overflow.DROP_OLDEST,
  }), "shop/news/reader: on Kafka all subscribers read the one log of the topic, so none has a 'maxSize' of its own; leave it out"],
  ['a subscriber with one active consumer', broker => new BrokeredTopic(shop, 'news', { broker, messageTtl: Duration.hours(1) }).subscribe(workload('reader'), {
    deadLetters: false, singleActiveConsumer: true,
  }), "shop/news/reader: 'singleActiveConsumer' of a subscription needs a topic of one partition; set 'queuePartitions: 1' of shop/broker"],
])('%s: refused where it is asked for', (_, ask, message) => {
  const broker = kafka();
  expect(wholeProgram(() => ask(broker))).toThrow(message);
});

test('two clusters of one application know nothing of each other', () => {
  queue('orders', kafka());
  queue('mails', new Kafka(shop, 'second'));
  const both = new Both(shop);
  const names = (broker: string) => text(`${broker}-provisioning-declarations`, both).split('\n').filter(Boolean).map(line => line.split(' ')[1]);
  expect([names('broker'), names('second')]).toEqual([['orders', 'orders.dead'], ['mails', 'mails.dead']]);
});
