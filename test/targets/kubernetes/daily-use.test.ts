// What those who run a cluster expect of each object in it.
import {
  Application, BrokeredQueue, BrokeredTopic, ConfigFile, EventStream, HealthCheck, IBroker, Kafka, KubernetesChart, Nats, RabbitMq, SharedVolume, Task,
  Workload, WorkloadProps,
} from 'cdk8s-conduit';
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, App, Duration, Size } from 'cdk8s';
import { Pod } from 'cdk8s-plus-27';
import { Policies } from '../../../src/contracts/targets/network-policy';
import { Both } from '../both';
import { wholeProgram } from '../../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };

const EXAMPLES_FOLDER = join(__dirname, '../../../examples');
const EXAMPLES = readdirSync(EXAMPLES_FOLDER).filter(name => /^\d/.test(name));

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const workload = (id: string, props: Partial<WorkloadProps> = {}) => new Workload(shop, id, { image: IMAGE, ...props });

/** An application with every kind of object. */
function everything(): Application {
  const broker = new RabbitMq(shop, 'broker', { nodes: 3 });
  const queue = new BrokeredQueue(shop, 'jobs', { broker });
  const web = workload('web', { ports: [HTTP], replicas: 2 });
  queue.grantSend(web);
  web.publish();
  const logs = new SharedVolume(shop, 'logs');
  logs.grantWrite(workload('writer'), '/logs');
  logs.grantRead(workload('reader'), '/logs');
  web.main.mountConfigFile(new ConfigFile(shop, 'conf', { path: '/conf', content: 'a' }));
  web.waitFor(new Task(shop, 'migrate', { image: IMAGE, completionCheck: ['true'] }));
  return shop;
}

