import { Application, RestartPolicy, Workload, WorkloadProps } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const web = (props: Partial<WorkloadProps> = {}) => new Workload(shop, 'web', { image: IMAGE, ...props });

test('only members form a cluster', () => {
  expect(wholeProgram(() => web({ clustered: true }))).toThrow("shop/web: only members can be 'clustered'; set 'stable: true'");
});

test('members of a cluster find each other before they are ready, on both targets', () => {
  web({ stable: true, clustered: true, replicas: 3, ports: [HTTP] });
  const both = new Both(shop);
  expect(['web', 'web-0', 'web-2'].map(name => both.find('Service', name).spec.publishNotReadyAddresses)).toEqual([undefined, true, true]);
  expect(both.service('web-0').networks).toEqual({ web__members: { aliases: ['web', 'web-0.web'] } });
  expect(both.service('web-0')).not.toHaveProperty('depends_on.web-1');
});

test('its name is the way from the application to it, on every target', () => {
  const scope = new Construct(new Construct(shop, 'BackEnd'), 'Default');
  new Workload(scope, 'OrderAPI_2', { image: IMAGE, ports: [HTTP] });
  const both = new Both(shop);
  expect([both.names('Deployment'), both.names('Service'), Object.keys(both.compose.services)]).toEqual([
    ['back-end-order-api-2'], ['back-end-order-api-2'], ['back-end-order-api-2', 'conduit-setup'],
  ]);
});

test('a name of its own is used as it is', () => {
  web({ name: 'shop-front' });
  const both = new Both(shop);
  expect([both.names('Deployment'), Object.keys(both.compose.services)]).toEqual([['shop-front'], ['shop-front']]);
});

test('a port is reached by the same name and number on every target', () => {
  web({ ports: [HTTP, { name: 'metrics', number: 9090 }] });
  new Workload(shop, 'client', { image: IMAGE }).connectTo((shop.node.findChild('web') as Workload).endpoint('http'));
  const both = new Both(shop);
  expect(both.find('Service', 'web').spec).toEqual({
    type: 'ClusterIP',
    selector: { 'app.kubernetes.io/name': 'web', 'app.kubernetes.io/instance': 'shop' },
    ports: [
      { name: 'http', port: 8080, targetPort: 'http', protocol: 'TCP' },
      { name: 'metrics', port: 9090, targetPort: 'metrics', protocol: 'TCP' },
    ],
  });
  expect(both.container('web').ports).toEqual([
    { name: 'http', containerPort: 8080, protocol: 'TCP' }, { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
  ]);
  expect(both.service('web').networks).toEqual({ client_web: null });
  expect(both.service('web')).not.toHaveProperty('ports'); // nothing is open to the machine
});

test('replicas are spread, and a drain takes them one by one', () => {
  web({ replicas: 3 });
  const both = new Both(shop);
  const selector = { matchLabels: { 'app.kubernetes.io/name': 'web', 'app.kubernetes.io/instance': 'shop' } };
  expect(both.find('Deployment', 'web').spec).toMatchObject({
    replicas: 3, selector, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
  });
  expect(both.find('PodDisruptionBudget', 'web').spec).toEqual({ maxUnavailable: 1, selector, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
  // one constraint alone: on nodes that lack the label of one, none counts
  expect(both.pod('web').topologySpreadConstraints).toEqual([
    { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: selector, matchLabelKeys: ['pod-template-hash'] },
  ]);
  expect(both.pod('web').affinity).toEqual({
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: { labelSelector: selector, topologyKey: 'topology.kubernetes.io/zone' } }],
    },
  });
  expect(both.service('web').deploy.replicas).toBe(3);
});

test('an update spreads the new replicas over zones as if the old ones were gone, from 1.31 on', () => {
  web({ replicas: 3 });
  new Workload(shop, 'store', { image: IMAGE, replicas: 3, stable: true });
  const keys = (kubernetesVersion: string, name: string) =>
    new Both(shop, { kubernetesVersion }).pod(name).affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.matchLabelKeys;
  expect(keys('1.30', 'web')).toBeUndefined();
  expect(keys('1.31', 'web')).toEqual(['pod-template-hash']);
  expect(keys('1.31', 'store')).toBeUndefined(); // members are replaced in place
});

