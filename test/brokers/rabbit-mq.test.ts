import { Application, BrokeredQueue, BrokeredQueueProps, Overflow, RabbitMq, RabbitMqProps, Workload } from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const rabbit = (props: RabbitMqProps = {}) => new RabbitMq(shop, 'broker', props);
const workload = (id: string) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0' });
const queue = (id: string, broker: RabbitMq, props: Partial<BrokeredQueueProps> = {}) => new BrokeredQueue(shop, id, { broker, ...props });

/** The definitions that the broker loads. */
const definitions = () => JSON.parse(new Both(shop).find('ConfigMap', 'broker-definitions').data.content);

test('a broker is one stable member with storage of its own on both targets', () => {
  const broker = rabbit({ storage: Size.gibibytes(20), storageClass: 'fast' });
  expect(broker.endpoint.url).toBe('amqp://broker:5672');
  const both = new Both(shop);
  expect(both.find('StatefulSet', 'broker').spec).toMatchObject({
    replicas: 1, volumeClaimTemplates: [{ spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '20Gi' } } } }],
  });
  expect(both.container('broker').volumeMounts).toContainEqual({ name: 'volume-broker-data', mountPath: '/var/lib/rabbitmq/mnesia', subPath: 'data' });
  expect(both.service('broker-0')).toMatchObject({ hostname: 'broker-0', user: '999:999' });
  expect(both.service('broker-0').volumes[0]).toMatchObject({ source: 'broker-data_0', target: '/var/lib/rabbitmq/mnesia' });
});

test('it is ready when its port is open, for which a check waits, and is never killed for a check', () => {
  rabbit();
  const both = new Both(shop);
  const command = ['bash', '/etc/rabbitmq/conduit/health'];
  expect(both.container('broker')).toMatchObject({ startupProbe: { exec: { command } }, readinessProbe: { exec: { command } } });
  expect(both.container('broker')).not.toHaveProperty('livenessProbe');
  expect(both.service('broker-0').healthcheck).toMatchObject({ test: ['CMD', ...command], start_period: '300s' });
  expect(both.find('ConfigMap', 'broker-health').data.content).toContain('PORT=5672\nQUEUES=\n');
});

test('it has more time to start the more queues there are, on Compose, as Kubernetes waits for as long as it takes', () => {
  const broker = rabbit();
  for (let index = 0; index < 400; index++) new BrokeredQueue(shop, `queue-${index}`, { broker, deadLetters: false });
  const both = new Both(shop);
  expect(both.service('broker-0').healthcheck.start_period).toBe('420s');
  expect(both.container('broker').startupProbe.failureThreshold).toBe(2 ** 31 - 1);
});

test('publishers are held back before the memory runs out', () => {
  rabbit({ memoryLimit: Size.mebibytes(500) });
  const both = new Both(shop);
  expect(both.container('broker').resources.limits.memory).toBe('500Mi');
  expect(both.service('broker-0').deploy.resources.limits.memory).toBe('500M');
  expect(both.find('ConfigMap', 'broker-configuration').data.content).toContain('vm_memory_high_watermark.absolute = 300MiB\n');
});

test('without queues there is a broker that nobody can log in to', () => {
  rabbit();
  expect(definitions()).toEqual({
    vhosts: [{ name: '/', default_queue_type: 'quorum' }],
    users: [],
    permissions: [],
    topic_permissions: [],
    parameters: [],
    global_parameters: [],
    policies: [],
    queues: [],
    exchanges: [],
    bindings: [],
  });
});

test('a queue is there, with its dead-letter queue, before anyone connects', () => {
  queue('orders', rabbit());
  const { queues, exchanges, bindings, policies } = definitions();
  const quorum = (name: string) => ({ name, vhost: '/', durable: true, auto_delete: false, arguments: { 'x-queue-type': 'quorum' } });
  const exchange = (name: string, internal: boolean) => ({ name, vhost: '/', type: 'direct', durable: true, auto_delete: false, internal, arguments: {} });
  const binding = (name: string) => ({ source: name, vhost: '/', destination: name, destination_type: 'queue', routing_key: name, arguments: {} });
  expect(queues).toEqual([quorum('orders'), quorum('orders.dead')]);
  expect(exchanges).toEqual([exchange('orders', false), exchange('orders.dead', true)]);
  expect(bindings).toEqual([binding('orders'), binding('orders.dead')]);
  expect(policies).toEqual([
    {
      'vhost': '/',
      'name': 'conduit-orders',
      'pattern': '^orders$',
      'apply-to': 'quorum_queues',
      'priority': 1,
      'definition': {
        'delivery-limit': 4, // after the first delivery
        'overflow': 'reject-publish',
        'dead-letter-exchange': 'orders.dead',
        'dead-letter-routing-key': 'orders.dead',
        'dead-letter-strategy': 'at-least-once',
      },
    },
    { 'vhost': '/', 'name': 'conduit-orders.dead', 'pattern': '^orders\\.dead$', 'apply-to': 'quorum_queues', 'priority': 1, 'definition': { 'delivery-limit': -1 } },
  ]);
});

