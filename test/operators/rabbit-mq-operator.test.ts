import { Application, BrokeredQueue, BrokeredTopic, DiscoverableService, EventStream, FidelityLevel, RabbitMq, RabbitMqOperator, RabbitMqProps, Workload } from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { HandedOver } from './handing-over';
import { DNS_POD, Policies } from '../../src/contracts/targets/network-policy';
import { customResources } from '../judges/judges';
import { RABBIT_MQ_FACTS } from '../judges/operator-facts';
import { Sandbox } from '../programs/sandbox';
import { Objects } from '../targets/objects';

const client = (shop: Application, id: string) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0' });

function shopWith(props: RabbitMqProps = {}): { shop: Application; broker: RabbitMq } {
  const shop = new Application('shop');
  const broker = new RabbitMq(shop, 'broker', props);
  const orders = new BrokeredQueue(shop, 'orders', { broker, queueName: 'Orders', delays: [Duration.minutes(10)], singleActiveConsumer: true, maxLength: 1000 });
  const news = new BrokeredTopic(shop, 'news', { broker });
  const log = new EventStream(shop, 'log', { broker, maxAge: Duration.days(1) });
  const frontend = new DiscoverableService(shop, 'frontend', { image: 'acme/frontend:1.4.2', port: 8080 });
  const shipping = client(shop, 'shipping');
  orders.grantSend(frontend);
  orders.grantReceive(shipping);
  news.grantPublish(frontend);
  news.subscribe(shipping, { filter: 'order.*', headers: { urgent: 'yes' } });
  log.grantPublish(frontend);
  return { shop, broker };
}

const handedOver = (props: RabbitMqProps = {}, chart = {}) => {
  const { shop, broker } = shopWith(props);
  return new HandedOver(shop, [new RabbitMqOperator(broker)], chart);
};

test('the operator takes over pods, storage and files of the broker, and nothing else', () => {
  const shop = handedOver({ nodes: 3 });
  expect(shop.missing()).toEqual([
    'ConfigMap/broker-configuration', 'ConfigMap/broker-definitions', 'ConfigMap/broker-health', 'ConfigMap/broker-immutable', 'ConfigMap/broker-plugins',
    'ConfigMap/broker-start', 'StatefulSet/broker',
  ]);
  expect(shop.compose.services['broker-0'].image).toBe('rabbitmq:4.3.5');
});

test('clients notice nothing: the same pods, and Services of the same names and ports', () => {
  const shop = handedOver({ nodes: 3 });
  expect(shop.clients()).toEqual(shop.clients(shop.usual));
  expect(shop.find('Service', 'broker').spec).toMatchObject({
    clusterIP: 'None', selector: { 'app.kubernetes.io/name': 'broker-cluster', 'app.kubernetes.io/component': 'rabbitmq' }, ports: [{ port: 5672, targetPort: 5672 }],
  });
  expect(shop.find('Service', 'broker-2').spec.selector).toEqual({ 'statefulset.kubernetes.io/pod-name': 'broker-cluster-server-2' });
  expect(shop.find('PodDisruptionBudget', 'broker').spec.selector.matchLabels).toEqual({ 'app.kubernetes.io/name': 'broker-cluster', 'app.kubernetes.io/component': 'rabbitmq' });
});

test('the cluster has the nodes, image, storage and memory of the broker', () => {
  const { spec } = handedOver({ nodes: 3, storage: Size.gibibytes(20), storageClass: 'fast', memoryLimit: Size.mebibytes(500) }, { imagePullSecrets: ['registry'] })
    .find('RabbitmqCluster', 'broker-cluster');
  expect(spec).toMatchObject({
    replicas: 3,
    image: 'rabbitmq:4.3.5',
    imagePullSecrets: [{ name: 'registry' }],
    persistence: { storage: '20480Mi', storageClassName: 'fast' },
    resources: { limits: { memory: '500Mi' } },
    rabbitmq: { additionalConfig: 'default_queue_type = quorum\nvm_memory_high_watermark.absolute = 300MiB\n' },
  });
  expect(spec).not.toHaveProperty('tls');
});

