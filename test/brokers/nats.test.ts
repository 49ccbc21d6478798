import {
  Application, BrokeredQueue, BrokeredQueueProps, BrokeredTopic, EventStream, EventStreamProps, Nats, NatsProps, Overflow, StartFrom, Workload,
} from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Both } from '../targets/both';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const nats = (props: NatsProps = {}) => new Nats(shop, 'broker', props);
const workload = (id: string) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0' });
const queue = (id: string, broker: Nats, props: Partial<BrokeredQueueProps> = {}) => new BrokeredQueue(shop, id, { broker, ...props });
const topic = (id: string, broker: Nats) => new BrokeredTopic(shop, id, { broker });
const stream = (id: string, broker: Nats, props: Partial<EventStreamProps> = {}) => new EventStream(shop, id, { broker, ...props });

const fileOf = (name: string) => new Both(shop).find('ConfigMap', name).data.content;
/** The server's configuration, before passwords are filled in. */
const configuration = () => JSON.parse(fileOf('broker-configuration'));
/** What is declared: kind and name, what cannot change of it, and what it shall be. */
const declarations = (): [string, string, any][] => fileOf('broker-declarations').split('\n').filter(Boolean).map((line: string) => {
  const [kind, name, fixed] = line.split(' ');
  return [`${kind} ${name}`, fixed, JSON.parse(line.slice(`${kind} ${name} ${fixed} `.length))];
});
const declared = (object: string) => declarations().find(([each]) => each === object)![2];
const consumer = (name: string) => declared(`CONSUMER ${name}`).config;
const variables = (client: Workload) => Object.fromEntries(Object.entries(client.main.env).map(([name, value]) => [name, value.text]));
/** Subjects that a user may publish to. */
const rights = (userName: string) => configuration().accounts.APP.users.find(({ user }: any) => user === userName).permissions.publish.allow;

const second = 1_000_000_000;

test('a broker is one stable member with storage of its own on both targets', () => {
  const broker = nats({ storage: Size.gibibytes(20), storageClass: 'fast' });
  expect(broker.endpoint.url).toBe('nats://broker:4222');
  const both = new Both(shop);
  expect(both.find('StatefulSet', 'broker').spec).toMatchObject({
    replicas: 1, volumeClaimTemplates: [{ spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '20Gi' } } } }],
  });
  expect(both.container('broker').volumeMounts).toContainEqual({ name: 'volume-broker-data', mountPath: '/data', subPath: 'data' });
  expect(both.service('broker-0')).toMatchObject({ hostname: 'broker-0', user: '65534:65534' });
  expect(both.service('broker-0').volumes).toContainEqual(expect.objectContaining({ source: 'broker-data_0', target: '/data' }));
});

test('messages are on disk when they are confirmed, and leave room for what the server notes for itself', () => {
  nats({ storage: Size.gibibytes(10) });
  expect(configuration().jetstream).toEqual({ store_dir: '/data', max_memory_store: 0, max_file_store: 8 * 1024 ** 3, sync_interval: 'always' });
});

test('it is ready when all is recovered, is never killed for a check, and tells nobody else how it is', () => {
  nats();
  const both = new Both(shop);
  expect(both.container('broker').readinessProbe.exec.command).toEqual(['sh', '/etc/nats/conduit/health']);
  expect(both.container('broker')).not.toHaveProperty('livenessProbe');
  expect(both.service('broker-0').healthcheck.test).toEqual(['CMD', 'sh', '/etc/nats/conduit/health']);
  expect(configuration().http).toBe('127.0.0.1:8222');
  expect(both.container('broker').ports).toEqual([{ name: 'nats', containerPort: 4222, protocol: 'TCP' }]);
});

test('the memory that is given is what the program is told', () => {
  nats({ memoryLimit: Size.mebibytes(500) });
  const both = new Both(shop);
  expect(both.container('broker').resources.limits.memory).toBe('500Mi');
  expect(both.service('broker-0').deploy.resources.limits.memory).toBe('500M');
  expect(fileOf('broker-start')).toContain('\nMEMORY=400\n');
});