test.each<[string, Partial<BrokeredQueueProps>, object]>([
  ['without dead letters', { deadLetters: false }, { 'delivery-limit': 4, 'overflow': 'reject-publish' }],
  ['with all limits', { deadLetters: false, deliveryLimit: 2, messageTtl: Duration.seconds(90), maxLength: 1000 },
    { 'delivery-limit': 1, 'overflow': 'reject-publish', 'message-ttl': 90_000, 'max-length': 1000 }],
  ['that drops the oldest', { overflow: Overflow.DROP_OLDEST, maxLength: 5 }, {
    'delivery-limit': 4,
    'overflow': 'drop-head',
    'max-length': 5,
    'dead-letter-exchange': 'orders.dead',
    'dead-letter-routing-key': 'orders.dead',
    'dead-letter-strategy': 'at-most-once',
  }],
])('a queue %s has its limits in a policy, and no argument that a program would have to repeat', (_, props, definition) => {
  queue('orders', rabbit(), props);
  const { policies, queues } = definitions();
  expect(policies[0].definition).toEqual(definition);
  expect(queues[0].arguments).toEqual({ 'x-queue-type': 'quorum' });
});

test('each user has one right on one queue', () => {
  const broker = rabbit();
  const orders = queue('orders', broker);
  queue('other', broker);
  orders.grantSend(workload('client'));
  orders.grantReceive(workload('worker'));
  orders.grantReceiveDeadLetters(workload('doctor'));
  const { users, permissions } = definitions();
  const user = (name: string) => ({ name, password: `@{${name}}`, tags: [], limits: {} });
  expect(users).toEqual(['orders-client-send', 'orders-doctor-receive-dead', 'orders-worker-receive'].map(user));
  const permission = (name: string, write: string, read: string) => ({ user: name, vhost: '/', configure: '^$', write, read });
  expect(permissions).toEqual([
    permission('orders-client-send', '^orders$', '^$'),
    permission('orders-doctor-receive-dead', '^$', '^orders\\.dead$'),
    permission('orders-worker-receive', '^$', '^orders$'),
  ]);
});

test('a program that declares its queue itself may, at the price that is told', () => {
  const orders = queue('orders', rabbit());
  orders.grantSend(workload('client'), { declares: true });
  orders.grantReceive(workload('worker'), { declares: true });
  expect(definitions().permissions).toEqual([
    { user: 'orders-client-send', vhost: '/', configure: '^orders$', write: '^(orders|amq\\.default)$', read: '^$' },
    { user: 'orders-worker-receive', vhost: '/', configure: '^orders$', write: '^$', read: '^orders$' },
  ]);
});

test('no password is in any file or argument: they are filled in where only the broker sees them', () => {
  const orders = queue('orders', rabbit());
  orders.grantSend(workload('client'));
  const both = new Both(shop);
  expect(both.container('broker').command).toEqual(['sh', '/etc/rabbitmq/conduit/start']);
  expect(both.service('broker-0').entrypoint).toEqual(['sh', '/etc/rabbitmq/conduit/start']);
  expect(both.find('ConfigMap', 'broker-start').data.content).toMatch(/^RUN=\/run\/conduit\n(.+\n)*TEMPLATE=\/etc\/rabbitmq\/conduit\/definitions\.json\n/);
  expect(both.container('broker').volumeMounts).toContainEqual({ name: 'writable-main-0', mountPath: '/run/conduit' });
  expect(both.service('broker-0').tmpfs[0]).toMatch(/^\/run\/conduit:/);
  expect(both.find('ConfigMap', 'broker-configuration').data.content).toContain('load_definitions = /run/conduit/definitions.json\n');
});