test('a single replica has neither budget nor spread', () => {
  web();
  const both = new Both(shop);
  expect(both.names('PodDisruptionBudget')).toEqual([]);
  expect(both.pod('web')).not.toHaveProperty('topologySpreadConstraints');
  expect(both.pod('web')).not.toHaveProperty('affinity');
  expect(both.service('web').deploy).not.toHaveProperty('replicas');
});

test('members of a stable workload keep their names on every target', () => {
  const stable = web({ replicas: 2, stable: true, ports: [HTTP] });
  new Workload(shop, 'client', { image: IMAGE }).connectTo(stable.endpoint());
  const both = new Both(shop);
  expect(stable.memberNames).toEqual(['web-0', 'web-1']);
  expect(both.find('StatefulSet', 'web').spec).toMatchObject({ serviceName: 'web', replicas: 2, podManagementPolicy: 'Parallel' });
  expect(both.find('Service', 'web').spec.clusterIP).toBe('None');
  expect(both.find('Service', 'web').spec).not.toHaveProperty('sessionAffinity');
  for (const member of ['web-0', 'web-1']) {
    expect(both.find('Service', member).spec).toMatchObject({ type: 'ClusterIP', selector: { 'statefulset.kubernetes.io/pod-name': member } });
    expect(both.find('Service', member).spec).not.toHaveProperty('clusterIP'); // the name exists before the member is ready
    expect(both.service(member)).toMatchObject({ hostname: member, networks: { client_web: { aliases: ['web', `${member}.web`] } } });
    expect(both.service(member).deploy).not.toHaveProperty('replicas');
  }
  expect(both.compose.services).not.toHaveProperty('web');
});

test('replicas of several containers are sets of services on Compose', () => {
  const pair = web({ replicas: 2, ports: [HTTP] });
  pair.addSidecar('proxy', { image: IMAGE });
  new Workload(shop, 'client', { image: IMAGE }).connectTo(pair.endpoint());
  const both = new Both(shop);
  expect(both.find('Deployment', 'web').spec.replicas).toBe(2);
  expect(Object.keys(both.compose.services)).toEqual([
    'client', 'conduit-setup', 'web_1', 'web_1_main', 'web_1_proxy', 'web_2', 'web_2_main', 'web_2_proxy',
  ]);
  for (const set of ['web_1', 'web_2']) {
    expect(both.service(set).networks).toEqual({ client_web: { aliases: ['web'] } });
    expect(both.service(`${set}_main`)).toMatchObject({ network_mode: `service:${set}`, depends_on: { [`${set}_proxy`]: { condition: 'service_started' } } });
  }
});

test('containers start in the order of their roles', () => {
  const workload = web({ ports: [HTTP] });
  workload.addCompanion('reporter', { image: IMAGE });
  workload.addSidecar('proxy', { image: IMAGE, ports: [{ name: 'tls', number: 8443 }] });
  workload.addInitContainer('first', { image: IMAGE });
  workload.addInitContainer('second', { image: IMAGE });
  const both = new Both(shop, { kubernetesVersion: '1.29' });
  expect(both.containerNames('web')).toEqual({ init: ['first', 'second', 'proxy'], running: ['web', 'reporter'] });
  const inits = { web_first: { condition: 'service_completed_successfully' }, web_second: { condition: 'service_completed_successfully' } };
  const owner = { web: { condition: 'service_started', restart: true } };
  const tools = { 'conduit-setup': { condition: 'service_started' } };
  expect(both.service('web_first')).not.toHaveProperty('depends_on');
  expect(both.service('web_second').depends_on).toEqual({ web_first: inits.web_first });
  expect(both.service('web_proxy').depends_on).toEqual({ ...tools, ...owner, ...inits });
  expect(both.service('web_main').depends_on).toEqual({ ...tools, ...owner, ...inits, web_proxy: { condition: 'service_healthy' } });
  expect(both.service('web_reporter').depends_on).toEqual({ ...owner, ...inits, web_main: { condition: 'service_healthy' } });
});