test('without queues there is nothing but the user who declares, and nobody may log in without a password', () => {
  nats();
  expect(configuration()).toEqual({
    port: 4222,
    http: '127.0.0.1:8222',
    jetstream: expect.anything(),
    accounts: {
      APP: {
        jetstream: 'enabled',
        users: [{ user: 'broker-admin', password: '@{broker-admin}', permissions: { publish: { allow: ['$JS.API.>'] }, subscribe: { allow: ['_INBOX_broker-admin.>'] } } }],
      },
    },
  });
  expect(declarations()).toEqual([]);
});

test('a queue is a stream with one consumer, beside a stream of notices about what came too often', () => {
  queue('orders', nats());
  const stored = { storage: 'file', num_replicas: 1, discard: 'old', max_consumers: -1, max_msgs: -1, max_bytes: -1, max_age: 0 };
  const durable = (name: string) => ({ name, durable_name: name, ack_policy: 'explicit', max_ack_pending: 65535, deliver_policy: 'all' });
  const isStream = '"retention":"workqueue","storage":"file"';
  const isConsumer = '"deliver_policy":"all","ack_policy":"explicit"';
  expect(declarations()).toEqual([
    ['STREAM orders', isStream, { name: 'orders', subjects: ['orders'], retention: 'workqueue', ...stored }],
    ['STREAM orders-dead', isStream, {
      name: 'orders-dead', subjects: ['$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.orders.orders'], retention: 'workqueue', ...stored,
    }],
    ['CONSUMER orders.orders', isConsumer, { stream_name: 'orders', config: { ...durable('orders'), filter_subject: 'orders', max_deliver: 5, ack_wait: 30 * second } }],
    ['CONSUMER orders-dead.orders-dead', isConsumer, { stream_name: 'orders-dead', config: durable('orders-dead') }],
  ]);
});

test.each<[string, Partial<BrokeredQueueProps>, object]>([
  ['that is limited refuses what is too much', { maxLength: 1000, maxSize: Size.mebibytes(2) }, { max_msgs: 1000, max_bytes: 2 * 1024 ** 2, discard: 'new' }],
  ['that drops the oldest says so', { maxLength: 5, overflow: Overflow.DROP_OLDEST, expiredToDeadLetters: false }, { max_msgs: 5, discard: 'old' }],
  ['has messages expire', { messageTtl: Duration.seconds(90), expiredToDeadLetters: false }, { max_age: 90 * second }],
  ['remembers what was sent', { deduplicationWindow: Duration.minutes(1) }, { duplicate_window: 60 * second }],
  ['with delays has messages wait on subjects of their own', { delays: [Duration.seconds(3)] }, { subjects: ['orders', 'orders.later.>'], allow_msg_schedules: true }],
])('a queue %s', (_, props, config) => {
  queue('orders', nats(), props);
  expect(declared('STREAM orders')).toMatchObject(config);
});

test.each<[string, Partial<BrokeredQueueProps>, object]>([
  ['within the time that was given', { acknowledgementTimeout: Duration.seconds(3) }, { ack_wait: 3 * second }],
  ['after times that double', { retry: { initial: Duration.seconds(1), maximum: Duration.seconds(5) } }, { backoff: [31, 32, 34, 35].map(time => time * second) }],
  ['after no more times than there are deliveries', { deliveryLimit: 2, retry: { initial: Duration.seconds(1), maximum: Duration.seconds(5) } }, { max_deliver: 2, backoff: [31 * second] }],
  ['after the same time always', { retry: { initial: Duration.seconds(5), maximum: Duration.seconds(5) } }, { backoff: [35 * second] }],
  ['to one consumer alone', { singleActiveConsumer: true, acknowledgementTimeout: Duration.seconds(9) },
    { priority_policy: 'pinned_client', priority_groups: ['active'], priority_timeout: 9 * second }],
])('a message comes again %s', (_, props, config) => {
  queue('orders', nats(), props);
  expect(consumer('orders.orders')).toMatchObject(config);
  expect('ack_wait' in consumer('orders.orders')).toBe(!('backoff' in consumer('orders.orders')));
});

