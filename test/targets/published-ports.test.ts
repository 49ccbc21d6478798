// Ways in from outside: ports of the host and a network that leads no further on Compose, a Service and policies on Kubernetes.
import {
  Application, ComposeProject, Endpoint, Exposure, FidelityLevel, KubernetesChart, KubernetesChartProps, Network, PortPublishing, Protocol, PublishOptions,
  RabbitMq, SidecarPair, TestOutput, Workload,
} from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { Both } from './both';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };
const SOME = Exposure.sources(['192.0.2.0/24']);
const DNS = { name: 'dns', number: 53, protocol: Protocol.UDP };

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const workload = (id: string, ...ports: Workload['ports']) => new Workload(shop, id, { image: IMAGE, ports });
const endpointOf = (id: string) => (shop.node.findChild(id) as Workload).endpoint();
const chart = (props: Partial<KubernetesChartProps> = {}) => new KubernetesChart(new App(), 'shop', { application: shop, ...props });
const service = (props: Partial<KubernetesChartProps> = {}) => chart(props).toJson().find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'conduit-public-web')?.spec;
const EDGE = { enable_ipv6: false, driver_opts: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' }, ipam: expect.anything() };

test('a port published to this machine is one of its loopback address, and is forwarded by kubectl', () => {
  workload('web', HTTP).publish({ hostPort: 80 });
  const both = new Both(shop);
  expect(both.service('web')).toMatchObject({ ports: [{ target: 8080, published: '80', host_ip: '127.0.0.1', protocol: 'tcp' }], networks: { web__edge: null }, dns: ['127.0.0.1'] });
  expect(both.compose.networks).toEqual({ web__edge: EDGE });
  expect(both.names('Service')).toEqual(['web']);
  expect(both.find('NetworkPolicy', 'web').spec).not.toHaveProperty('ingress');
  expect(new ComposeProject(shop).exposed).toEqual([
    { path: 'shop/web', name: 'web', portName: 'http', protocol: 'TCP', sources: ['this machine'], url: 'http://localhost:80' },
  ]);
  expect(chart({ namespace: 'prod' }).exposed).toEqual([{
    path: 'shop/web',
    name: 'web',
    portName: 'http',
    protocol: 'TCP',
    sources: ['this machine'],
    url: 'http://localhost:80',
    command: 'kubectl --namespace prod port-forward service/web 80:8080',
  }]);
});

test('by IPv6, too, if asked for, which needs no IPv6 within', () => {
  workload('web', HTTP).publish({ exposure: Exposure.thisMachine({ ipv6: true }) });
  const { services, networks } = TestOutput.of(shop, ComposeProject.target()).document;
  expect(services.web.ports.map((port: any) => port.host_ip)).toEqual(['127.0.0.1', '::1']);
  expect(networks.web__edge.enable_ipv6).toBe(false);
});

test('everyone comes through a load balancer or to all addresses of the host', () => {
  workload('web', HTTP, DNS).publish({ portName: 'http', exposure: Exposure.everyoneOnTheInternet(), hostPort: 80, publicHost: 'shop.example.com' });
  const both = new Both(shop);
  expect(both.service('web').ports).toEqual([{ target: 8080, published: '80', host_ip: '0.0.0.0', protocol: 'tcp' }]);
  expect(both.find('Service', 'conduit-public-web').spec).toEqual({
    type: 'LoadBalancer',
    selector: { 'app.kubernetes.io/name': 'web', 'app.kubernetes.io/instance': 'shop' },
    externalTrafficPolicy: 'Local',
    ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
  });
  expect(both.find('NetworkPolicy', 'web').spec.ingress).toEqual([{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 8080, protocol: 'TCP' }] }]);
  const [exposed] = chart().exposed;
  expect(exposed).toMatchObject({ sources: ['everyone on the internet'], url: 'http://shop.example.com:80', command: 'kubectl get service conduit-public-web' });
});

