// What a provider in a package of its own makes, and what the chart makes of what it says.
import { Application, BrokeredQueue, FidelityLevel, KubernetesChart, RabbitMq, RabbitMqOperator, Secret, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { SafeOperator } from './src/safe-operator';
import { Objects } from '../targets/objects';

const safe = new SafeOperator({ safe: 'prod', namespace: 'safes' });

function build() {
  const shop = new Application('shop');
  const broker = new RabbitMq(shop, 'broker', { nodes: 3 });
  const web = new Workload(shop, 'web', { image: 'acme/web:1.0.0', ports: [{ name: 'reload', number: 9000 }] });
  new BrokeredQueue(shop, 'orders', { broker }).grantSend(web);
  web.main.mountSecret(new Secret(shop, 'licence', { existing: true }));
  return { shop, broker };
}

test('secrets are entries of the safe, but for what is brought; everything else is as it is', () => {
  const { shop } = build();
  const lower = (providers: SafeOperator[]) => new KubernetesChart(new App(), 'shop', { application: shop, namespace: 'prod', secretStore: { name: 'store' }, providers });
  const chart = lower([safe]);
  const made = new Objects(chart.toJson());
  expect(made.names('SafeEntry')).toEqual(['broker-cookie', 'orders-web-send']);
  expect(made.find('SafeEntry', 'orders-web-send').spec)
    .toEqual({ safe: 'prod', path: 'shop/orders-web-send', secretRef: { namespace: 'prod', name: 'orders-web-send', key: 'password' } });
  expect(made.names('ExternalSecret')).toEqual(['licence']);
  const others = (objects: any[]) => objects.filter(({ kind, metadata: { name } }) => kind !== 'SafeEntry' && kind !== 'ExternalSecret' && `${kind}/${name}` !== 'NetworkPolicy/web');
  expect(others(made.objects)).toEqual(others(lower([]).toJson()));
  expect(chart.fidelity.filter(({ feature }) => feature === 'secret of a safe').map(({ path, level }) => [path, level]))
    .toEqual([['shop/broker/Cookie', FidelityLevel.EMULATED], ['shop/orders/web-send', FidelityLevel.EMULATED]]);
});

test("the safe's operator gets to the port on which it tells of changes", () => {
  const { shop } = build();
  const made = new Objects(new KubernetesChart(new App(), 'shop', { application: shop, namespace: 'prod', providers: [safe] }).toJson());
  expect(made.find('NetworkPolicy', 'web').spec.ingress).toEqual([{
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'safes' } }, podSelector: { matchLabels: { app: 'safe-operator' } } }],
    ports: [{ port: 9000, protocol: 'TCP' }],
  }]);
});

test('it stands beside an operator of a broker, whose own secrets are made by nobody', () => {
  const { shop, broker } = build();
  const made = new Objects(new KubernetesChart(new App(), 'shop', { application: shop, namespace: 'prod', providers: [new RabbitMqOperator(broker), safe] }).toJson());
  expect(made.names('RabbitmqCluster')).toEqual(['broker-cluster']);
  expect(made.names('SafeEntry')).toEqual(['orders-web-send']);
});

test('without a namespace it is refused for each secret', () => {
  expect(() => new KubernetesChart(new App(), 'shop', { application: build().shop, providers: [safe] })).toThrow(
    /^shop\/broker\/Cookie: an entry of a safe cannot be had on Kubernetes: .*\nshop\/orders\/web-send: an entry of a safe cannot be had on Kubernetes: .*$/);
});