test('each user has one right on one queue', () => {
  const orders = queue('orders', nats(), { delays: [Duration.seconds(3)] });
  orders.grantSend(workload('client'));
  orders.grantReceive(workload('worker'));
  orders.grantReceiveDeadLetters(workload('doctor'));
  expect(rights('orders-client-send')).toEqual(['orders', 'orders.later.>', '$JS.API.STREAM.INFO.orders']);
  expect(rights('orders-worker-receive')).toEqual(['$JS.API.CONSUMER.INFO.orders.orders', '$JS.API.CONSUMER.MSG.NEXT.orders.orders', '$JS.ACK.orders.orders.>']);
  expect(rights('orders-doctor-receive-dead')).toEqual([
    '$JS.API.CONSUMER.INFO.orders-dead.orders-dead', '$JS.API.CONSUMER.MSG.NEXT.orders-dead.orders-dead', '$JS.ACK.orders-dead.orders-dead.>',
    '$JS.API.STREAM.MSG.GET.orders', '$JS.ACK.orders.orders.>',
  ]);
  for (const { user, password, permissions } of configuration().accounts.APP.users) {
    expect([password, permissions.subscribe.allow]).toEqual([`@{${user}}`, [`_INBOX_${user}.>`]]);
  }
});

test('clients of a queue are told what they need', () => {
  const [client, worker, doctor] = ['client', 'worker', 'doctor'].map(workload);
  const orders = queue('orders', nats(), { delays: [Duration.seconds(3)], singleActiveConsumer: true, retry: { initial: Duration.seconds(1), maximum: Duration.seconds(3) } });
  orders.grantSend(client);
  orders.grantReceive(worker, { prefetch: 7 });
  orders.grantReceiveDeadLetters(doctor);
  const common = (prefix: string, user: string) => Object.fromEntries(Object.entries({
    HOST: 'broker', PORT: '4222', URL: 'nats://broker:4222', USER: user, PASSWORD_FILE: `/run/secrets/${user}`, INBOX_PREFIX: `_INBOX_${user}`,
  }).map(([name, value]) => [`${prefix}_${name}`, value]));
  expect(variables(client)).toEqual({
    ...common('ORDERS', 'orders-client-send'), ORDERS_STREAM: 'orders', ORDERS_QUEUE: 'orders', ORDERS_SUBJECT: 'orders', ORDERS_DELAY_SUBJECT: 'orders.later',
  });
  expect(variables(worker)).toEqual({
    ...common('ORDERS', 'orders-worker-receive'),
    ORDERS_STREAM: 'orders',
    ORDERS_CONSUMER: 'orders',
    ORDERS_PREFETCH: '7',
    ORDERS_GROUP: 'active',
    ORDERS_GROUP_TIMEOUT_MS: '30000',
    ORDERS_RETRY_DELAYS_MS: '1000,2000,3000',
  });
  expect(variables(doctor)).toEqual({
    ...common('ORDERS_DEAD', 'orders-doctor-receive-dead'),
    ORDERS_DEAD_STREAM: 'orders-dead',
    ORDERS_DEAD_CONSUMER: 'orders-dead',
    ORDERS_DEAD_PREFETCH: '1',
    ORDERS_DEAD_ORIGIN_STREAM: 'orders',
    ORDERS_DEAD_ORIGIN_CONSUMER: 'orders',
  });
});

test('clients start after everything was declared on both targets', () => {
  queue('orders', nats()).grantSend(workload('client'));
  const both = new Both(shop);
  expect(both.containerNames('client').init).toEqual(['conduit-wait', 'conduit-tools', 'conduit-await-broker-provisioning']);
  const waiting = both.container('client', 'conduit-await-broker-provisioning');
  expect(waiting.image).toBe('docker.io/natsio/nats-box:0.19.7');
  expect(waiting.env).toContainEqual({ name: 'ORDERS_STREAM', value: 'orders' });
  expect(both.service('client').depends_on).toMatchObject({
    'broker-0': { condition: 'service_healthy' }, 'broker-provisioning': { condition: 'service_completed_successfully' },
  });
});

