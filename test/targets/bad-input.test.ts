// What shows only when everything is known is refused when the application is handed to a target.
import {
  Application, BrokeredQueue, ComposeProject, ConfigFile, ContainerProps, DiscoverableService, Endpoint, EnvValue, HealthCheck,
  KubernetesChart, Protocol, RabbitMq, Secret, SharedVolume, Targets, Task, TestOutput, Volume, Workload, WorkloadProps,
} from 'cdk8s-conduit';
import { mkdtempSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'cdk8s';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });

const container = (props: Partial<ContainerProps> = {}) => ({ image: IMAGE, ...props });
const web = (props: Partial<WorkloadProps> = {}) => new Workload(shop, 'web', container(props));
const api = (props: Partial<WorkloadProps> = {}) => new Workload(shop, 'api', container({ ports: [HTTP], ...props }));
const logs = (props = {}) => new SharedVolume(shop, 'logs', props);
const conf = (path: string, content = '', id = 'conf') => new ConfigFile(shop, id, { path, content });
const chart = (props = {}) => new KubernetesChart(new App(), 'chart', { application: shop, ...props });
const service = (id: string) => new DiscoverableService(shop, id, container({ ports: [HTTP] }));
/** Services each of which connects to the next, and the last to the first. */
const circle = (...ids: string[]) => {
  const services = ids.map(service);
  services.forEach((each, index) => each.connectTo(services[(index + 1) % ids.length].endpoint()));
};
/** Services that write to directories of one volume. */
const writers = (directories: Record<string, string>) => {
  const volume = logs();
  for (const [id, directory] of Object.entries(directories)) volume.grantWrite(service(id), '/logs', { directory });
};