test('every sidecar is healthy before the main container starts', () => {
  const workload = web({});
  for (const [index, name] of ['proxy', 'agent'].entries()) workload.addSidecar(name, { image: IMAGE, ports: [{ name, number: 9000 + index }] });
  const both = new Both(shop, { kubernetesVersion: '1.29' });
  expect(both.containerNames('web')).toEqual({ init: ['proxy', 'agent'], running: ['web'] });
  expect(both.service('web_main').depends_on).toMatchObject({ web_proxy: { condition: 'service_healthy' }, web_agent: { condition: 'service_healthy' } });
});

test('an init container runs once, unchecked, and gets no network that it does not need', () => {
  web({ ports: [HTTP] }).addInitContainer('prepare', { image: IMAGE, ports: [{ name: 'own', number: 1 }], stopSignal: 'SIGINT' });
  const both = new Both(shop);
  for (const field of ['readinessProbe', 'lifecycle', 'restartPolicy']) expect(both.container('web', 'prepare')).not.toHaveProperty(field);
  expect(both.service('web_prepare')).toMatchObject({ restart: 'no', network_mode: 'none' });
  expect(both.service('web_prepare')).not.toHaveProperty('healthcheck');
});

test('a program that ends is started again, on Compose only if it failed where that is asked for', () => {
  web({ restart: RestartPolicy.ON_FAILURE });
  const both = new Both(shop);
  expect(both.pod('web')).not.toHaveProperty('restartPolicy'); // Always is all that a Deployment takes
  expect(both.service('web').restart).toBe('on-failure');
});

test('a program gets its time to end', () => {
  web({ stopGracePeriod: Duration.minutes(2) });
  const both = new Both(shop);
  expect(both.pod('web').terminationGracePeriodSeconds).toBe(120);
  expect(both.service('web').stop_grace_period).toBe('120s');
});

test('ports below 1024 can be listened on without privileges', () => {
  web({ ports: [{ name: 'http', number: 80 }] });
  new Workload(shop, 'api', { image: IMAGE, ports: [HTTP] });
  const both = new Both(shop);
  expect(both.pod('web').securityContext.sysctls).toEqual([{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }]);
  expect(both.pod('api').securityContext).not.toHaveProperty('sysctls');
});

test('a number may be used for TCP and for UDP', () => {
  const dns = web({ ports: [{ name: 'dns', number: 53, protocol: 'UDP' as any }, { name: 'dns-tcp', number: 53 }] });
  expect([dns.endpoint('dns').protocol, dns.endpoint('dns-tcp').protocol]).toEqual(['UDP', 'TCP']);
  const both = new Both(shop);
  expect(both.find('Service', 'web').spec.ports.map(({ name, protocol }: any) => `${name}/${protocol}`)).toEqual(['dns/UDP', 'dns-tcp/TCP']);
});

test('each replica has its address behind a further name, which is made for whom connects to it, and which nobody else may have', () => {
  const server = web({ replicas: 3, ports: [HTTP] });
  const client = new Workload(shop, 'client', { image: IMAGE });
  expect(server.replicasEndpoint().url).toBe('http://web-replicas:8080');
  expect(server.replicasAreNamed).toBe(false);
  client.connectTo(server.replicasEndpoint());
  expect(server.replicasAreNamed).toBe(true);
  const both = new Both(shop);
  expect(both.find('Service', 'web-replicas').spec).toMatchObject({ clusterIP: 'None', ports: [expect.objectContaining({ port: 8080 })] });
  expect(both.service('web').networks).toEqual({ client_web: { aliases: ['web-replicas'] } });
  expect(both.env('client').kubernetes).toEqual(both.env('client').compose);
});

test('the name of members leads to each of them anyway', () => {
  const server = web({ replicas: 3, stable: true, ports: [HTTP] });
  expect([server.replicasName, server.replicasEndpoint().host]).toEqual(['web', 'web']);
  new Workload(shop, 'client', { image: IMAGE }).connectTo(server.replicasEndpoint());
  expect([server.replicasAreNamed, new Both(shop).names('Service').includes('web-replicas')]).toEqual([false, false]);
});

test('the name of replicas is one that nobody else may have, once somebody connects to it', () => {
  const server = web({ ports: [HTTP] });
  const other = new Workload(shop, 'web-replicas', { image: IMAGE });
  other.connectTo(server.replicasEndpoint());
  expect(wholeProgram(() => shop.check())).toThrow(/the name 'web-replicas' is taken by shop\/web/);
});
