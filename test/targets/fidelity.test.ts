// What a target does by other means it says, for each construct; nothing is dropped silently.
import {
  Application, ComposeProject, ConfigFile, Endpoint, EnvValue, FidelityEntry, KubernetesChart, RestartPolicy, Secret, SidecarPair, StartOrder, Task,
  Volume, Workload, WorkloadProps,
} from 'cdk8s-conduit';
import { App } from 'cdk8s';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const web = (props: Partial<WorkloadProps> = {}) => new Workload(shop, 'web', { image: 'registry.example/acme/app:1.0', ...props });

/** What is said of a construct: the level, and the feature where it is not exact. */
const lines = (entries: FidelityEntry[], path: string) => entries.filter(entry => entry.path === path).map(({ level, feature }) => feature ? `${level}: ${feature}` : level);
const kubernetes = (path: string, kubernetesVersion?: string) => lines(new KubernetesChart(new App(), 'shop', { application: shop, kubernetesVersion }).fidelity, path);
const compose = (path: string) => lines(new ComposeProject(shop).fidelity, path);

const PLAIN = 'emulated: requested processors and disk limit';
const SERVES_ON = 'emulated: server goes on while it is still sent connections';
const START_PERIOD = 'emulated: time in which a starting container may fail its health check';
const OWN_INIT = 'emulated: init process of several containers, or beside a stop signal';

test.each<[string, () => unknown, string[], string[]]>([
  ['a plain workload', () => web(), ['exact'], [PLAIN]],
  ['a task', () => new Task(shop, 'web', { image: 'registry.example/acme/app:1.0' }), ['exact'], [PLAIN]],
  ['a config file', () => new ConfigFile(shop, 'web', { path: '/c', content: '' }), ['exact'], ['exact']],
  ['a secret', () => new Secret(shop, 'web'), ['emulated: value of a secret'], ['exact']],
  ['restart on failure only', () => web({ restart: RestartPolicy.ON_FAILURE }), ['emulated: restart on failure only'], [PLAIN]],
  ['a stop signal', () => web({ stopSignal: 'SIGQUIT' }), [OWN_INIT, 'emulated: stop signal'], [PLAIN]],
  ['a port that is checked', () => web({ ports: [{ name: 'http', number: 80 }] }),
    [START_PERIOD], ['emulated: HTTP or TCP health check', 'emulated: named ports', PLAIN]],
  ['writable paths', () => web({ writablePaths: ['/tmp'] }), ['exact'], [PLAIN, 'emulated: writable paths']],
  ['a secret as a variable', () => web({ env: { A: EnvValue.secret(new Secret(shop, 'key')) } }), ['exact'], [PLAIN, 'emulated: secret as the value of a variable']],
  ['an init container of several replicas', () => web({ replicas: 2 }).addInitContainer('init', { image: 'registry.example/acme/init:1.0' }),
    ['exact'], ['emulated: init container of several replicas', PLAIN]],
  ['a name outside', () => web().connectTo(Endpoint.external('db.example', 5432)),
    ['emulated: connection to an external name'], ['emulated: address and port of a connection to an external endpoint', PLAIN]],
  ['an address outside', () => web().connectTo(Endpoint.external('192.0.2.7', 5432), { prefix: 'DB' }),
    ['exact'], ['emulated: address and port of a connection to an external endpoint', PLAIN]],
])('of %s each target says what it does', (_, build, onKubernetes, onCompose) => {
  build();
  expect([kubernetes('shop/web'), compose('shop/web')]).toEqual([onKubernetes, onCompose]);
});

test('of a connection Compose says at both ends that it opens more', () => {
  const api = new Workload(shop, 'api', { image: 'registry.example/acme/app:1.0', ports: [{ name: 'http', number: 80 }] });
  web().connectTo(api.endpoint());
  expect([kubernetes('shop/web'), kubernetes('shop/api')]).toEqual([['exact'], [START_PERIOD]]);
  for (const path of ['shop/web', 'shop/api']) expect(compose(path)).toContain('emulated: direction and port of a connection');
});

test('of a sidecar Kubernetes says from which version on it starts first', () => {
  new SidecarPair(shop, 'web', { main: { image: 'registry.example/acme/app:1.0' }, sidecar: { image: 'registry.example/acme/proxy:1.0' }, replicas: 2 });
  expect(kubernetes('shop/web/Default', '1.28')).toEqual([OWN_INIT, 'emulated: sidecar starts first']);
  expect(kubernetes('shop/web/Default', '1.29')).toEqual([OWN_INIT]);
  expect(compose('shop/web/Default')).toEqual(['emulated: replicas of several containers', PLAIN, 'emulated: several containers that share an address, after a restart of the engine']);
});

test('of a sidecar with a stop signal Kubernetes says that it does not end last', () => {
  const sidecar = { image: 'registry.example/acme/proxy:1.0', stopSignal: 'SIGQUIT' };
  new SidecarPair(shop, 'web', { main: { image: 'registry.example/acme/app:1.0' }, sidecar });
  expect(kubernetes('shop/web/Default', '1.28')).not.toContain('emulated: sidecar with a stop signal ends last');
  expect(kubernetes('shop/web/Default', '1.29')).toContain('emulated: sidecar with a stop signal ends last');
});

test('of a server Kubernetes says up to which version it needs the image to go on', () => {
  web({ ports: [{ name: 'http', number: 80 }] });
  expect([kubernetes('shop/web', '1.29'), kubernetes('shop/web', '1.30')]).toEqual([[SERVES_ON, START_PERIOD], [START_PERIOD]]);
});

test('of a companion Kubernetes says that it does not wait', () => {
  const props = { main: { image: 'registry.example/acme/app:1.0' }, sidecar: { image: 'registry.example/acme/proxy:1.0' }, startOrder: StartOrder.MAIN_FIRST };
  new SidecarPair(shop, 'web', props);
  expect(kubernetes('shop/web/Default', '1.29')).toEqual(['emulated: companion starts after the main container', OWN_INIT]);
});

test('of a volume Compose says what a local one lacks', () => {
  const main = web().main;
  main.mountVolume(new Volume(shop, 'scratch'), '/scratch');
  main.mountVolume(new Volume(shop, 'data', { storageClass: 'fast' }), '/data');
  expect([kubernetes('shop/scratch'), kubernetes('shop/data')]).toEqual([['exact'], ['exact']]);
  expect([compose('shop/scratch'), compose('shop/data')]).toEqual([['emulated: scratch volume', 'emulated: size and class of storage'], ['emulated: size and class of storage']]);
});

test('each deviation has its reason, and entries are in the order of their paths', () => {
  web({ restart: RestartPolicy.ON_FAILURE, ports: [{ name: 'http', number: 80 }] });
  new Secret(shop, 'key');
  for (const entries of [new KubernetesChart(new App(), 'shop', { application: shop }).fidelity, new ComposeProject(shop).fidelity]) {
    for (const { level, reason } of entries) expect(typeof reason).toBe(level === 'exact' ? 'undefined' : 'string');
    const paths = entries.map(({ path }) => path);
    expect(paths).toEqual([...paths].sort());
    expect(new Set(paths)).toEqual(new Set(['shop/key', 'shop/web']));
  }
});