test('the resources say what the definitions say', () => {
  const shop = handedOver();
  const definitions = JSON.parse(new Objects(shop.usual).find('ConfigMap', 'broker-definitions').data.content);
  const specs = (kind: string) => shop.objects.filter(object => object.kind === kind).map(({ spec: { rabbitmqClusterReference, ...spec } }) => {
    expect(rabbitmqClusterReference).toEqual({ name: 'broker-cluster' });
    return spec;
  });
  expect(specs('User')).toEqual(definitions.users.map(({ name }: any) => ({ importCredentialsSecret: { name } })));
  expect(shop.names('User')).toEqual(definitions.users.map(({ name }: any) => name));
  expect(specs('Permission')).toEqual(definitions.permissions.map(({ user, vhost, ...permissions }: any) => ({ user, vhost, permissions })));
  expect(specs('Policy')).toEqual(definitions.policies.map(({ 'apply-to': _, ...policy }: any) => ({ ...policy, applyTo: 'queues' })));
  expect(specs('Queue').map(({ type, durable, autoDelete, arguments: more = {}, name }) => ({ name, vhost: '/', durable, auto_delete: autoDelete, arguments: { 'x-queue-type': type, ...more } })))
    .toEqual(definitions.queues);
  expect(specs('Exchange').map(({ name, type }) => ({ name, type }))).toEqual(definitions.exchanges.map(({ name, type }: any) => ({ name, type })));
  expect(specs('Binding').map(({ source, destination, destinationType, routingKey, arguments: headers = {} }) =>
    ({ source, vhost: '/', destination, destination_type: destinationType, routing_key: routingKey, arguments: headers }))).toEqual(definitions.bindings);
});

