import { Application, Endpoint, HealthCheck, SidecarPair, SidecarPairProps, StartOrder, Workload } from 'cdk8s-conduit';
import { Both } from '../targets/both';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const pair = (props: Partial<SidecarPairProps> = {}) => new SidecarPair(shop, 'web', {
  main: { image: 'registry.example/acme/app:1.0', ports: [{ name: 'app', number: 8081, scheme: 'http' }] },
  sidecar: { image: 'registry.example/acme/proxy:1.0', ports: [{ name: 'http', number: 8080 }] },
  ...props,
});

test('both containers share one address', () => {
  pair();
  const both = new Both(shop);
  expect([...both.pod('web').initContainers, ...both.pod('web').containers].map(({ name, image }: any) => [name, image])).toEqual([
    ['sidecar', 'registry.example/acme/proxy:1.0'], ['web', 'registry.example/acme/app:1.0'],
  ]);
  expect(both.pod('web')).not.toHaveProperty('shareProcessNamespace'); // the address, but not the processes
  expect(both.service('web_main').network_mode).toBe('service:web');
  expect(both.service('web_sidecar').network_mode).toBe('service:web');
});

test('the address stays when either container ends', () => {
  pair();
  const both = new Both(shop);
  expect(both.service('web')).toMatchObject({ entrypoint: ['sleep', 'infinity'], restart: 'always' });
  for (const name of ['web_main', 'web_sidecar']) expect(both.service(name).depends_on.web).toEqual({ condition: 'service_started', restart: true });
});

test('the sidecar is healthy before the main container starts', () => {
  pair();
  const native = new Both(shop, { kubernetesVersion: '1.29' });
  expect(native.containerNames('web')).toEqual({ init: ['sidecar'], running: ['web'] });
  expect(native.container('web', 'sidecar')).toMatchObject({
    restartPolicy: 'Always',
    startupProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
    readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 5, failureThreshold: 3 },
  });
  expect(native.service('web_main').depends_on.web_sidecar).toEqual({ condition: 'service_healthy' });
  expect(native.service('web_sidecar').depends_on).not.toHaveProperty('web_main');
});

test('before 1.29 the sidecar is a plain container, started first', () => {
  pair();
  for (const kubernetesVersion of ['1.27', '1.28.3']) {
    const both = new Both(shop, { kubernetesVersion });
    expect(both.containerNames('web')).toEqual({ init: [], running: ['sidecar', 'web'] });
    expect(both.container('web', 'sidecar')).not.toHaveProperty('restartPolicy');
  }
});

test('the main container can be the first to start', () => {
  pair({ startOrder: StartOrder.MAIN_FIRST });
  const both = new Both(shop, { kubernetesVersion: '1.29' });
  expect(both.containerNames('web')).toEqual({ init: [], running: ['web', 'sidecar'] });
  expect(both.service('web_sidecar').depends_on.web_main).toEqual({ condition: 'service_healthy' });
  expect(both.service('web_main').depends_on).not.toHaveProperty('web_sidecar');
});

test('a directory that both write to is scratch space of the pair', () => {
  pair({ sharedDirectory: '/shared', replicas: 2 });
  const both = new Both(shop);
  expect(both.pod('web').volumes).toEqual([{ name: 'volume-web-shared', emptyDir: { sizeLimit: '1Gi' } }]);
  for (const [name, role] of [['web', 'main'], ['sidecar', 'sidecar']]) {
    expect(both.container('web', name).volumeMounts).toEqual([{ name: 'volume-web-shared', mountPath: '/shared', subPath: 'data' }]);
    expect(both.service(`web_1_${role}`).volumes[0]).toEqual({ type: 'volume', source: 'web-shared_1', target: '/shared', volume: { nocopy: true } });
  }
});

test('others connect to the pair, whichever container listens', () => {
  const web = pair({ name: 'front' });
  new Workload(shop, 'client', { image: 'registry.example/acme/client:1.0' }).connectTo(web.endpoint('http'));
  expect([web.endpoint('app').url, web.endpoint('http').url]).toEqual(['http://front:8081', 'http://front:8080']);
  const both = new Both(shop);
  const env = { FRONT_HTTP_HOST: 'front', FRONT_HTTP_PORT: '8080', FRONT_HTTP_URL: 'http://front:8080' };
  expect(both.env('client')).toEqual({ kubernetes: env, compose: env });
  expect(both.service('front').networks).toEqual({ client_front: null });
  expect(both.service('client').depends_on).toEqual({ front_main: { condition: 'service_healthy' }, front_sidecar: { condition: 'service_healthy' } });
});

test('each container connects for itself', () => {
  const web = pair();
  web.connectTo(Endpoint.external('db.example', 5432), { prefix: 'DB' });
  web.sidecar.connectTo(web.main.localEndpoint(), { prefix: 'UPSTREAM' });
  const both = new Both(shop);
  const main = { DB_HOST: 'db.example', DB_PORT: '5432' };
  const sidecar = { UPSTREAM_HOST: 'localhost', UPSTREAM_PORT: '8081', UPSTREAM_URL: 'http://localhost:8081' };
  expect(both.env('web', 'web_main')).toEqual({ kubernetes: main, compose: main });
  expect(both.env('web', 'web_sidecar', 'sidecar')).toEqual({ kubernetes: sidecar, compose: sidecar });
  expect(both.service('web').networks).toEqual({ web_outside: null });
});

test('without health checks the order is that of starting', () => {
  new SidecarPair(shop, 'job', { main: { image: 'registry.example/acme/app:1.0' }, sidecar: { image: 'registry.example/acme/agent:1.0' } });
  const both = new Both(shop, { kubernetesVersion: '1.29' });
  expect(both.container('job', 'sidecar')).not.toHaveProperty('startupProbe');
  expect(both.service('job_main').depends_on.job_sidecar).toEqual({ condition: 'service_started' });
});

test('a check of the sidecar holds back the main container on both targets', () => {
  pair({ sidecar: { image: 'registry.example/acme/agent:1.0', health: HealthCheck.command(['test', '-S', '/run/agent']) } });
  const both = new Both(shop, { kubernetesVersion: '1.30' });
  expect(both.container('web', 'sidecar').startupProbe.exec.command).toEqual(['test', '-S', '/run/agent']);
  expect(both.service('web_main').depends_on.web_sidecar).toEqual({ condition: 'service_healthy' });
});
