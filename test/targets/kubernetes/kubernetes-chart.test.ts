import { Application, BrokeredQueue, ConfigFile, KubernetesChart, KubernetesChartProps, RabbitMq, Task, Workload } from 'cdk8s-conduit';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, JsonPatch, Testing, Yaml, YamlOutputType } from 'cdk8s';
import { ConfigMap, Deployment, k8s } from 'cdk8s-plus-27';
import { loadAll } from 'js-yaml';

let shop: Application;
let folder: string;
beforeEach(() => {
  shop = new Application('shop');
  folder = mkdtempSync(join(tmpdir(), 'conduit-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A broker, a worker of a queue, a task and a service. */
function fill(): void {
  const queue = new BrokeredQueue(shop, 'orders', { broker: new RabbitMq(shop, 'broker') });
  const web = new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0', ports: [{ name: 'http', number: 8080 }], replicas: 2 });
  queue.grantSend(web);
  web.waitFor(new Task(shop, 'migrate', { image: 'registry.example/acme/migrate:1.0', completionCheck: ['true'] }));
}
const chart = (props: Partial<KubernetesChartProps> = {}) => new KubernetesChart(Testing.app(), 'shop', { application: shop, ...props });
const describeObject = ({ kind, metadata }: any) => `${kind} ${metadata.name}`;
const image = (object: any) => object.spec.template.spec.containers[0].image;

test('objects are written in the order in which they are needed', () => {
  fill();
  expect(chart().toJson().map(describeObject).map((text: string) => text.replace(/-[0-9a-f]{10}$/, ''))).toEqual([
    'ServiceAccount shop',
    'NetworkPolicy broker', 'NetworkPolicy conduit-default-deny-shop', 'NetworkPolicy migrate', 'NetworkPolicy web',
    'ConfigMap broker-configuration', 'ConfigMap broker-definitions', 'ConfigMap broker-health', 'ConfigMap broker-immutable',
    'ConfigMap broker-plugins', 'ConfigMap broker-start',
    'Service broker', 'Service broker-0', 'Service web',
    'PodDisruptionBudget web',
    'StatefulSet broker',
    'Deployment web',
    'Job migrate',
  ]);
});

test('every object bears the standard labels, and selectors hold none that may change', () => {
  fill();
  for (const { kind, metadata, spec } of chart().toJson()) {
    expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/part-of': 'shop', 'app.kubernetes.io/managed-by': 'cdk8s-conduit' });
    if (spec?.template && kind !== 'Job') expect(Object.keys(spec.selector.matchLabels)).toEqual(['app.kubernetes.io/instance', 'app.kubernetes.io/name']);
  }
});

test('a namespace is set on every object if one is given', () => {
  fill();
  expect(new Set(chart({ namespace: 'prod' }).toJson().map(({ metadata }: any) => metadata.namespace))).toEqual(new Set(['prod']));
  expect(new Set(chart().toJson().map(({ metadata }: any) => metadata.namespace))).toEqual(new Set([undefined]));
});

test('an object that was found can be patched', () => {
  fill();
  const shopChart = chart();
  shopChart.findObject('Deployment', 'web').addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/image', 'registry.example/acme/web:2.0'));
  shopChart.findObject('Service', 'web').metadata.addAnnotation('example.com/team', 'shop');
  const objects = shopChart.toJson();
  const find = (name: string) => objects.find((object: any) => describeObject(object) === name);
  expect(image(find('Deployment web'))).toBe('registry.example/acme/web:2.0');
  expect(find('Service web').metadata.annotations).toEqual({ 'example.com/team': 'shop' });
});

test('objects of others stand in the same chart', () => {
  fill();
  const shopChart = chart({ namespace: 'prod' });
  new ConfigMap(shopChart, 'plus', { data: { key: 'value' } });
  new k8s.KubeLimitRange(shopChart, 'limits', { spec: { limits: [] } });
  new ApiObject(shopChart, 'monitor', { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor' });
  const client = new Deployment(shopChart, 'client', { containers: [{ image: 'registry.example/acme/client:1.0' }] });
  client.node.addDependency(shopChart.findObject('Deployment', 'web'));
  const objects = shopChart.toJson();
  expect(objects.map(({ kind }: any) => kind)).toEqual(expect.arrayContaining(['ConfigMap', 'LimitRange', 'ServiceMonitor', 'Deployment']));
  const deployments = objects.filter(({ kind }: any) => kind === 'Deployment');
  expect(deployments.map(image)).toEqual(['registry.example/acme/web:1.0', 'registry.example/acme/client:1.0']);
  expect(new Set(objects.map(({ metadata }: any) => metadata.namespace))).toEqual(new Set(['prod']));
});

test('one application can go into several charts of one app', () => {
  fill();
  const app = Testing.app();
  const charts = ['staging', 'production'].map(namespace => new KubernetesChart(app, namespace, { application: shop, namespace }));
  const [staging, production] = charts.map(each => Yaml.stringify(...each.toJson()));
  expect(staging.replaceAll('namespace: staging', 'namespace: production')).toBe(production);
});

test.each([
  ['one file', YamlOutputType.FILE_PER_APP, false],
  ['a file for each chart', YamlOutputType.FILE_PER_CHART, false],
  ['a file for each object', YamlOutputType.FILE_PER_RESOURCE, true],
  ['a file for each object, in the folder of its chart', YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE, true],
])('the stock App writes the same objects as %s', (_, yamlOutputType, several) => {
  fill();
  const app = new App({ outdir: folder, yamlOutputType });
  const shopChart = new KubernetesChart(app, 'shop', { application: shop });
  app.synth();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.yaml'));
  const byName = (objects: any[]) => [...objects].sort((a, b) => describeObject(a) < describeObject(b) ? -1 : 1);
  expect(byName(files.flatMap(file => loadAll(readFileSync(join(folder, file), 'utf8'))))).toEqual(byName(shopChart.toJson()));
  expect(files.length > 1).toBe(several);
});

test('what is written by default is one file of the chart', () => {
  fill();
  const app = new App({ outdir: folder });
  new KubernetesChart(app, 'shop', { application: shop });
  app.synth();
  expect(readdirSync(folder)).toEqual(['shop.k8s.yaml']);
  expect(readFileSync(join(folder, 'shop.k8s.yaml'), 'utf8')).not.toMatch(/undefined|\[object Object\]/);
});

test('credentials for registries are given to every pod by the service account', () => {
  fill();
  const [account] = chart({ imagePullSecrets: ['registry', 'mirror'] }).toJson();
  expect(account).toMatchObject({ kind: 'ServiceAccount', automountServiceAccountToken: false, imagePullSecrets: [{ name: 'registry' }, { name: 'mirror' }] });
});

test('the address of the DNS server and the domain of the cluster can be told', () => {
  new ConfigFile(shop, 'conf', { path: '/c', content: `${ConfigFile.DNS_RESOLVER} api${ConfigFile.DNS_SUFFIX}` });
  const content = (props: Partial<KubernetesChartProps>) => chart({ namespace: 'prod', ...props }).toJson().find(({ kind }: any) => kind === 'ConfigMap').data.content;
  expect(content({ clusterDomain: 'example.org' })).toBe('kube-dns.kube-system.svc.example.org api.prod.svc.example.org');
  expect(content({ dnsResolver: '10.96.0.10' })).toBe('10.96.0.10 api.prod.svc.cluster.local');
});

test('nothing is written when the application cannot be had on Kubernetes', () => {
  new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0' }).waitFor(new Task(shop, 'migrate', { image: 'registry.example/acme/migrate:1.0' }));
  const app = new App({ outdir: join(folder, 'dist') });
  expect(() => { new KubernetesChart(app, 'shop', { application: shop }); app.synth(); }).toThrow("give the task a 'completionCheck'");
  expect(existsSync(join(folder, 'dist'))).toBe(false);
});
