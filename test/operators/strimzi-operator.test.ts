import { Application, BrokeredQueue, BrokeredTopic, DiscoverableService, EnvValue, EventStream, FidelityLevel, Kafka, KafkaProps, StartFrom, StrimziOperator, Workload } from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { HandedOver } from './handing-over';
import { DNS_POD, Policies } from '../../src/contracts/targets/network-policy';
import { judgeTest, strimzi } from '../judges/judges';
import { Objects } from '../targets/objects';

function shopWith(props: KafkaProps = {}, startFrom = StartFrom.beginning()): { shop: Application; broker: Kafka } {
  const shop = new Application('shop');
  const broker = new Kafka(shop, 'broker', props);
  const jobs = new BrokeredQueue(shop, 'jobs', { broker, messageTtl: Duration.days(7), expiredToDeadLetters: false });
  const orders = new BrokeredTopic(shop, 'orders', { broker, messageTtl: Duration.days(7) });
  const prices = new EventStream(shop, 'prices', { broker, streamName: 'Prices', partitions: 6, compacted: true, maxAge: Duration.days(30) });
  const frontend = new DiscoverableService(shop, 'frontend', { image: 'acme/frontend:1.4.2', port: 8080 });
  const shipping = new Workload(shop, 'shipping', { image: 'acme/shipping:2.0.1' });
  jobs.grantSend(frontend);
  jobs.grantReceive(shipping);
  orders.grantPublish(frontend);
  orders.subscribe(shipping, { deadLetters: false });
  prices.grantRead(frontend, { startFrom });
  return { shop, broker };
}

const handedOver = (props: KafkaProps = {}, chart = {}) => {
  const { shop, broker } = shopWith(props);
  return new HandedOver(shop, [new StrimziOperator(broker)], chart);
};

test('Strimzi takes over nodes, their files and secrets, and the task, and nothing else', () => {
  const shop = handedOver({ nodes: 3, controllers: 3 }, { secretStore: { name: 'vault' } });
  const kinds = shop.missing().map(each => each.replace(/-provisioning-[0-9a-f]{10}$/, '-provisioning'));
  expect(kinds.filter(each => !each.startsWith('ConfigMap/'))).toEqual([
    'NetworkPolicy/broker-provisioning', 'ExternalSecret/broker-admin', 'ExternalSecret/broker-internal', 'Service/broker-controllers',
    'Service/broker-controllers-0', 'Service/broker-controllers-1', 'Service/broker-controllers-2',
    'PodDisruptionBudget/broker', 'PodDisruptionBudget/broker-controllers', 'StatefulSet/broker', 'StatefulSet/broker-controllers', 'Job/broker-provisioning',
  ]);
  expect(shop.names('ConfigMap')).toEqual([]);
  expect(shop.compose.services).toHaveProperty('broker-provisioning');
});

test('clients notice nothing: the same pods, and each broker under its name', () => {
  const shop = handedOver({ nodes: 3 });
  expect(shop.clients()).toEqual(shop.clients(shop.usual));
  expect(shop.find('Service', 'broker').spec).toMatchObject({ selector: { 'strimzi.io/cluster': 'broker', 'strimzi.io/pool-name': 'broker' }, ports: [{ port: 9092, targetPort: 9092 }] });
  expect(shop.find('Service', 'broker-1').spec.selector).toEqual({ 'strimzi.io/pod-name': 'broker-broker-1' });
  const [listener] = shop.find('Kafka', 'broker').spec.kafka.listeners;
  expect(listener).toMatchObject({
    port: 9092,
    type: 'internal',
    tls: false,
    authentication: { type: 'scram-sha-512' },
    configuration: { brokers: [{ broker: 0, advertisedHost: 'broker-0' }, { broker: 1, advertisedHost: 'broker-1' }, { broker: 2, advertisedHost: 'broker-2' }] },
  });
});

test('clients find the certificate that they know, with TLS', () => {
  const shop = handedOver({ nodes: 3, tls: true });
  expect(shop.clients()).toEqual(shop.clients(shop.usual));
  const [listener] = shop.find('Kafka', 'broker').spec.kafka.listeners;
  expect(listener).toMatchObject({ tls: true, configuration: { brokerCertChainAndKey: { secretName: 'broker-tls', certificate: 'tls.crt', key: 'tls.key' } } });
});

