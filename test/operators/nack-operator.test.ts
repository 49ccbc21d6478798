import { Application, BrokeredQueue, BrokeredTopic, DiscoverableService, EventStream, NackOperator, Nats, NatsProps, StartFrom, Workload } from 'cdk8s-conduit';
import { spawnSync } from 'child_process';
import { Duration } from 'cdk8s';
import { HandedOver } from './handing-over';
import { Policies } from '../../src/contracts/targets/network-policy';
import { customResources } from '../judges/judges';
import { NACK_FACTS } from '../judges/operator-facts';
import { Objects } from '../targets/objects';

function shopWith(props: NatsProps = {}): { shop: Application; broker: Nats } {
  const shop = new Application('shop');
  const broker = new Nats(shop, 'broker', props);
  const jobs = new BrokeredQueue(shop, 'jobs', {
    broker,
    delays: [Duration.minutes(10)],
    messageTtl: Duration.days(1),
    retry: { initial: Duration.seconds(1), maximum: Duration.seconds(3) },
    expiredToDeadLetters: false,
  });
  const turns = new BrokeredQueue(shop, 'turns', { broker, singleActiveConsumer: true, deduplicationWindow: Duration.minutes(2) });
  const orders = new BrokeredTopic(shop, 'orders', { broker });
  const prices = new EventStream(shop, 'prices', { broker, compacted: true });
  const frontend = new DiscoverableService(shop, 'frontend', { image: 'acme/frontend:1.4.2', port: 8080 });
  const shipping = new Workload(shop, 'shipping', { image: 'acme/shipping:2.0.1' });
  jobs.grantSend(frontend);
  jobs.grantReceive(shipping);
  turns.grantReceive(shipping);
  orders.grantPublish(frontend);
  orders.subscribe(shipping, { filter: 'order.#', deadLetters: false });
  prices.grantRead(frontend, { startFrom: StartFrom.time('2026-01-01T00:00:00Z') });
  prices.grantRead(shipping, { startFrom: StartFrom.offset(7) });
  return { shop, broker };
}

const handedOver = (props: NatsProps = {}, chart = {}) => {
  const { shop, broker } = shopWith(props);
  return new HandedOver(shop, [new NackOperator(broker)], chart);
};

test('NACK takes over the task with its files; the servers stay', () => {
  const shop = handedOver({ nodes: 3 });
  expect(shop.missing().map(each => each.replace(/-[0-9a-f]{10}$/, ''))).toEqual([
    'NetworkPolicy/broker-provisioning', 'ConfigMap/broker-declarations', 'ConfigMap/broker-provision', 'Job/broker-provisioning',
  ]);
  expect(shop.find('StatefulSet', 'broker').spec.replicas).toBe(3);
  expect(shop.compose.services).toHaveProperty('broker-provisioning');
});

test('the controller logs in as the administrator did, and gets its replies; nobody else has other rights', () => {
  const shop = handedOver({}, { secretStore: { name: 'vault' } });
  expect(shop.find('Account', 'broker').spec).toEqual({
    servers: ['nats://broker.shop.svc:4222'], user: { secret: { name: 'broker-admin' }, user: 'username', password: 'password' },
  });
  expect(shop.find('ExternalSecret', 'broker-admin').spec.target.template).toEqual({ mergePolicy: 'Merge', data: { username: 'broker-admin' } });
  const usersOf = (objects: any[]) => JSON.parse(new Objects(objects).find('ConfigMap', 'broker-configuration').data.content).accounts.APP.users;
  const [administrator, ...others] = usersOf(shop.objects);
  const [, ...usual] = usersOf(shop.usual);
  expect(administrator).toMatchObject({ user: 'broker-admin', permissions: { publish: { allow: ['$JS.API.>'] }, subscribe: { allow: ['_INBOX.>'] } } });
  expect(others).toEqual(usual);
});