test('IPv6 is on the networks and families that need it', () => {
  workload('web', DNS).publish({ exposure: Exposure.everyoneOnTheInternet({ ipv6: true }) });
  const both = new Both(shop);
  expect(both.service('web').ports.map((port: any) => `${port.host_ip} ${port.protocol}`)).toEqual(['0.0.0.0 udp', ':: udp']);
  expect(both.compose.networks.web__edge.enable_ipv6).toBe(true);
  expect(both.find('Service', 'conduit-public-web').spec).toMatchObject({ ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' });
  expect(both.find('NetworkPolicy', 'web').spec.ingress[0].from).toEqual(['0.0.0.0/0', '::/0'].map(cidr => ({ ipBlock: { cidr } })));
});

test('sources are held by the load balancer, and port by port by policies', () => {
  const web = workload('web', HTTP, { name: 'admin', number: 9090 });
  web.publish({ portName: 'http', exposure: Exposure.sources(['192.0.2.0/24', '203.0.113.0/24']) });
  web.publish({ portName: 'admin', exposure: Exposure.sources(['192.0.2.0/24']) });
  expect(service()).toMatchObject({ loadBalancerSourceRanges: ['192.0.2.0/24', '203.0.113.0/24'], ports: [{ name: 'admin', port: 9090 }, { name: 'http', port: 8080 }] });
  expect(service()).not.toHaveProperty('allocateLoadBalancerNodePorts');
  expect(service({ loadBalancerNodePorts: false }).allocateLoadBalancerNodePorts).toBe(false);
  const { ingress } = TestOutput.of(shop, KubernetesChart.target()).documents.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'web').spec;
  expect(ingress.map((rule: any) => [rule.ports[0].port, rule.from.map(({ ipBlock }: any) => ipBlock.cidr)])).toEqual([
    [9090, ['192.0.2.0/24']], [8080, ['192.0.2.0/24', '203.0.113.0/24']],
  ]);
});

test('sources of IPv6 alone make a Service of IPv6 alone', () => {
  workload('web', HTTP).publish({ exposure: Exposure.sources(['2001:db8::/32']) });
  expect(service()).toMatchObject({ ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack', loadBalancerSourceRanges: ['2001:db8::/32'] });
});

describe('a port that is published to each member', () => {
  const store = () => new Workload(shop, 'store', { image: IMAGE, ports: [HTTP], replicas: 3, stable: true });

  test('leads clients of some sources to the member that they choose, by one relay, or by a Service for each', () => {
    store().publish({ eachMember: true, exposure: SOME, hostPort: 7000, publicHost: 'store.example.com' });
    const both = new Both(shop);
    const relay = both.service('store__relay_tcp');
    expect(relay.ports.map(({ published, target }: any) => `${published} ${target}`)).toEqual(['7000 10001', '7001 10002', '7002 10003']);
    const { files } = TestOutput.of(shop, ComposeProject.target());
    const [, text] = Object.entries(files).find(([path]) => path.endsWith('configs/store__relay_tcp'))!;
    expect([...text.matchAll(/^listen port_(\S+)\n {2}bind 0\.0\.0\.0:(\d+)$/gm)].map(([, name, port]) => `${name} ${port}`)).toEqual(['http_store-0 10001', 'http_store-1 10002', 'http_store-2 10003']);
    expect([...text.matchAll(/^ {2}server-template (\S+) \S+ (\S+)/gm)].map(([, name, address]) => `${name} ${address}`))
      .toEqual([0, 1, 2].map(n => `store-${n}_ store-${n}.store:8080`));
    expect(both.names('Service').filter(name => name.startsWith('conduit-'))).toEqual([0, 1, 2].map(n => `conduit-public-store-${n}`));
    expect(both.find('Service', 'conduit-public-store-1').spec).toMatchObject({
      type: 'LoadBalancer',
      selector: { 'statefulset.kubernetes.io/pod-name': 'store-1' },
      loadBalancerSourceRanges: ['192.0.2.0/24'],
      externalTrafficPolicy: 'Local',
      ports: [{ name: 'http', port: 7001, targetPort: 'http' }],
    });
    expect(both.find('NetworkPolicy', 'store').spec.ingress).toEqual([{ from: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 8080, protocol: 'TCP' }] }]);
    expect(chart().exposed.map(({ name, url, command }) => `${name} ${url} ${command}`)).toEqual([0, 1, 2].map(n =>
      `store-${n} http://store.example.com:700${n} kubectl get service conduit-public-store-${n}`));
    expect(new ComposeProject(shop).exposed.map(({ name, url }) => `${name} ${url}`)).toEqual([0, 1, 2].map(n => `store-${n} http://store.example.com:700${n}`));
  });

  test('is a port of the host for each member where nobody has to be kept out, and is forwarded by kubectl', () => {
    store().publish({ eachMember: true });
    const both = new Both(shop);
    expect([0, 1, 2].map(n => both.service(`store-${n}`).ports)).toEqual([0, 1, 2].map(n => [{ target: 8080, published: `808${n}`, host_ip: '127.0.0.1', protocol: 'tcp' }]));
    expect(chart().exposed.map(({ command }) => command)).toEqual([0, 1, 2].map(n => `kubectl port-forward service/store-${n} 808${n}:8080`));
  });

  test('has a name for each on a cluster, or it is said what one name for all needs', () => {
    const ONE = 'one name under which clients outside know all members';
    const featuresFor = (options: PublishOptions) => {
      shop = new Application('shop');
      store().publish({ eachMember: true, ...options });
      return [chart().fidelity, new ComposeProject(shop).fidelity].map(entries => entries.some(({ feature }) => feature === ONE));
    };
    expect(featuresFor({ exposure: SOME, publicHost: 'store.example.com' })).toEqual([true, false]);
    expect(featuresFor({ exposure: SOME, publicHosts: ['a.example.com', 'b.example.com', 'c.example.com'] })).toEqual([false, false]);
    expect(featuresFor({})).toEqual([false, false]);
    expect(featuresFor({ exposure: SOME, eachMember: false })).toEqual([false, false]);
  });

  test('takes a port of each node by the number of the member', () => {
    store().publish({ eachMember: true, exposure: SOME, hostPort: 30090 });
    const objects = chart({ portPublishing: PortPublishing.NODE_PORT }).toJson();
    expect(objects.filter(({ metadata }) => metadata.name.startsWith('conduit-public-')).map(({ spec }) => [spec.type, spec.ports[0].nodePort])).toEqual([30090, 30091, 30092].map(port => ['NodePort', port]));
    expect(chart({ portPublishing: PortPublishing.NODE_PORT }).fidelity.map(({ feature }) => feature)).not.toContain('number of a port that is published by the nodes');
  });

  test('takes no port of the host that another workload has', () => {
    store().publish({ eachMember: true });
    workload('web', { name: 'web', number: 8082 }).publish();
    expect(() => TestOutput.of(shop, ComposeProject.target())).toThrow("both want TCP port 8082 of the host, for 'web' and 'http'; give one of them another 'hostPort'");
  });
});

test('nodes publish under a number of their own range, which the cluster chooses otherwise', () => {
  const web = workload('web', HTTP, DNS);
  web.publish({ portName: 'http', exposure: Exposure.everyoneOnTheInternet(), hostPort: 30080 });
  web.publish({ portName: 'dns', exposure: Exposure.sources(['192.0.2.0/24']) });
  const { fidelity } = chart({ portPublishing: PortPublishing.NODE_PORT });
  const spec = service({ portPublishing: PortPublishing.NODE_PORT });
  expect(spec).toMatchObject({ type: 'NodePort', externalTrafficPolicy: 'Local' });
  expect(spec).not.toHaveProperty('loadBalancerSourceRanges'); // the API server takes these with load balancers only
  expect(spec.ports).toEqual([{ name: 'dns', port: 53, targetPort: 'dns', protocol: 'UDP' }, { name: 'http', port: 30080, targetPort: 'http', protocol: 'TCP', nodePort: 30080 }]);
  expect(fidelity).toContainEqual(expect.objectContaining({ path: 'shop/web', level: FidelityLevel.EMULATED, feature: 'number of a port that is published by the nodes' }));
});

test('who has a way out is reached over it, and needs no second network', () => {
  const web = workload('web', HTTP);
  web.publish();
  web.connectTo(Endpoint.external('db.example', 5432));
  const project = new ComposeProject(shop);
  const { services: { web: lowered }, networks } = TestOutput.of(shop, ComposeProject.target()).document;
  expect(networks).toEqual({ web_outside: { enable_ipv6: false, ipam: expect.anything() } });
  expect(lowered).toMatchObject({ networks: { web_outside: null }, ports: [{ host_ip: '127.0.0.1' }] });
  expect(lowered).not.toHaveProperty('dns');
  expect(project.fidelity.map(({ feature }) => feature)).not.toContain('network of a published port');
});

test('names of other workloads are found, and those outside are not', () => {
  const [web, api] = [workload('web', HTTP), workload('api', HTTP)];
  web.publish();
  web.connectTo(api.endpoint());
  const { services } = TestOutput.of(shop, ComposeProject.target()).document;
  expect(services.web).toMatchObject({ networks: { api_web: null, web__edge: null }, dns: ['127.0.0.1'] });
  expect(services.api).not.toHaveProperty('dns');
});

test('of several containers, the one that holds the address publishes', () => {
  new SidecarPair(shop, 'web', { main: { image: IMAGE, ports: [HTTP] }, sidecar: { image: IMAGE } }).publish();
  const { services } = TestOutput.of(shop, ComposeProject.target()).document;
  expect(Object.keys(services).filter(name => services[name].ports)).toEqual(['web']);
  expect(services.web_main).not.toHaveProperty('ports');
});

test('a developer opens endpoints to this machine, and nothing else changes', () => {
  const broker = new RabbitMq(shop, 'broker');
  const web = workload('web', HTTP);
  web.connectTo(broker.endpoint);
  const kubernetes = JSON.stringify(TestOutput.of(shop, KubernetesChart.target()));
  const [closed, open] = [[], [broker.endpoint, web.endpoint()]].map(publish => TestOutput.of(shop, ComposeProject.target({ publish })).document);
  expect(closed.services['broker-0']).not.toHaveProperty('ports');
  expect(open.services['broker-0'].ports).toEqual([{ target: 5672, published: '5672', host_ip: '127.0.0.1', protocol: 'tcp' }]);
  expect(open.services.web).toMatchObject({ environment: closed.services.web.environment, ports: [{ published: '8080', host_ip: '127.0.0.1' }] });
  expect(Object.keys(open.networks)).toEqual(['broker_web', 'broker__edge', 'web__edge'].sort());
  expect(new ComposeProject(shop, { publish: [broker.endpoint] }).exposed.map(({ name, url }) => `${name}: ${url}`)).toEqual(['broker: amqp://localhost:5672']);
  expect(JSON.stringify(TestOutput.of(shop, KubernetesChart.target()))).toBe(kubernetes);
});

test('an endpoint that is published to others may be opened to a developer, too, and is not opened twice', () => {
  const [web, api] = [workload('web', HTTP), workload('api', HTTP)];
  web.publish({ exposure: Exposure.hostAddress('192.0.2.7'), hostPort: 80 });
  api.publish({ exposure: Exposure.everyoneOnTheInternet() });
  const { services } = TestOutput.of(shop, ComposeProject.target({ publish: [web.endpoint(), api.endpoint()] })).document;
  expect(services.web.ports.map((port: any) => `${port.host_ip}:${port.published}`)).toEqual(['127.0.0.1:80', '192.0.2.7:80']);
  expect(services.api.ports.map((port: any) => `${port.host_ip}:${port.published}`)).toEqual(['0.0.0.0:8080']); // which is also this machine's
});

test('all ways in are listed in one order, each with its sources', () => {
  const [web, api] = [workload('web', HTTP, { name: 'admin', number: 9090 }), workload('api', HTTP)];
  web.publish({ portName: 'http', exposure: Exposure.everyoneOnTheInternet(), hostPort: 80 });
  web.publish({ portName: 'admin' });
  api.publish({ exposure: Exposure.everyoneOnTheInternet() });
  const told = (exposed: ComposeProject['exposed']) => exposed.map(({ name, portName, sources, url, command }) => [name, portName, ...sources, url ?? command].join(' '));
  expect(told(new ComposeProject(shop).exposed)).toEqual([
    'api http everyone on the internet http://localhost:8080', 'web admin this machine tcp://localhost:9090', 'web http everyone on the internet http://localhost:80',
  ]);
  expect(told(chart().exposed)).toEqual([
    'api http everyone on the internet kubectl get service conduit-public-api', 'web admin this machine tcp://localhost:9090',
    'web http everyone on the internet kubectl get service conduit-public-web',
  ]);
});

test('a published port on a user-defined network is open to both', () => {
  const web = workload('web', HTTP);
  new Network(shop, 'back').add(web);
  web.publish();
  expect(Object.keys(TestOutput.of(shop, ComposeProject.target()).document.services.web.networks)).toEqual(['back', 'web__edge']);
});

test.each<[string, () => void, (() => unknown) | undefined, string]>([
  ['several replicas on one port of the host', () => new Workload(shop, 'web', { image: IMAGE, ports: [HTTP], replicas: 2 }).publish(), () => new ComposeProject(shop),
    "shop/web: a published port of several replicas cannot be had on Compose: a port of the host leads to one container; publish it through a LoadBalancer, which 'balancer' of 'publish' names, or with Exposure.sources(…), which are let in by a relay"],
  ['sources beside this machine', () => { const web = workload('web', HTTP); for (const exposure of [SOME, Exposure.thisMachine()]) web.publish({ exposure }); }, () => new ComposeProject(shop),
    'shop/web: a port published to ranges of sources, and to this machine or an address of the host cannot be had on Compose: all of them would come by one relay, to which the engine '
    + 'shows programs of the host as it shows clients whose address it hides; publish it with Exposure.sources(…) alone, and come from this machine by an address of the host in one of the ranges'],
  ['sources of an endpoint that a developer opens to this machine', () => { workload('web', HTTP).publish({ exposure: SOME }); }, () => new ComposeProject(shop, { publish: [endpointOf('web')] }),
    'shop/web: a port published to ranges of sources, and to this machine or an address of the host cannot be had on Compose'],
  ['UDP to this machine, which kubectl cannot forward', () => workload('web', DNS).publish(), chart,
    'shop/web: a UDP port published to this machine cannot be had on Kubernetes: `kubectl port-forward` carries TCP alone; publish it with Exposure.sources(…)'],
  ['one address of the host, which a cluster does not have', () => workload('web', HTTP).publish({ exposure: Exposure.hostAddress('192.0.2.7') }), chart,
    'shop/web: a port published at one address of the host cannot be had on Kubernetes: a cluster has no such address, and its load balancer would let in others, too; say who may come, with Exposure.sources(…)'],
  ['one port of the host for two workloads', () => { workload('web', HTTP).publish(); workload('api', HTTP).publish({ exposure: Exposure.everyoneOnTheInternet() }); }, () => new ComposeProject(shop),
    "shop: shop/web and shop/api both want TCP port 8080 of the host, for 'http' and 'http'; give one of them another 'hostPort'"],
])('%s is refused', (_, define, lower, message) => {
  define();
  expect(wholeProgram(lower!)).toThrow(message);
});

test('one port number at different addresses of the host, or of different protocols, is no clash', () => {
  workload('web', HTTP).publish({ exposure: Exposure.hostAddress('192.0.2.7') });
  workload('api', HTTP).publish();
  workload('names', { name: 'quic', number: 8080, protocol: Protocol.UDP }).publish();
  expect(() => new ComposeProject(shop)).not.toThrow();
});

test('a load balancer has an address of its own for each workload, so that both have their ports', () => {
  for (const id of ['web', 'api']) workload(id, HTTP).publish({ exposure: Exposure.everyoneOnTheInternet(), hostPort: 443 });
  expect(() => chart()).not.toThrow();
});

test('two opened endpoints of one number clash', () => {
  const endpoints = ['web', 'api'].map(id => workload(id, HTTP).endpoint());
  expect(wholeProgram(() => new ComposeProject(shop, { publish: endpoints }))).toThrow('both want TCP port 8080 of the host');
});

test.each<[string, () => Endpoint]>([
  ['outside', () => Endpoint.external('db.example', 5432)],
  ['of another application', () => new Workload(new Application('blog'), 'db', { image: IMAGE, ports: [{ name: 'sql', number: 5432 }] }).endpoint()],
  ['of one member', () => new Workload(shop, 'db', { image: IMAGE, stable: true, ports: [{ name: 'sql', number: 5432 }] }).memberEndpoint(0)],
])('an endpoint %s cannot be opened', (_, endpoint) => {
  const publish = [endpoint()];
  expect(wholeProgram(() => new ComposeProject(shop, { publish }))).toThrow(`shop: 'publish' must be endpoints of workloads of this application, got ${publish[0].address}`);
});