test('nodes have the roles, numbers, storage and memory of the broker', () => {
  const shop = handedOver({ nodes: 3, controllers: 3, storage: Size.gibibytes(20), storageClass: 'fast', memoryLimit: Size.gibibytes(2) }, { imagePullSecrets: ['registry'] });
  const pool = shop.find('KafkaNodePool', 'broker');
  expect(pool.metadata).toMatchObject({ labels: { 'strimzi.io/cluster': 'broker' }, annotations: { 'strimzi.io/next-node-ids': '[0-2]' } });
  expect(pool.spec).toMatchObject({
    replicas: 3,
    roles: ['broker'],
    storage: { type: 'jbod', volumes: [{ size: '20Gi', class: 'fast', deleteClaim: false }] },
    resources: { limits: { memory: '2Gi' } },
    jvmOptions: { '-Xmx': '1024m' },
    template: { pod: { imagePullSecrets: [{ name: 'registry' }] } },
  });
  expect(shop.find('KafkaNodePool', 'broker-controllers').metadata.annotations).toEqual({ 'strimzi.io/next-node-ids': '[1000-1002]' });
  expect(handedOver().find('KafkaNodePool', 'broker')).toMatchObject({ metadata: { annotations: { 'strimzi.io/next-node-ids': '[0]' } }, spec: { roles: ['controller', 'broker'] } });
});

test('settings, topics, users and rights are those that the task declares', () => {
  const shop = handedOver({ nodes: 3 });
  const content = (name: string) => new Objects(shop.usual).find('ConfigMap', name).data.content.split('\n');
  const settings = Object.entries(shop.find('Kafka', 'broker').spec.kafka.config).map(([key, value]) => `${key}=${value}`);
  expect(content('broker-settings')).toEqual(expect.arrayContaining(settings));
  const lines: string[] = content('broker-provisioning-declarations');
  const topics = shop.objects.filter(({ kind }) => kind === 'KafkaTopic').map(({ spec: { topicName, partitions, replicas, config } }) =>
    ['topic', topicName, partitions, replicas, ...Object.entries(config).sort().map(([key, value]) => `${key}=${`${value}`.replace(',', '+')}`)].join(' '));
  expect(topics).toEqual(lines.filter(line => line.startsWith('topic ')));
  expect(shop.names('KafkaUser')).toEqual(lines.filter(line => line.startsWith('user ')).map(line => line.split(' ')[1]));
  const wanted = lines.filter(line => line.startsWith('right ')).flatMap(line => {
    const [, operations, resources, users] = line.split(' ').map(words => words.split(','));
    return users.flatMap(user => resources.flatMap(resource => operations.map(operation => `${user} ${resource} ${operation}`)));
  });
  const given = shop.objects.filter(({ kind }) => kind === 'KafkaUser').flatMap(({ metadata, spec }) => spec.authorization.acls.flatMap(({ resource, operations }: any) =>
    operations.map((operation: string) => `${metadata.name} ${resource.type.toUpperCase()}:${resource.name} ${operation.toUpperCase()}`)));
  expect(given.sort()).toEqual(wanted.sort());
});

test("a user's password is that of the client, and its Secret is left alone", () => {
  const shop = handedOver();
  expect(shop.find('KafkaUser', 'jobs-frontend-send').spec.authentication).toEqual({
    type: 'scram-sha-512', password: { valueFrom: { secretKeyRef: { name: 'jobs-frontend-send', key: 'password' } } },
  });
  expect(shop.find('Kafka', 'broker').spec.entityOperator.userOperator).toEqual({ secretPrefix: 'strimzi-' });
});