test('streams and consumers are those that the task declares', () => {
  const shop = handedOver({ nodes: 3 });
  const common = { account: 'broker', preventDelete: true };
  expect(shop.find('Stream', 'broker.jobs').spec).toEqual({
    name: 'jobs',
    subjects: ['jobs', 'jobs.later.>'],
    retention: 'workqueue',
    storage: 'file',
    replicas: 3,
    discard: 'old',
    maxConsumers: -1,
    maxMsgs: -1,
    maxBytes: -1,
    maxAge: '86400000ms',
    allowMsgSchedules: true,
    ...common,
  });
  expect(shop.find('Stream', 'broker.prices').spec).toMatchObject({ retention: 'limits', maxMsgsPerSubject: 1, maxAge: '' });
  expect(shop.find('Stream', 'broker.turns').spec.duplicateWindow).toBe('120000ms');
  expect(shop.find('Consumer', 'broker.jobs.jobs').spec).toMatchObject({ streamName: 'jobs', durableName: 'jobs', ackPolicy: 'explicit', deliverPolicy: 'all', maxDeliver: 5, ackWait: '31000ms', backoff: ['31000ms', '32000ms', '33000ms'] });
  expect(shop.find('Consumer', 'broker.turns.turns').spec).toMatchObject({ ackWait: '30000ms', priorityPolicy: 'pinned_client', priorityGroups: ['active'], pinnedTtl: '30000ms' });
  expect(shop.find('Consumer', 'broker.orders.shipping').spec).toMatchObject({ deliverPolicy: 'new', filterSubjects: ['orders.order', 'orders.order.>'] });
  expect(shop.find('Consumer', 'broker.prices.frontend').spec).toMatchObject({ deliverPolicy: 'byStartTime', optStartTime: '2026-01-01T00:00:00Z', ackWait: '30s' });
  expect(shop.find('Consumer', 'broker.prices.shipping').spec).toMatchObject({ deliverPolicy: 'byStartSequence', optStartSeq: 8 });
  const lines: string[] = new Objects(shop.usual).find('ConfigMap', 'broker-declarations').data.content.split('\n');
  const declared = (kind: string) => [...new Set(lines.filter(line => line.startsWith(`${kind} `)).map(line => `broker.${line.split(' ')[1]}`))];
  expect(shop.names('Stream')).toEqual(declared('STREAM'));
  expect(shop.names('Consumer')).toEqual(declared('CONSUMER'));
});

test('each message is stored as often as the task says', () => {
  expect(handedOver({ nodes: 5 }).find('Stream', 'broker.jobs').spec.replicas).toBe(3);
});

test('a publisher to a topic waits until all subscribers are there, and every other client as ever', () => {
  const shop = handedOver();
  const [await_] = shop.find('Deployment', 'frontend').spec.template.spec.initContainers.filter(({ name }: any) => name === 'conduit-await-broker-provisioning');
  const script = await_.command.at(-1).replaceAll('$$', '$');
  const answers: [string, number][] = [
    ['{"type":"x","config":{"name":"orders","retention":"interest"},"state":{"messages":0,"consumer_count":0}}', 1],
    ['{"type":"x","config":{"name":"orders","retention":"interest"},"state":{"messages":0,"consumer_count":1}}', 0],
    ['{"type":"x","config":{"name":"orders","retention":"workqueue"}}', 0],
    ['{"type":"x","error":{"code":404}}', 1],
  ];
  for (const [answer, status] of answers) {
    const env = { PATH: process.env.PATH, ANSWER: answer, ORDERS_INBOX_PREFIX: 'i', ORDERS_URL: 'u', ORDERS_USER: 'u', ORDERS_PASSWORD_FILE: '/dev/null', ORDERS_STREAM: 'orders' };
    expect(`${answer} ${spawnSync('sh', ['-c', `nats() { printf %s "$ANSWER"; }\n${script}`], { env }).status}`).toBe(`${answer} ${status}`);
  }
});

test('the network lets the controller in from its namespace', () => {
  const shop = handedOver();
  const policies = new Policies(shop.objects, { 'kubernetes.io/metadata.name': 'shop' });
  const { labels } = shop.find('StatefulSet', 'broker').spec.template.metadata;
  const from = (name: string) => ({ labels: {}, namespace: { 'kubernetes.io/metadata.name': name } });
  expect(policies.enters(from('nack'), labels, { port: 4222, protocol: 'TCP' })).toBe(true);
  expect(policies.enters(from('nack'), labels, { port: 6222, protocol: 'TCP' })).toBe(false);
  expect(policies.enters(from('elsewhere'), labels, { port: 4222, protocol: 'TCP' })).toBe(false);
});

test('a chart without a namespace, and TLS, are refused together', () => {
  expect(() => handedOver({ tls: true }, { namespace: undefined })).toThrow(
    "shop/broker/Provisioning: TLS with NackOperator cannot be had on Kubernetes: NACK connects from another namespace by a name for which the certificate is not; leave out 'tls', or the operator\n"
    + "shop/broker/Provisioning: an operator that connects from a namespace of its own cannot be had on Kubernetes: the full name of a Service contains its namespace, which the chart was not told; set 'namespace' of the KubernetesChart");
});

test('every field is one that NACK knows', () => {
  const { objects } = handedOver({ nodes: 3 });
  expect(customResources(objects, 'jetstream.nats.io/v1beta2', NACK_FACTS)).toEqual([]);
  const stream = objects.find(({ kind }) => kind === 'Stream');
  expect(customResources([{ ...stream, spec: { ...stream.spec, num_replicas: 1 } }], 'jetstream.nats.io/v1beta2', NACK_FACTS))
    .toEqual([`Stream/${stream.metadata.name}: / must NOT have additional properties: num_replicas`]);
});