test.each<[string, () => unknown, string]>([
  ['a name for two workloads', () => { web({ name: 'api' }); api(); },
    "shop/api: the name 'api' is taken by shop/web; choose another id or set 'name'"],
  ['two ids that make one name', () => { service('OrderDb'); service('order-db'); },
    "shop/order-db: the name 'order-db' is taken by shop/OrderDb; choose another id or set 'name'"],
  ["a member's name for another workload", () => { web({ stable: true, replicas: 2 }); api({ name: 'web-1' }); },
    "shop/api: the name 'web-1' is taken by shop/web; choose another id or set 'name'"],
  ['a name for a task and a workload', () => { web(); new Task(shop, 'migrate', { ...container(), name: 'web' }); },
    "shop/migrate: the name 'web' is taken by shop/web; choose another id or set 'name'"],
  ['two volumes of one name', () => { logs().grantWrite(web(), '/logs'); new SharedVolume(shop, 'Logs').grantWrite(api(), '/logs'); },
    "shop/Logs: the name 'logs' is taken by shop/logs; choose another id or set 'name'"],
  ['a circle of two', () => circle('a', 'b'),
    "shop/a: the start order has a cycle: a waits for b waits for a; declare one of these connections with 'waits: false', or leave out one 'waitFor'"],
  ['a circle of three', () => circle('a', 'b', 'c'),
    "shop/a: the start order has a cycle: a waits for b waits for c waits for a; declare one of these connections with 'waits: false', or leave out one 'waitFor'"],
  ['a task that waits for itself', () => { const task = new Task(shop, 'migrate', container()); task.waitFor(task); },
    "shop/migrate: the start order has a cycle: migrate waits for migrate; declare one of these connections with 'waits: false', or leave out one 'waitFor'"],

  ['a volume that nobody uses', () => logs(),
    'shop/logs: nothing uses this volume; grant it or remove it'],
  ['files that nobody reads', () => logs({ files: { a: '' } }),
    'shop/logs: nothing uses this volume; grant it or remove it'],
  ['a volume that is never mounted', () => new Volume(shop, 'data'),
    'shop/data: nothing mounts this volume; mount it or remove it'],
  ['a volume that is read and never written', () => logs().grantRead(web(), '/logs'),
    "shop/logs: is read but never written; add grantWrite, or content with 'seed' or 'files'"],
  ['two writers of one directory', () => { const l = logs(); l.grantWrite(web(), '/logs'); l.grantWrite(api(), '/logs'); },
    "shop/logs: 'api' and 'web' would write to the same directory; give each writer a 'directory' of its own, or set 'concurrentWriters' if their programs are made for it"],
  ["a writer within another one's directory", () => writers({ web: 'a', api: 'a/b', c: 'a-b' }),
    "shop/logs: 'web' and 'api' would write to the same directory; give each writer a 'directory' of its own, or set 'concurrentWriters' if their programs are made for it"],
  ['two replicas that write to one directory', () => logs({ sharedStorageClass: 'nfs' }).grantWrite(web({ replicas: 2 }), '/logs'),
    "shop/logs: the 2 replicas of 'web' would write to the same directory; use 1 replica, or set 'concurrentWriters' if the program is made for it"],
  ['replicas on storage of one machine', () => { const l = logs(); l.grantWrite(web(), '/logs'); l.grantRead(api({ replicas: 3 }), '/logs'); },
    "shop/logs: 'api' (3 replicas) would need storage that many machines can use; name its class with 'sharedStorageClass', or use 1 replica"],
  ['storage that ends, for two workloads', () => { const l = logs({ persistent: false }); l.grantWrite(web(), '/logs'); l.grantRead(api(), '/logs'); },
    "shop/logs: 'api', 'web' can share only storage that persists; leave out 'persistent: false', or put them into one workload"],
  ['storage for each member of what has none', () => web().main.mountVolume(new Volume(shop, 'data', { perMember: true }), '/data'),
    "shop/data: storage 'perMember' is for one stable workload, but used by 'web'; set 'stable: true' there or leave out 'perMember'"],
  ['a volume that is mounted at a relative path', () => web().main.mountVolume(new Volume(shop, 'data'), 'data'),
    "shop/web: volume 'data' must be mounted at an absolute path without a final slash, '..', ':' and '$', got 'data'"],
  ['a directory outside a volume', () => web().main.mountVolume(new Volume(shop, 'data'), '/data', { subdirectory: '../etc' }),
    "shop/web: the directory of volume 'data' must be a relative path that stays inside, got '../etc'"],

  ['two config files at one path', () => { const { main } = web(); main.mountConfigFile(conf('/etc/a')); main.mountConfigFile(conf('/etc/a', '', 'other')); },
    "shop/web: config file 'other' and config file 'conf' are both at '/etc/a'; give one of them another path"],
  ['a config file where a secret is', () => { const { main } = web(); main.mountSecret(new Secret(shop, 'key')); main.mountConfigFile(conf('/run/secrets/key')); },
    "shop/web: config file 'conf' and secret 'key' are both at '/run/secrets/key'; give one of them another path"],
  ['a volume at a writable path', () => logs().grantWrite(web({ writablePaths: ['/logs'] }), '/logs'),
    "shop/web: volume 'logs' and a writable path are both at '/logs'; give one of them another path"],
  ['a writable path where secrets are', () => web({ writablePaths: ['/run/secrets'] }),
    "shop/web: a writable path is at '/run/secrets', and '/run/secrets' is kept for what the library mounts; give it another path"],
  ['a sidecar with a config file among our tools', () => web().addSidecar('proxy', container()).mountConfigFile(conf('/conduit/a')),
    "shop/web: container 'proxy': config file 'conf' is at '/conduit/a', and '/conduit' is kept for what the library mounts; give it another path"],
  ['a health check of a port that is not there', () => web({ health: HealthCheck.http(8080, '/ready') }),
    "shop/web: the health check asks TCP port 8080, which is not among the container's ports; declare it in 'ports'"],
  ['a TCP check of a UDP port', () => web({ ports: [{ name: 'dns', number: 53, protocol: Protocol.UDP }], health: HealthCheck.tcp(53) }),
    "shop/web: the health check asks TCP port 53, which is not among the container's ports; declare it in 'ports'"],
  ['an unknown placeholder', () => conf('/etc/a', 'resolver @{conduit.resolver};'),
    'shop/conf: unknown placeholder @{conduit.resolver}; there are @{conduit.dnsResolver} and @{conduit.dnsSuffix}'],
  ['a large config file', () => conf('/etc/a', 'x'.repeat(10_000_001)),
    'shop/conf: a config file holds at most 10000000 bytes, got 10000001; put a part of it into a config file of its own, or all of it into the image'],
])('%s is refused by every target', (_, build, lines) => {
  build();
  const expected = new Error(`application 'shop' has a problem:\n${lines}`);
  for (const target of Targets.all) expect(wholeProgram(() => target.render(shop))).toThrow(expected);
});

test.each<[string, () => unknown, string]>([
  ['a malformed project name', () => new ComposeProject(shop, { projectName: 'My Shop' }),
    "shop: 'projectName' must be at most 63 lower-case letters, digits and hyphens, beginning with a letter, got 'My Shop'"],
  ['an absolute directory of secrets', () => new ComposeProject(shop, { secretsDirectory: '/etc' }),
    "shop: 'secretsDirectory' must be relative to the project's directory, got '/etc'"],
  ['a malformed network block', () => { web().connectTo(api().endpoint()); new ComposeProject(shop, { networkBlock: '10.0.0.1/12' }); },
    "compose project 'shop': 'networkBlock' must be an aligned IPv4 range from /8 to /28 such as 10.32.0.0/12, got '10.0.0.1/12'"],
  ['a small network block', () => { const w = web(); w.connectTo(api().endpoint()); w.connectTo(Endpoint.external('db', 1)); new ComposeProject(shop, { networkBlock: '10.0.0.0/28' }); },
    "compose project 'shop': 'networkBlock' 10.0.0.0/28 has no room for 2 networks; give a larger block"],
  ['a malformed namespace', () => chart({ namespace: 'My_Shop' }),
    "shop: 'namespace' must be at most 63 lower-case letters, digits and hyphens, got 'My_Shop'"],
  ['a malformed version of Kubernetes', () => chart({ kubernetesVersion: 'v1.29' }),
    "shop: 'kubernetesVersion' must be a version such as 1.29, got 'v1.29'"],
  ['an old version of Kubernetes', () => chart({ kubernetesVersion: '1.26' }),
    "shop: 'kubernetesVersion' must be 1.27 or newer, got '1.26'"],
  ['an object that is not there', () => { web(); chart().findObject('Deployment', 'wbe'); },
    "chart: has no Deployment 'wbe'; it has 'web'"],
  ['a kind that is not there', () => chart().findObject('Job', 'web'),
    "chart: has no Job 'web'; it has none at all"],
  ['waiting for a task without completion check on Kubernetes', () => { web().waitFor(new Task(shop, 'migrate', container())); chart(); },
    "shop/web: waiting for a task that has no completion check cannot be had on Kubernetes: nothing holds an API token, so nothing can watch a Job; give the task a 'completionCheck', the command that succeeds once its work is done"],
  ['a DNS suffix without a namespace', () => { new ConfigFile(shop, 'conf', { path: '/c', content: ConfigFile.DNS_SUFFIX }); chart(); },
    "shop/conf: the DNS suffix in a config file cannot be had on Kubernetes: the full name of a Service contains its namespace, which the chart was not told; set 'namespace' of the KubernetesChart"],
])('%s is refused', (_, build, message) => {
  expect(wholeProgram(build)).toThrow(new Error(message));
});