test('three nodes form a cluster, and nobody but they knows its cookie', () => {
  const broker = rabbit({ nodes: 3 });
  queue('orders', broker).grantSend(workload('client'));
  const both = new Both(shop);
  expect(both.find('StatefulSet', 'broker').spec).toMatchObject({ replicas: 3, podManagementPolicy: 'Parallel' });
  expect(both.find('PodDisruptionBudget', 'broker').spec).toMatchObject({ maxUnavailable: 1 });
  expect(['broker-0', 'broker-1', 'broker-2'].map(name => both.service(name).hostname)).toEqual(['broker-0', 'broker-1', 'broker-2']);
  expect(both.find('ConfigMap', 'broker-configuration').data.content).toContain('cluster_formation.target_cluster_size_hint = 3\n');
  expect(both.find('ConfigMap', 'broker-start').data.content).toContain("\nCOOKIE=/run/secrets/broker-cookie\nMEMBERS='broker-0 broker-1 broker-2'\n");
  expect(both.service('broker-2').secrets).toEqual(['broker-cookie', 'orders-client-send']);
  expect(both.service('client').secrets).toEqual(['orders-client-send']);
});

test('a node of a cluster is healthy when all its queues are there', () => {
  queue('orders', rabbit({ nodes: 3 }));
  const both = new Both(shop);
  expect(both.container('broker').readinessProbe.exec.command).toEqual(['bash', '/etc/rabbitmq/conduit/health']);
  expect(both.service('broker-0').healthcheck.test).toEqual(['CMD', 'bash', '/etc/rabbitmq/conduit/health']);
  expect(both.find('ConfigMap', 'broker-health').data.content).toContain('PORT=5672\nQUEUES=2\n'); // with the dead letters
});

test('a number of nodes without a majority is refused', () => {
  expect(wholeProgram(() => rabbit({ nodes: 2 }))).toThrow("shop/broker: 'nodes' must be 1, 3 or 5, got 2");
});

test('a queue has what it asks for: priorities, delays, one active consumer, replicas', () => {
  queue('orders', rabbit({ nodes: 5 }), { deadLetters: false, maxPriority: 9, delays: [Duration.seconds(30)], singleActiveConsumer: true, replicas: 5, acknowledgementTimeout: Duration.hours(1) })
    .grantSend(workload('client'));
  const { queues, bindings, policies } = definitions();
  expect(queues.map(({ name, arguments: fixed }: any) => [name, fixed])).toEqual([
    ['orders', { 'x-queue-type': 'quorum', 'x-single-active-consumer': true, 'x-quorum-initial-group-size': 5 }],
    ['orders.delay-30000ms', { 'x-queue-type': 'quorum' }],
  ]);
  expect(bindings.map(({ source, routing_key, destination }: any) => [source, routing_key, destination])).toEqual([
    ['orders', 'orders', 'orders'], ['orders', 'orders.delay-30000ms', 'orders.delay-30000ms'],
  ]);
  expect(policies[0].definition).toMatchObject({ 'consumer-timeout': 3_600_000 });
  expect(policies[1]).toMatchObject({ pattern: '^orders\\.delay-30000ms$', definition: { 'message-ttl': 30_000, 'dead-letter-exchange': 'orders', 'dead-letter-routing-key': 'orders' } });
  expect(new Both(shop).env('client').kubernetes).toMatchObject({ ORDERS_MAX_PRIORITY: '9', ORDERS_DELAY_30000MS_ROUTING_KEY: 'orders.delay-30000ms' });
});

test('the order of queues and grants does not matter', () => {
  const outputs = [['a', 'b'], ['b', 'a']].map(order => {
    shop = new Application('shop');
    const broker = rabbit();
    const workers = { a: workload('a'), b: workload('b') };
    for (const id of order) queue(`${id}-queue`, broker).grantReceive(workers[id as 'a' | 'b']);
    return new Both(shop).find('ConfigMap', 'broker-definitions').data.content;
  });
  expect(outputs[0]).toBe(outputs[1]);
});

test('two brokers of one application know nothing of each other', () => {
  queue('orders', rabbit());
  queue('mails', new RabbitMq(shop, 'second'));
  const both = new Both(shop);
  const names = (broker: string) => JSON.parse(both.find('ConfigMap', `${broker}-definitions`).data.content).queues.map(({ name }: any) => name);
  expect([names('broker'), names('second')]).toEqual([['orders', 'orders.dead'], ['mails', 'mails.dead']]);
});