test('a topic keeps messages for its subscribers, and is complete when all of them are there', () => {
  const news = topic('news', nats());
  news.grantPublish(workload('paper'));
  news.subscribe(workload('reader'), { deadLetters: false });
  news.subscribe(workload('archive'));
  expect(declarations().map(([object]) => object)).toEqual([
    'STREAM news-archive-dead', 'STREAM news', 'CONSUMER news.archive', 'CONSUMER news-archive-dead.news-archive-dead', 'CONSUMER news.reader', 'STREAM news',
  ]);
  const [first, last] = declarations().filter(([object]) => object === 'STREAM news').map(([, , config]) => config);
  expect(first).toMatchObject({ subjects: ['news', 'news.>'], retention: 'interest' });
  expect(first).not.toHaveProperty('metadata');
  expect(last).toEqual({ ...first, metadata: { conduit: 'complete' } });
  expect(consumer('news.reader')).toMatchObject({ deliver_policy: 'new', max_deliver: 5 });
});

test.each<[string, object]>([
  ['#', {}],
  ['order.*.eu', { filter_subject: 'news.order.*.eu' }],
  ['order.#', { filter_subjects: ['news.order', 'news.order.>'] }],
])('a subscriber chooses by key with %s', (filter, config) => {
  topic('news', nats()).subscribe(workload('reader'), { filter });
  const { filter_subject, filter_subjects } = consumer('news.reader');
  expect({ filter_subject, filter_subjects }).toEqual({ filter_subject: undefined, filter_subjects: undefined, ...config });
});

test('publishers, subscribers and their doctors have one right on one topic', () => {
  const news = topic('news', nats());
  const [paper, reader, doctor] = ['paper', 'reader', 'doctor'].map(workload);
  news.grantPublish(paper);
  news.subscribe(reader).grantReceiveDeadLetters(doctor);
  expect(rights('news-paper-publish')).toEqual(['news', 'news.>', '$JS.API.STREAM.INFO.news']);
  expect(rights('news-reader-reader-receive')).toEqual(['$JS.API.CONSUMER.INFO.news.reader', '$JS.API.CONSUMER.MSG.NEXT.news.reader', '$JS.ACK.news.reader.>']);
  expect(rights('news-reader-doctor-receive-dead').slice(-2)).toEqual(['$JS.API.STREAM.MSG.GET.news', '$JS.ACK.news.reader.>']);
  expect(variables(paper)).toMatchObject({ NEWS_SUBJECT: 'news', NEWS_STREAM: 'news' });
  expect(variables(reader)).toMatchObject({ NEWS_STREAM: 'news', NEWS_CONSUMER: 'reader', NEWS_PREFETCH: '1' });
  expect(variables(doctor)).toMatchObject({ NEWS_DEAD_STREAM: 'news-reader-dead', NEWS_DEAD_ORIGIN_STREAM: 'news', NEWS_DEAD_ORIGIN_CONSUMER: 'reader' });
});

test('a stream keeps events until its limits say otherwise', () => {
  const log = stream('log', nats(), { maxAge: Duration.hours(1), maxSize: Size.mebibytes(5), compacted: true, deduplicationWindow: Duration.seconds(9) });
  log.grantPublish(workload('writer'));
  expect(declared('STREAM log')).toMatchObject({
    subjects: ['log', 'log.>'], retention: 'limits', discard: 'old', max_age: 3600 * second, max_bytes: 5 * 1024 ** 2, max_msgs_per_subject: 1, duplicate_window: 9 * second,
  });
  expect(rights('log-writer-publish')).toEqual(['log', 'log.>', '$JS.API.STREAM.INFO.log']);
});