test.each<[string, (seen: Workload) => unknown, string]>([
  ['a workload', () => api(), 'shop/api'],
  ['a pattern', () => logs(), 'shop/logs'],
  ['a queue', () => new BrokeredQueue(shop, 'orders', { broker: new RabbitMq(new Application('other'), 'broker') }), 'shop/orders'],
  ['a sidecar', seen => seen.addSidecar('late', container()), 'shop/web/late'],
  ['an edge', seen => seen.connectTo(Endpoint.external('db', 5432)), 'shop/web'],
  ['a variable', seen => seen.main.setEnv('A', EnvValue.literal('x')), 'shop/web'],
  ['a mount', seen => seen.main.mountSecret(shop.node.findChild('key') as Secret), 'shop/web'],
  ['a grant', seen => (shop.node.findChild('queue') as BrokeredQueue).grantSend(seen), 'shop/web'],
])('%s is refused once a target has seen the application', (_, change, path) => {
  const seen = web();
  new Secret(shop, 'key');
  new BrokeredQueue(shop, 'queue', { broker: new RabbitMq(shop, 'broker') });
  new ComposeProject(shop);
  expect(wholeProgram(() => change(seen))).toThrow(new Error(
    `${path}: the application was already handed to a target and cannot change; define everything before the first target`));
});

test('all problems of an application are reported together, one line each, and nothing is written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'conduit-'));
  web({ health: HealthCheck.tcp(8080) });
  api({ name: 'web' });
  logs();
  conf('/etc/a', '@{conduit.what}');
  const app = new App({ outdir: join(folder, 'dist') });
  const expected = new Error(`application 'shop' has 4 problems:
shop/api: the name 'web' is taken by shop/web; choose another id or set 'name'
shop/conf: unknown placeholder @{conduit.what}; there are @{conduit.dnsResolver} and @{conduit.dnsSuffix}
shop/logs: nothing uses this volume; grant it or remove it
shop/web: the health check asks TCP port 8080, which is not among the container's ports; declare it in 'ports'`);
  expect(wholeProgram(() => { new KubernetesChart(app, 'shop', { application: shop }); app.synth(); })).toThrow(expected);
  expect(wholeProgram(() => new ComposeProject(shop, { directory: join(folder, 'compose') }).save())).toThrow(expected);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('all malformed values of one container are reported together', () => {
  expect(wholeProgram(() => web({ image: 'nginx', uid: 0, command: [], ports: [{ name: 'http', number: 0 }] }))).toThrow(new Error(
    `shop/web: 'image' must have a tag other than latest, or a digest, so that it means the same tomorrow, got 'nginx'
shop/web: 'command' must have at least one word; leave it out to keep the image's own
shop/web: port 'http' must have a whole number from 1 to 65535, got 0
shop/web: 'uid' must be a number other than 0, which is root, got 0`));
});

test('all that Kubernetes refuses is reported together, and Compose takes it', () => {
  web().waitFor(new Task(shop, 'migrate', container()));
  conf('/c', ConfigFile.DNS_SUFFIX);
  expect(wholeProgram(() => chart())).toThrow(/^shop\/conf: the DNS suffix .*\nshop\/web: waiting for a task [^\n]*$/);
  expect(TestOutput.of(shop, ComposeProject.target()).document.services.web.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
});

test('an application with problems can be mended and handed over again', () => {
  const volume = logs();
  expect(wholeProgram(() => new ComposeProject(shop))).toThrow('nothing uses this volume');
  volume.grantWrite(web(), '/logs');
  expect(TestOutput.of(shop, ComposeProject.target()).document.services.web.volumes).toMatchObject([{ source: 'logs', target: '/logs' }]);
});