test('what holds messages stays when its resource goes, and each resource has a name that it can have', () => {
  const shop = handedOver();
  expect(shop.find('Queue', 'broker.log').spec).toMatchObject({ name: 'log', type: 'stream', deletionPolicy: 'retain' });
  expect(shop.names('Queue')).toEqual(expect.arrayContaining([expect.stringMatching(/^broker-orders-[0-9a-f]{10}$/)]));
  for (const { kind, metadata: { name } } of shop.objects) expect(`${kind} ${name}`).toMatch(/^\w+ [a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/);
  expect(new Set(shop.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(shop.objects.length);
});

test('clients find a pod when all is declared, and the topology operator before that', async () => {
  const shop = handedOver();
  const { override } = shop.find('RabbitmqCluster', 'broker-cluster').spec;
  const [rabbitmq] = override.statefulSet.spec.template.spec.containers;
  const command: string[] = rabbitmq.startupProbe.exec.command.map((word: string) => word.replaceAll('$$', '$'));
  const kinds = { permissions: shop.names('User').length + 1, queues: shop.names('Queue').length, bindings: shop.names('Binding').length, policies: shop.names('Policy').length };
  const sandbox = new Sandbox();
  try {
    const statusWith = async (there: Record<string, number>) => {
      for (const [kind, number] of Object.entries(there)) sandbox.write(`/${kind}`, `${'x\n'.repeat(number)}\n`);
      return (await sandbox.run(command)).status;
    };
    sandbox.directory('/tmp');
    sandbox.tool('rabbitmqctl', 'cat "${3#list_}"');
    for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) expect(`${kind} ${await statusWith({ ...kinds, [kind]: kinds[kind] - 1 })}`).toBe(`${kind} 1`);
    expect(await statusWith(kinds)).toBe(0);
    expect(await statusWith({ queues: 0 })).toBe(0); // it is asked no more
  } finally {
    sandbox.remove();
  }
  expect(override.service.spec.publishNotReadyAddresses).toBe(true);
});

test('the network lets in clients, nodes and the operators, each where it has to', () => {
  const shop = handedOver({ nodes: 3 });
  const policies = new Policies(shop.objects, { 'kubernetes.io/metadata.name': 'shop' });
  const node = { 'app.kubernetes.io/name': 'broker-cluster', 'app.kubernetes.io/component': 'rabbitmq' };
  const labels = (name: string) => shop.find('Deployment', name).spec.template.metadata.labels;
  const tcp = (port: number) => ({ port, protocol: 'TCP' as const });
  const operator = (name: string) => ({ labels: {}, namespace: { 'kubernetes.io/metadata.name': name } });
  expect(policies.connects(labels('shipping'), node, tcp(5672))).toBe(true);
  expect(policies.connects(labels('shipping'), node, tcp(15672))).toBe(false);
  expect(policies.connects(node, node, tcp(25672))).toBe(true);
  expect(policies.leaves(node, DNS_POD, { port: 53, protocol: 'UDP' })).toBe(true);
  expect(policies.enters(operator('rabbitmq-system'), node, tcp(15672))).toBe(true);
  expect(policies.enters(operator('rabbitmq-system'), node, tcp(5672))).toBe(false);
  expect(policies.enters(operator('elsewhere'), node, tcp(15672))).toBe(false);
});

test('with a store, Secrets have what the topology operator reads', () => {
  const { shop, broker } = shopWith();
  const handed = new HandedOver(shop, [new RabbitMqOperator(broker)], { secretStore: { name: 'vault' } });
  expect(handed.find('ExternalSecret', 'orders-frontend-send').spec.target).toEqual({
    name: 'orders-frontend-send',
    template: { mergePolicy: 'Merge', metadata: { labels: { 'rabbitmq.com/topology-operator': 'true' } }, data: { username: 'orders-frontend-send' } },
  });
});

test('with TLS clients get to the port with it alone, by the names in the certificate', () => {
  const shop = handedOver({ tls: true });
  const cluster = shop.find('RabbitmqCluster', 'broker-cluster');
  expect(cluster.spec.tls).toEqual({ secretName: 'broker-tls' });
  expect(cluster.metadata.annotations).toEqual({ 'rabbitmq.com/operator-connection-uri': 'http://broker-cluster.shop.svc:15672' });
  expect(shop.find('Service', 'broker').spec.ports).toEqual([{ name: 'amqps', port: 5671, targetPort: 5671, protocol: 'TCP' }]);
  const policies = new Policies(shop.objects, { 'kubernetes.io/metadata.name': 'shop' });
  const shipping = shop.find('Deployment', 'shipping').spec.template.metadata.labels;
  expect(policies.connects(shipping, cluster.spec && { 'app.kubernetes.io/name': 'broker-cluster', 'app.kubernetes.io/component': 'rabbitmq' }, { port: 5672, protocol: 'TCP' })).toBe(false);
  expect(() => handedOver({ tls: true }, { namespace: undefined })).toThrow("shop/broker: an operator that connects from a namespace of its own cannot be had on Kubernetes: the full name of a Service contains its namespace, which the chart was not told; set 'namespace' of the KubernetesChart");
});

test('what was added to the workload, and a name that is too long, are refused together', () => {
  const { shop, broker } = shopWith();
  broker.workload!.addSidecar('exporter', { image: 'registry.example/acme/exporter:1.0' });
  const long = new RabbitMq(shop, `b${'x'.repeat(40)}`);
  const operators = [new RabbitMqOperator(broker), new RabbitMqOperator(long)];
  expect(() => new HandedOver(shop, operators))
    .toThrow(/^shop\/broker\: what a program adds to the workload .*\nshop\/bx{40}: a long name .*$/);
});

test('the report names what the operator does by other means', () => {
  const { fidelity } = handedOver().chart;
  const features = fidelity.filter(({ path, level }) => path === 'shop/broker/Default' && level === FidelityLevel.EMULATED).map(({ feature }) => feature);
  expect(features).toEqual([
    'broker that an operator runs', 'exchange that no client may publish to (RabbitMqOperator)', 'nobody but the users of grants can log in (RabbitMqOperator)',
    'storage that stays when the broker is deleted (RabbitMqOperator)',
  ]);
});

test.each([{}, { nodes: 3, tls: true }])('every field is one that the operators know: %j', props => {
  const { objects } = handedOver(props);
  expect(customResources(objects, 'rabbitmq.com/v1beta1', RABBIT_MQ_FACTS)).toEqual([]);
  const [cluster] = objects.filter(({ kind }) => kind === 'RabbitmqCluster');
  expect(customResources([{ ...cluster, spec: { ...cluster.spec, replica: 3 } }], 'rabbitmq.com/v1beta1', RABBIT_MQ_FACTS))
    .toEqual(['RabbitmqCluster/broker-cluster: / must NOT have additional properties: replica']);
});

test('a broker is handed over once, in the chart of its application, from a namespace that can be', () => {
  const { shop, broker } = shopWith();
  const foreign = new RabbitMq(new Application('other'), 'broker');
  expect(() => new HandedOver(shop, [broker, broker].map(each => new RabbitMqOperator(each))))
    .toThrow(/^shop: provider 2 makes nothing that those before it do not make, such as shop\/broker\/Default; leave out one of them$/);
  expect(() => new HandedOver(shop, [new RabbitMqOperator(foreign)]))
    .toThrow("other/broker: its operator was given to the chart of 'shop', to which the broker does not belong; give it to the chart of its own");
  expect(() => new RabbitMqOperator(broker, { namespace: 'Kube_System' }))
    .toThrow("operator of shop/broker: 'namespace' must be at most 63 lower-case letters, digits and hyphens, got 'Kube_System'");
});