test('every object says to which application it belongs', () => {
  const chart = new KubernetesChart(new App(), 'shop', { application: everything(), secretStore: { name: 'vault' } });
  const objects: any[] = chart.toJson();
  const kinds = new Set(objects.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual([
    'ConfigMap', 'Deployment', 'ExternalSecret', 'Job', 'NetworkPolicy', 'PersistentVolumeClaim', 'PodDisruptionBudget', 'Service', 'ServiceAccount', 'StatefulSet',
  ]);
  const labelled = objects.flatMap(({ metadata, spec }) => [
    metadata, spec?.template?.metadata ?? metadata, ...(spec?.volumeClaimTemplates ?? []).map((claim: any) => claim.metadata),
  ]);
  for (const { labels } of labelled) {
    expect(labels).toMatchObject({
      'app.kubernetes.io/name': expect.any(String), 'app.kubernetes.io/part-of': 'shop', 'app.kubernetes.io/instance': 'shop', 'app.kubernetes.io/managed-by': 'cdk8s-conduit',
    });
  }
  const template = chart.findObject('StatefulSet', 'broker').toJson().spec.volumeClaimTemplates[0];
  expect(template.metadata.labels).toMatchObject({ 'app.kubernetes.io/name': 'broker', 'app.kubernetes.io/component': 'workload' });
});

test('the version of an application is on every object, and on nothing that a new version would restart', () => {
  const lower = (applicationVersion?: string) => new KubernetesChart(new App(), 'shop', { application: everything(), applicationVersion }).toJson();
  const without: any[] = lower();
  shop = new Application('shop');
  const objects: any[] = lower('1.4.2-rc.1');
  expect(objects.map(({ metadata }) => metadata.labels['app.kubernetes.io/version'])).toEqual(objects.map(() => '1.4.2-rc.1'));
  for (const { metadata } of objects) delete metadata.labels['app.kubernetes.io/version'];
  expect(objects).toEqual(without); // with the names of Jobs
  shop = new Application('shop');
  expect(() => lower('1.4 beta')).toThrow("shop: 'applicationVersion' must be at most 63 letters, digits, '.', '_' and '-', with a letter or digit at both ends, got '1.4 beta'");
});

test('objects that a program adds are labelled, too, and their pods are not closed', () => {
  const chart = new KubernetesChart(new App(), 'shop', { application: shop, applicationVersion: '1' });
  const pod = new Pod(chart, 'other', { containers: [{ image: IMAGE }] });
  const { labels } = (ApiObject.of(pod).toJson()).metadata;
  expect(labels).toMatchObject({ 'app.kubernetes.io/part-of': 'shop', 'app.kubernetes.io/instance': 'shop', 'app.kubernetes.io/managed-by': 'cdk8s-conduit', 'app.kubernetes.io/version': '1' });
  const policies = new Policies(chart.toJson(), {});
  expect(policies.leaves(labels, '192.0.2.1', { port: 443, protocol: 'TCP' })).toBe(true);
  expect(policies.leaves({ ...labels, 'app.kubernetes.io/component': 'task' }, '192.0.2.1', { port: 443, protocol: 'TCP' })).toBe(false);
});

test('five earlier releases can be brought back', () => {
  workload('web');
  workload('store', { stable: true });
  const both = new Both(shop);
  expect([both.find('Deployment', 'web'), both.find('StatefulSet', 'store')].map(({ spec }) => spec.revisionHistoryLimit)).toEqual([5, 5]);
});

test.each<[number, string, number, string]>([
  [0.5, '500m', 1024, '1Gi'], [1, '1', 1536, '1536Mi'], [1.5, '1500m', 2 ** 20, '1Ti'], [2000, '2k', 1, '1Mi'], [0.0001, '1m', 3 * 1024, '3Gi'],
])('%d processors are %s and %d MiB are %s, as the API server gives them back', (cpuLimit, processors, memory, size) => {
  workload('web', { resources: { cpuRequest: Math.min(0.05, cpuLimit), cpuLimit, memoryRequest: Size.mebibytes(1), memoryLimit: Size.mebibytes(memory), diskLimit: Size.mebibytes(memory) }, writablePaths: ['/tmp'] });
  const both = new Both(shop);
  expect(both.container('web').resources.limits).toEqual({ 'cpu': processors, 'memory': size, 'ephemeral-storage': size });
  expect(both.pod('web').volumes).toEqual([{ name: 'writable-main-0', emptyDir: { sizeLimit: size } }]);
});

test('a container without a limit may have all processors that nobody else needs', () => {
  workload('web', { resources: { cpuRequest: 2, cpuUnlimited: true } });
  const both = new Both(shop);
  expect(both.container('web').resources).toMatchObject({ requests: { cpu: '2' }, limits: expect.not.objectContaining({ cpu: expect.anything() }) });
  expect(both.service('web')).not.toHaveProperty('cpu_quota');
  expect(both.service('web').deploy.resources.reservations.cpus).toBe('2');
  shop = new Application('shop');
  expect(wholeProgram(() => workload('api', { resources: { cpuLimit: 2, cpuUnlimited: true } }))).toThrow("shop/api: 'cpuLimit' and 'cpuUnlimited' exclude each other, got 2; leave out one of them");
});

test('kubectl looks into the main container unless it is told otherwise', () => {
  const web = workload('web');
  web.addSidecar('agent', { image: IMAGE });
  const both = new Both(shop, { kubernetesVersion: '1.29' });
  expect(both.find('Deployment', 'web').spec.template.metadata.annotations).toEqual({ 'kubectl.kubernetes.io/default-container': 'web' });
});

test('logs and metrics tell containers of several workloads apart', () => {
  for (const id of ['web', 'api']) workload(id).addSidecar('agent', { image: IMAGE });
  new Task(shop, 'migrate', { image: IMAGE });
  const both = new Both(shop, { kubernetesVersion: '1.29' });
  expect(['web', 'api', 'migrate'].map(name => both.containerNames(name).running)).toEqual([['web'], ['api'], ['migrate']]);
});

test('a sidecar may have the name of its workload', () => {
  workload('web').addCompanion('web', { image: IMAGE });
  const both = new Both(shop);
  expect(both.containerNames('web').running).toEqual(['main', 'web']);
  expect(both.find('Deployment', 'web').spec.template.metadata.annotations).toEqual({ 'kubectl.kubernetes.io/default-container': 'main' });
  expect(Object.keys(both.compose.services)).toEqual(expect.arrayContaining(['web_main', 'web_web']));
});

test.each<[string, Partial<WorkloadProps>, number | undefined]>([
  ['nothing to tell', {}, 10], ['members', { stable: true }, 10], ['a port', { ports: [HTTP] }, undefined], ['a check', { health: HealthCheck.command(['true']) }, undefined],
])('a new pod of a workload with %s counts as one that works only after a while: %j %s', (_, props, seconds) => {
  workload('web', props);
  expect(new Both(shop).find(props.stable ? 'StatefulSet' : 'Deployment', 'web').spec.minReadySeconds).toBe(seconds);
});

test('the number of replicas can be left to somebody else', () => {
  for (const id of ['web', 'api']) workload(id, { replicas: 3 });
  workload('store', { replicas: 3, stable: true });
  const both = new Both(shop, { replicasSetByOthers: ['web', 'store'] });
  const specs = [['Deployment', 'web'], ['StatefulSet', 'store'], ['Deployment', 'api']].map(([kind, name]) => both.find(kind, name).spec);
  expect(specs.map(spec => 'replicas' in spec)).toEqual([false, false, true]);
  expect(both.service('web').deploy.replicas).toBe(3);
});

test('one who is no workload is not taken for somebody with replicas', () => {
  new Task(shop, 'task', { image: IMAGE });
  workload('web');
  expect(() => new Both(shop, { replicasSetByOthers: ['web', 'task', 'wbe'] })).toThrow(new Error(['task', 'wbe'].map(name =>
    `shop: 'replicasSetByOthers' must have names of workloads, got '${name}'`).join('\n')));
});

test.each([
  ['nginx:1.27', 'docker.io/library/nginx:1.27'], ['acme/app:1.0', 'docker.io/acme/app:1.0'], ['registry.example/app:1.0', 'registry.example/app:1.0'],
  ['localhost/app:1.0', 'localhost/app:1.0'], ['registry:5000/app:1.0', 'registry:5000/app:1.0'],
])('the image %s is named in full: %s', (image, name) => {
  const task = new Task(shop, 'task', { image, completionCheck: ['true'] });
  const web = workload('web', { image });
  web.waitFor(task);
  const both = new Both(shop);
  const images = [...both.pod('web').containers, ...both.pod('web').initContainers].map((container: any) => container.image);
  expect(new Set(images)).toEqual(new Set([name, 'docker.io/library/busybox:1.37.0-musl']));
  expect(both.service('web').image).toBe(image);
});

test.each(['1.29', '1.34'])('no profile of AppArmor is named, as nodes without it would refuse the pod: on %s', kubernetesVersion => {
  workload('web');
  expect(new Both(shop, { kubernetesVersion }).pod('web').securityContext).not.toHaveProperty('appArmorProfile');
});

test.each<[string, (application: Application) => IBroker]>([
  ['RabbitMQ', application => new RabbitMq(application, 'broker')],
  ['Kafka', application => new Kafka(application, 'broker')],
  ['NATS', application => new Nats(application, 'broker')],
  ['an external RabbitMQ', application => new RabbitMq(application, 'broker', { external: { host: 'broker.example' } })],
])('clients of %s that need not wait start without it, on both targets', (_, make) => {
  const broker = make(shop);
  const web = workload('web');
  const options = (prefix: string) => ({ prefix, waits: false });
  const dead = broker instanceof RabbitMq ? {} : { expiredToDeadLetters: false };
  const queue = new BrokeredQueue(shop, 'queue', { broker, messageTtl: Duration.hours(1), ...dead });
  queue.grantSend(web, options('SEND'));
  queue.grantReceive(web, options('RECEIVE'));
  queue.grantReceiveDeadLetters(web, options('DEAD'));
  const topic = new BrokeredTopic(shop, 'topic', { broker, messageTtl: Duration.hours(1) });
  topic.grantPublish(web, options('PUBLISH'));
  topic.subscribe(web, { ...options('SUBSCRIBE'), ...dead }).grantReceiveDeadLetters(web, options('SUBSCRIBE_DEAD'));
  const stream = new EventStream(shop, 'stream', { broker });
  stream.grantPublish(web, options('STREAM'));
  stream.grantRead(web, options('READ'));
  const both = new Both(shop);
  expect(both.containerNames('web')).toEqual({ init: [], running: ['web'] });
  expect(both.service('web')).not.toHaveProperty('depends_on');
  expect(both.container('web').env.filter(({ name }: any) => name.endsWith('_PASSWORD_FILE'))).toHaveLength(8);
});

test.each(EXAMPLES)('Helm takes nothing in the manifest of %s for an instruction', example => {
  const folder = join(EXAMPLES_FOLDER, example, 'expected');
  const manifests = readdirSync(folder).filter(file => file.endsWith('.k8s.yaml'));
  expect(manifests).not.toEqual([]);
  for (const file of manifests) expect(readFileSync(join(folder, file), 'utf8')).not.toContain('{{');
});