test('both policies, ours and that of Strimzi, let in clients, nodes and the operator alone', () => {
  const shop = handedOver({ nodes: 3, controllers: 3 });
  const policies = new Policies(shop.objects, { 'kubernetes.io/metadata.name': 'shop' });
  const broker = { 'strimzi.io/cluster': 'broker', 'strimzi.io/pool-name': 'broker' };
  const controller = { 'strimzi.io/cluster': 'broker', 'strimzi.io/pool-name': 'broker-controllers' };
  const entityOperator = { labels: { 'strimzi.io/cluster': 'broker' }, namespace: { 'kubernetes.io/metadata.name': 'shop' } };
  const operator = { labels: {}, namespace: { 'kubernetes.io/metadata.name': 'kafka' } };
  const labels = (name: string) => shop.find('Deployment', name).spec.template.metadata.labels;
  const tcp = (port: number) => ({ port, protocol: 'TCP' as const });
  expect(policies.connects(labels('shipping'), broker, tcp(9092))).toBe(true);
  expect(policies.connects(labels('shipping'), broker, tcp(9091))).toBe(false);
  expect(policies.connects(labels('shipping'), controller, tcp(9090))).toBe(false);
  expect(policies.connects(broker, controller, tcp(9090))).toBe(true);
  expect(policies.connects(controller, broker, tcp(9091))).toBe(true);
  expect(policies.enters(entityOperator, broker, tcp(9091))).toBe(true);
  expect(policies.enters(operator, controller, tcp(9090))).toBe(true);
  expect(policies.enters(operator, broker, tcp(9092))).toBe(false);
  expect(policies.leaves(broker, DNS_POD, { port: 53, protocol: 'UDP' })).toBe(true);
  const [listener] = shop.find('Kafka', 'broker').spec.kafka.listeners;
  expect(listener.networkPolicyPeers.map(({ podSelector }: any) => podSelector.matchLabels)).toEqual([
    broker, ...['frontend', 'shipping'].map(name => ({ 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': 'shop' })),
  ]);
});

test('the policy that closes the pods of the application closes none of the operator, which takes over labels of resources', () => {
  const shop = handedOver();
  const { podSelector } = shop.find('NetworkPolicy', 'conduit-default-deny-shop').spec;
  expect(podSelector).toEqual({
    matchLabels: { 'app.kubernetes.io/part-of': 'shop' }, matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: ['workload', 'task'] }],
  });
  const resources = shop.objects.filter(({ apiVersion }) => apiVersion.startsWith('kafka.strimzi.io'));
  expect(resources.map(({ metadata }) => metadata.labels['app.kubernetes.io/part-of'])).toEqual(resources.map(() => 'shop'));
  expect(resources.filter(({ metadata }) => 'app.kubernetes.io/component' in metadata.labels)).toEqual([]);
});

test('positions that Strimzi cannot set are refused, or reported where nothing is lost', () => {
  for (const start of [StartFrom.latest(), StartFrom.time('2026-01-01T00:00:00Z')]) {
    const { shop, broker } = shopWith({}, start);
    expect(() => new HandedOver(shop, [new StrimziOperator(broker)])).toThrow('shop/prices: a reader that begins with the next event, or at a time, with StrimziOperator cannot be had on Kubernetes: Strimzi sets no positions of groups; begin with the oldest event or at an offset, which the program seeks to');
  }
  const { shop, broker } = shopWith({}, StartFrom.offset(7));
  const { chart } = new HandedOver(shop, [new StrimziOperator(broker)]);
  expect(chart.fidelity.filter(({ path, level }) => path === 'shop/orders/shipping' && level === FidelityLevel.EMULATED).map(({ feature }) => feature))
    .toEqual([
      'right: receive, receive dead letters, subscribe, and read', // of Kafka, whoever runs it
      'subscriber that is added later gets what is published from then on (StrimziOperator)',
    ]);
});

test('what was added to the workload is refused', () => {
  const { shop, broker } = shopWith();
  broker.workload!.main.setEnv('KAFKA_OPTS', EnvValue.literal('-Dx=y'));
  expect(() => new HandedOver(shop, [new StrimziOperator(broker)])).toThrow('shop/broker: what a program adds to the workload of a broker that an operator runs cannot be had');
});

judgeTest('every field is one that Strimzi knows', 'strimzi', () => {
  for (const props of [{}, { nodes: 3, controllers: 3, storageClass: 'fast' }]) {
    const { objects } = handedOver(props, { imagePullSecrets: ['registry'] });
    expect(strimzi(objects)).toEqual([]);
    const kafka = objects.find(({ kind }) => kind === 'Kafka');
    expect(strimzi([{ ...kafka, spec: { ...kafka.spec, entityOperator: { topicOperater: {} } } }])).toEqual(['Kafka/broker: /entityOperator must NOT have additional properties: topicOperater']);
  }
});

test('scaling is refused, as KEDA would be told names that it cannot resolve', () => {
  const shop = new Application('shop');
  const broker = new Kafka(shop, 'broker', { nodes: 3 });
  const jobs = new BrokeredQueue(shop, 'jobs', { broker, messageTtl: Duration.days(7), expiredToDeadLetters: false });
  jobs.grantReceive(new Workload(shop, 'worker', { image: 'acme/worker:1.0.0' }), { scaling: { max: 4, targetBacklog: 10 } });
  expect(() => new HandedOver(shop, [new StrimziOperator(broker)], { namespace: 'prod' })).toThrow("shop/broker: 'scaling' by a backlog with StrimziOperator cannot be had on Kubernetes");
});

test('an external broker is refused', () => {
  const elsewhere = new Kafka(new Application('shop'), 'broker', { external: { hosts: ['kafka.example.org'] } });
  expect(() => new StrimziOperator(elsewhere)).toThrow('shop/broker: an external broker cannot be handed over to an operator; leave out one of them');
});
