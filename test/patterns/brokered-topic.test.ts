import { Application, BrokeredTopic, BrokeredTopicProps, Overflow, RabbitMq, SubscribeOptions, Workload } from 'cdk8s-conduit';
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
const topic = (props: Partial<BrokeredTopicProps> = {}) => new BrokeredTopic(shop, 'orders', { broker, ...props });
const definitions = () => JSON.parse(new Both(shop).find('ConfigMap', 'broker-definitions').data.content);
const withText = (container: Workload) => Object.fromEntries(Object.entries(container.main.env).map(([name, value]) => [name, value.text]));

test('a publisher is told the exchange, and may write to it alone', () => {
  const frontend = workload('frontend');
  topic().grantPublish(frontend);
  expect(withText(frontend)).toEqual({
    ORDERS_EXCHANGE: 'orders',
    ORDERS_HOST: 'broker',
    ORDERS_PASSWORD_FILE: '/run/secrets/orders-frontend-publish',
    ORDERS_PORT: '5672',
    ORDERS_URL: 'amqp://broker:5672',
    ORDERS_USER: 'orders-frontend-publish',
  });
  const { permissions, exchanges } = definitions();
  expect(permissions).toEqual([{ user: 'orders-frontend-publish', vhost: '/', configure: '^$', write: '^orders$', read: '^$' }]);
  expect(exchanges).toEqual([{ name: 'orders', vhost: '/', type: 'topic', durable: true, auto_delete: false, internal: false, arguments: {} }]);
});

test('each subscriber has a queue of its own, with dead letters, and may read it alone', () => {
  const billing = workload('billing');
  const orders = topic();
  orders.subscribe(billing, { prefetch: 5 });
  orders.subscribe(workload('shipping'));
  expect(withText(billing)).toMatchObject({ ORDERS_QUEUE: 'orders.billing', ORDERS_PREFETCH: '5', ORDERS_USER: 'orders-billing-billing-receive' });
  const { queues, bindings, permissions } = definitions();
  expect(queues.map(({ name }: any) => name)).toEqual(['orders.billing', 'orders.billing.dead', 'orders.shipping', 'orders.shipping.dead']);
  expect(bindings.filter(({ source }: any) => source === 'orders').map(({ destination, routing_key }: any) => [destination, routing_key]))
    .toEqual([['orders.billing', '#'], ['orders.shipping', '#']]);
  expect(permissions[0]).toEqual({ user: 'orders-billing-billing-receive', vhost: '/', configure: '^$', write: '^$', read: '^orders\\.billing$' });
});

test('a subscriber may choose by key, by header, or by both', () => {
  const orders = topic();
  orders.subscribe(workload('a'), { filter: 'order.*.eu', deadLetters: false });
  orders.subscribe(workload('b'), { headers: { kind: 'letter' }, deadLetters: false });
  orders.subscribe(workload('c'), { filter: 'order.#', headers: { kind: 'letter' }, deadLetters: false });
  const { exchanges, bindings } = definitions();
  expect(exchanges.map(({ name, type, internal }: any) => `${name} ${type}${internal ? ' internal' : ''}`))
    .toEqual(['orders.b headers internal', 'orders.c headers internal', 'orders topic']);
  const tell = ({ source, destination, destination_type, routing_key, arguments: chosen }: any) => [source, destination_type, destination, routing_key, chosen];
  expect(bindings.map(tell)).toEqual([
    ['orders', 'queue', 'orders.a', 'order.*.eu', {}],
    ['orders', 'exchange', 'orders.b', '#', {}],
    ['orders.b', 'queue', 'orders.b', '', { 'x-match': 'all-with-x', 'kind': 'letter' }],
    ['orders', 'exchange', 'orders.c', 'order.#', {}],
    ['orders.c', 'queue', 'orders.c', '', { 'x-match': 'all-with-x', 'kind': 'letter' }],
  ]);
});

test('a group shares one copy, and its dead letters can be received', () => {
  const orders = topic();
  const subscription = orders.subscribe(workload('worker'), { group: 'billing' });
  const [second, doctor] = [workload('second'), workload('doctor')];
  subscription.grantReceive(second, { prefetch: 3 });
  subscription.grantReceiveDeadLetters(doctor);
  expect(withText(second)).toMatchObject({ ORDERS_QUEUE: 'orders.billing', ORDERS_PREFETCH: '3' });
  expect(withText(doctor)).toMatchObject({ ORDERS_DEAD_QUEUE: 'orders.billing.dead' });
  expect(wholeProgram(() => orders.subscribe(workload('third'), { group: 'billing' })))
    .toThrow("shop/orders: 'billing' has subscribed already; let 'third' share with 'grantReceive' of that subscription, or give another 'group'");
});

test('limits are those of each subscriber, the time to live is the topic\'s', () => {
  topic({ messageTtl: Duration.hours(1) }).subscribe(workload('a'), {
    deliveryLimit: 2,
    maxLength: 10,
    maxSize: Size.kibibytes(2),
    overflow: Overflow.DROP_OLDEST,
    retry: { initial: Duration.seconds(1), maximum: Duration.minutes(1) },
  });
  expect(definitions().policies[0].definition).toMatchObject({
    'delivery-limit': 1,
    'message-ttl': 3_600_000,
    'max-length': 10,
    'max-length-bytes': 2048,
    'overflow': 'drop-head',
    'delayed-retry-type': 'failed',
    'delayed-retry-min': 1000,
    'delayed-retry-max': 60_000,
  });
});

test.each<[string, SubscribeOptions, string]>([
  ['an empty word', { filter: 'a..b' }, "shop/orders/a: 'filter' must be words between dots, '*' or '#', got 'a..b'"],
  ['half a wildcard', { filter: 'a*' }, "shop/orders/a: 'filter' must be words between dots, '*' or '#', got 'a*'"],
  ['a group with a dot', { group: 'a.b' }, "shop/orders/a.b: 'group' must be at most 100 letters, digits, '-' and '_', got 'a.b'"],
  ['no deliveries', { deliveryLimit: 0 }, "shop/orders/a: 'deliveryLimit' must be a whole number of 1 or more, got 0"],
  ['a prefetch of none', { prefetch: 0 }, "shop/orders/a: 'prefetch' must be a whole number from 1 to 65535, got 0"],
  ['expired messages that do not go to the dead letters', { overflow: Overflow.DROP_OLDEST, expiredToDeadLetters: false },
    "shop/orders/a: 'expiredToDeadLetters: false' (expired messages removed beside dead letters) cannot be had on RabbitMQ: "
    + 'a dead-letter exchange takes expired messages together with those that failed; use Kafka or Nats, or leave it out'],
])('a subscription with %s is refused', (_, options, message) => {
  expect(wholeProgram(() => topic().subscribe(workload('a'), options))).toThrow(message);
});

test('the name of a topic, or of a queue, is taken once', () => {
  topic();
  expect(wholeProgram(() => new BrokeredTopic(shop, 'again', { broker, topicName: 'orders' }))).toThrow("shop/again: shop/broker has a topic 'orders' already; choose another id or set 'topicName'");
});