test.each<[string, StartFrom, object, string]>([
  ['the beginning', StartFrom.beginning(), { deliver_policy: 'all' }, '"deliver_policy":"all"'],
  ['the next event', StartFrom.latest(), { deliver_policy: 'new' }, '"deliver_policy":"new"'],
  ['a time', StartFrom.time('2026-01-31T12:00:00.500+01:00'), { deliver_policy: 'by_start_time', opt_start_time: '2026-01-31T11:00:00.5Z' },
    '"deliver_policy":"by_start_time","opt_start_time":"2026-01-31T11:00:00.5Z"'],
  ['an offset, which the server counts from 1', StartFrom.offset(3), { deliver_policy: 'by_start_sequence', opt_start_seq: 4 },
    '"deliver_policy":"by_start_sequence","opt_start_seq":4'],
])('a group begins with %s, which cannot change', (_, startFrom, config, fixed) => {
  const [one, other] = ['one', 'other'].map(workload);
  const log = stream('log', nats());
  for (const reader of [one, other]) log.grantRead(reader, { group: 'readers', startFrom });
  expect(declarations().filter(([object]) => object.startsWith('CONSUMER')).map(([object]) => object)).toEqual(['CONSUMER log.readers']);
  expect(consumer('log.readers')).toMatchObject(config);
  expect(declarations()[1][1]).toBe(`${fixed},"ack_policy":"explicit"`);
  expect(variables(one)).toMatchObject({ LOG_STREAM: 'log', LOG_CONSUMER: 'readers' });
  expect(rights('log-one-read')).toEqual(['$JS.API.CONSUMER.INFO.log.readers', '$JS.API.CONSUMER.MSG.NEXT.log.readers', '$JS.ACK.log.readers.>']);
});

test('nodes are members of a cluster that let nobody else in, and hand over before they end', () => {
  queue('orders', nats({ nodes: 5 }));
  expect(configuration()).toMatchObject({
    cluster: {
      name: 'broker',
      port: 6222,
      authorization: { user: 'route', password: '@{broker-routes}' },
      routes: [0, 1, 2, 3, 4].map(member => `nats://route:@{broker-routes}@broker-${member}:6222`),
    },
    lame_duck_grace_period: '3s',
    lame_duck_duration: '30s',
  });
  expect(declared('STREAM orders').num_replicas).toBe(3);
  expect(fileOf('broker-start')).toContain('\nNODES=5\nPORT=4222\nCLUSTER_PORT=6222\n');
  const both = new Both(shop);
  expect(both.find('StatefulSet', 'broker').spec.replicas).toBe(5);
  expect(both.container('broker').lifecycle.preStop.exec.command.join(' ')).toContain('\nSIGNAL=USR2\n');
  expect(both.service('broker-4')).toMatchObject({ stop_signal: 'SIGUSR2', stop_grace_period: '60s' });
});

test('the number of replicas can be chosen', () => {
  const broker = nats({ nodes: 3 });
  queue('orders', broker, { replicas: 1 });
  stream('log', broker, { replicas: 3 });
  expect(['orders', 'orders-dead', 'log'].map(name => declared(`STREAM ${name}`).num_replicas)).toEqual([1, 1, 3]);
});

test('no password is in any file or argument: they are filled in where only the broker sees them', () => {
  queue('orders', nats()).grantSend(workload('client'));
  const both = new Both(shop);
  expect(both.container('broker').command).toEqual(['sh', '/etc/nats/conduit/start']);
  expect(both.service('broker-0').entrypoint).toEqual(['sh', '/etc/nats/conduit/start']);
  expect(fileOf('broker-start')).toContain('\nTEMPLATE=/etc/nats/conduit/nats.conf\n');
  expect(both.container('broker').volumeMounts).toContainEqual({ name: 'writable-main-0', mountPath: '/run/conduit' });
  expect(both.service('broker-0').tmpfs[0]).toMatch(/^\/run\/conduit:/);
  expect(both.env('broker-provisioning')).toMatchObject({
    kubernetes: { NATS_PASSWORD_FILE: '/run/secrets/broker-admin' }, compose: { NATS_USER: 'broker-admin', NATS_URL: 'nats://broker:4222' },
  });
});

test('the order of queues and grants does not matter', () => {
  const outputs = [['a', 'b'], ['b', 'a']].map(order => {
    shop = new Application('shop');
    const broker = nats();
    const workers = { a: workload('a'), b: workload('b') };
    for (const id of order) queue(`${id}-queue`, broker).grantReceive(workers[id as 'a' | 'b']);
    return [fileOf('broker-configuration'), fileOf('broker-declarations')];
  });
  expect(outputs[0]).toEqual(outputs[1]);
});
