// One entry for several replicas: a relay of the project on Compose, a Service on Kubernetes.
import {
  Application, ComposeProject, DiscoverableService, Exposure, FidelityLevel, HaProxy, KubernetesChart, LoadBalancer, Nginx, PortPublishing, Protocol,
  PublishOptions, ReverseProxy, TestOutput, Topology, Workload, WorkloadProps,
} from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { Both } from './both';
import { judgeTest } from '../judges/judges';
import { haproxy, nginx } from '../judges/proxies';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };
const PROXIED = { name: 'proxied', number: 8090 };
const EVERYONE = Exposure.everyoneOnTheInternet();

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const entry = (exposure?: Exposure, id = 'entry') => new LoadBalancer(shop, id, { exposure });
const workload = (id: string, props: Partial<WorkloadProps> = {}) => new Workload(shop, id, { image: IMAGE, ports: [HTTP], replicas: 3, ...props });
const relay = (name = 'entry__relay_tcp') => {
  const { document, files } = TestOutput.of(shop, ComposeProject.target());
  return { ...document.services[name], text: files[`compose/configs/${name}`] as string };
};
const features = (path: string, project: { fidelity: ComposeProject['fidelity'] } = new ComposeProject(shop)) =>
  project.fidelity.filter(each => each.path === path).map(({ feature }) => feature);

test('a Service selects all replicas, and a relay has the ports of the host in their place', () => {
  workload('web').publish({ balancer: entry(EVERYONE), hostPort: 80 });
  const both = new Both(shop);
  expect(both.find('Service', 'conduit-public-entry').spec).toEqual({
    type: 'LoadBalancer',
    selector: { 'cdk8s-conduit/balancer-entry': 'true', 'app.kubernetes.io/instance': 'shop' },
    externalTrafficPolicy: 'Local',
    ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
  });
  expect(both.find('Deployment', 'web').spec.template.metadata.labels).toMatchObject({ 'cdk8s-conduit/balancer-entry': 'true' });
  expect(both.find('NetworkPolicy', 'web').spec.ingress).toEqual([{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 8080, protocol: 'TCP' }] }]);
  expect(both.service('entry__relay_tcp')).toMatchObject({ ports: [{ target: 10001, published: '80', host_ip: '0.0.0.0', protocol: 'tcp' }], networks: { entry__edge: null, entry_web: null } });
  expect(both.service('web')).toMatchObject({ networks: { entry_web: null }, deploy: { replicas: 3 } });
  expect(both.service('web')).not.toHaveProperty('ports');
  expect(both.compose.networks.entry_web).toMatchObject({ internal: true, ipam: { config: [{ subnet: expect.stringMatching(/\/28$/) }] } });
});

test('who is open to this machine is reached on its loopback address, and by kubectl', () => {
  workload('web').publish({ balancer: entry() });
  const both = new Both(shop);
  expect(both.names('Service')).toEqual(['web']);
  expect(both.service('entry__relay_tcp').ports).toEqual([{ target: 10001, published: '8080', host_ip: '127.0.0.1', protocol: 'tcp' }]);
  expect(relay().text).toContain('bind 0.0.0.0:10001');
  const chart = new KubernetesChart(new App(), 'shop', { application: shop });
  expect(chart.exposed).toMatchObject([{ name: 'web', url: 'http://localhost:8080', command: 'kubectl port-forward service/web 8080:8080' }]);
  expect(features('shop/entry', chart)).toEqual(['load balancer for this machine']);
});

test('the nodes publish it, where the chart says so, and it is found by its name', () => {
  workload('web').publish({ balancer: new LoadBalancer(shop, 'entry', { exposure: EVERYONE, publicHost: 'shop.example.com' }), hostPort: 30080 });
  const chart = new KubernetesChart(new App(), 'shop', { application: shop, portPublishing: PortPublishing.NODE_PORT });
  const { spec } = chart.toJson().find(({ metadata }) => metadata.name === 'conduit-public-entry');
  expect(spec).toMatchObject({ type: 'NodePort', ports: [{ port: 30080, nodePort: 30080 }] });
  expect(chart.exposed).toMatchObject([{ url: 'http://shop.example.com:30080', command: 'kubectl get service conduit-public-entry' }]);
  expect(new Both(shop).env('web').kubernetes).toMatchObject({ PUBLIC_URL: 'http://shop.example.com:30080' });
});

test('sources are held in front of all replicas, and the relay refuses gateways first', () => {
  workload('web').publish({ balancer: entry(Exposure.sources(['192.0.2.0/24'])) });
  expect(new Both(shop).find('Service', 'conduit-public-entry').spec.loadBalancerSourceRanges).toEqual(['192.0.2.0/24']);
  const { text, entrypoint } = relay();
  expect([...text.matchAll(/tcp-request content (.*)/g)].map(([, words]) => words)).toEqual(['reject if gateways', 'reject unless sources']);
  expect(entrypoint.join()).toContain('the engine runs without root'); // it fails closed
  expect(text).not.toContain('set-src');
});

test('each connection goes to a replica that takes it, or answers its health check', () => {
  workload('web').publish({ balancer: entry(EVERYONE) });
  expect(relay().text).toMatch(/server-template web_ 1-32 web:8080 resolvers engine init-addr none resolve-prefer ipv4 check inter 2s/);
  expect(relay().text).toContain('option redispatch 1');
  expect(relay().text).not.toContain('httpchk');
});

test('a program that takes PROXY protocol learns the address of the client, from one address alone', () => {
  workload('web', { ports: [HTTP, PROXIED] }).publish({ portName: 'http', balancer: entry(EVERYONE), proxyProtocolPort: 'proxied' });
  const both = new Both(shop);
  const { config: [{ subnet, ip_range: range }] } = both.compose.networks.entry_web.ipam;
  const [first] = subnet.split('.0/');
  expect([subnet, range]).toEqual([`${first}.0/24`, `${first}.0/25`]); // which no replica is given an address out of
  expect(both.service('entry__relay_tcp').networks).toEqual({ entry__edge: null, entry_web: { ipv4_address: `${first}.254` } });
  expect(both.env('web')).toMatchObject({ compose: { PROXY_PROTOCOL_SOURCES: `${first}.254` }, kubernetes: { PROXY_PROTOCOL_SOURCES: '' } });
  expect(relay().text).toMatch(/web:8090 .* send-proxy-v2 check/);
  expect(relay().text).toContain(`tcp-request connection set-src str(${first}.254) if gateways`);
  expect(both.find('Service', 'conduit-public-entry').spec.ports).toMatchObject([{ targetPort: 'http' }]);
  expect(JSON.stringify(both.find('NetworkPolicy', 'web').spec)).not.toContain('8090');
  expect(features('shop/web')).not.toContain('address of a client that comes through a relay or a load balancer');
});

test('a relay of sources tells the address, too, where the program takes it', () => {
  workload('web', { ports: [HTTP, PROXIED], replicas: 1 }).publish({ portName: 'http', exposure: Exposure.sources(['192.0.2.0/24']), proxyProtocolPort: 'proxied' });
  const { text, networks } = relay('web__relay_tcp');
  expect(text).toContain('web:8090');
  expect(new Both(shop).env('web').compose.PROXY_PROTOCOL_SOURCES).toBe(networks.web__relay.ipv4_address);
});

test('the report says that another program sees the balancer', () => {
  workload('web').publish({ balancer: entry(EVERYONE) });
  expect(new ComposeProject(shop).fidelity).toEqual(expect.arrayContaining([
    expect.objectContaining({ path: 'shop/web', level: FidelityLevel.EMULATED, feature: 'address of a client that comes through a relay or a load balancer' }),
    expect.objectContaining({ path: 'shop/entry', level: FidelityLevel.EMULATED, feature: 'load balancer' }),
  ]));
  expect(features('shop/entry', new KubernetesChart(new App(), 'shop', { application: shop }))).toEqual([undefined]);
});

test.each([['nginx', () => new Nginx()], ['HAProxy', () => new HaProxy()]])('several proxies stand behind one entry: %s', (_, engine) => {
  const app = new DiscoverableService(shop, 'app', { image: IMAGE, port: 8000 });
  const balancer = entry(EVERYONE);
  const edge = new ReverseProxy(shop, 'edge', { engine: engine(), replicas: 2, tls: {}, balancer });
  edge.route({ to: [app.endpoint()] });
  const both = new Both(shop);
  expect(both.find('Service', 'conduit-public-entry').spec.ports.map(({ name, port }: any) => [name, port])).toEqual([['http', 80], ['https', 443]]);
  expect(both.service('entry__relay_tcp').ports.map(({ published }: any) => published)).toEqual(['80', '443']);
  const line = (port: number) => `edge:${port} .* send-proxy-v2 check port 8081 `;
  expect(relay().text).toMatch(new RegExp(`http-check send meth GET uri / [^]*${line(8082)}[^]*${line(8444)}`));
  expect(both.env('edge').compose.PROXY_PROTOCOL_SOURCES).toMatch(/^10\.[\d.]+\.254$/);
  expect(balancer.workloads.map(({ name }) => name)).toEqual(['edge']);
});

test('proxies of two engines are behind one entry, and share its ports', () => {
  const app = new DiscoverableService(shop, 'app', { image: IMAGE, port: 8000 });
  const balancer = entry(EVERYONE);
  for (const [id, engine] of [['old', new Nginx()], ['new', new HaProxy()]] as const) {
    new ReverseProxy(shop, id, { engine, balancer }).route({ to: [app.endpoint()] });
  }
  const both = new Both(shop);
  expect(both.find('Service', 'conduit-public-entry').spec.ports).toHaveLength(1);
  expect(both.service('entry__relay_tcp').networks).toEqual({ entry__edge: null, entry_new: expect.anything(), entry_old: expect.anything() });
  expect([...relay().text.matchAll(/server-template (\w+)_/g)].map(([, name]) => name)).toEqual(['new', 'old']);
  expect(relay().text.match(/^listen port_/gm)).toHaveLength(1);
});

test('the order of calls changes nothing', () => {
  const written = (ids: string[]) => {
    shop = new Application('shop');
    const balancer = entry(EVERYONE);
    for (const id of ids) workload(id, { ports: [{ name: id, number: 8080 }] }).publish({ balancer, hostPort: id.charCodeAt(0) });
    return [KubernetesChart.target(), ComposeProject.target(), Topology.target()].map(target => JSON.stringify(TestOutput.of(shop, target)));
  };
  expect(written(['b', 'a', 'c'])).toEqual(written(['c', 'b', 'a']));
});

test('UDP goes to each replica, too', () => {
  workload('names', { ports: [{ name: 'dns', number: 53, protocol: Protocol.UDP }] }).publish({ balancer: entry(EVERYONE) });
  const { text, ports } = relay('entry__relay_udp');
  expect(text).toContain('server names:53 resolve');
  expect(text).not.toContain('deny');
  expect(ports).toEqual([{ target: 10001, published: '53', host_ip: '0.0.0.0', protocol: 'udp' }]);
});

test('the picture leads clients through it', () => {
  workload('web').publish({ balancer: entry(EVERYONE), hostPort: 80 });
  const { files } = new Topology(shop);
  const picture = files['shop.mmd'];
  expect(picture).toContain('["entry<br>load balancer"]');
  expect([...picture.matchAll(/\|"(.*?)"\|/g)].map(([, label]) => label).sort()).toEqual(['connect · 80 to 8080/TCP', 'connect · 80/TCP']);
  expect(files['shop.html']).toContain('80/TCP to web:8080');
});

judgeTest('HAProxy and nginx take the configurations', 'proxies', () => {
  const balancer = entry(Exposure.everyoneOnTheInternet({ ipv6: true }));
  const some = entry(Exposure.sources(['192.0.2.0/24', '2001:db8::/32']), 'some');
  workload('web', { ports: [HTTP, PROXIED] }).publish({ portName: 'http', balancer, proxyProtocolPort: 'proxied' });
  workload('names', { ports: [{ name: 'dns', number: 53, protocol: Protocol.UDP }] }).publish({ balancer });
  new ReverseProxy(shop, 'edge', { engine: new Nginx(), balancer: some, replicas: 2 }).route({ to: [workload('app').endpoint()] });
  for (const name of ['entry__relay_tcp', 'some__relay_tcp']) expect(haproxy({ '/etc/conduit/relay': relay(name).text })).toEqual([]);
  expect(nginx({ '/etc/conduit/relay': relay('entry__relay_udp').text })).toEqual([]);
});

describe('what cannot be is refused:', () => {
  const publish = (options: PublishOptions, props: Partial<WorkloadProps> = {}) => () => workload('web', props).publish(options);
  const targets = () => new ComposeProject(shop);
  const ports = [HTTP, PROXIED, { name: 'dns', number: 53, protocol: Protocol.UDP }];
  test.each<[string, () => unknown, string]>([
    ['nothing behind it', () => { entry(); targets(); }, "shop/entry: nothing stands behind the load balancer; publish a port with 'balancer', or remove it"],
    ['a name', () => new LoadBalancer(shop, 'Entry_1', { name: 'Entry 1' }), "the name must be at most 52 lower-case letters, digits and hyphens, beginning with a letter, got 'Entry 1'"],
    ['the name of a workload', () => { workload('web').publish({ balancer: new LoadBalancer(shop, 'other', { name: 'web' }) }); targets(); }, "the name 'web' is taken by"],
    ['an exposure that is none', () => new LoadBalancer(shop, 'entry', { exposure: 'everyone' as any }), "'exposure' must be an Exposure, got 'everyone'"],
    ['a name of the host', () => workload('web').publish({ balancer: new LoadBalancer(shop, 'entry', { publicHost: 'Shop' }) }), "'publicHost' must be a DNS name in lower case"],
    ['a balancer that is none', publish({ balancer: 'entry' as any }), "'balancer' must be a LoadBalancer, got 'entry'"],
    ['a balancer of another application', () => workload('web').publish({ balancer: new LoadBalancer(new Application('other'), 'entry') }), "shop/web: 'other/entry' belongs to another application"],
    ['an exposure beside it', () => workload('web').publish({ balancer: entry(), exposure: EVERYONE }), "shop/web: 'exposure' is said by load balancer 'entry'; leave it out here, and give it to 'new LoadBalancer'"],
    ['a host beside it', () => workload('web').publish({ balancer: entry(), publicHost: 'a.example' }), "shop/web: 'publicHost' is said by load balancer 'entry'"],
    ['an exposure of a proxy', () => new ReverseProxy(shop, 'edge', { engine: new Nginx(), balancer: entry(), exposure: EVERYONE }), "shop/edge: 'exposure' is said by load balancer 'entry'"],
    ['a host of a proxy', () => new ReverseProxy(shop, 'edge', { engine: new Nginx(), balancer: entry(), publicHost: 'a.example' }), "shop/edge: 'publicHost' is said by load balancer 'entry'"],
    ['an engine without PROXY protocol', () => new ReverseProxy(shop, 'edge', {
      engine: { product: 'plain', support: () => ({ level: 'refused' as any, how: 'it knows no such thing' }), run: (scope, props) => new Nginx().run(scope, props) }, balancer: entry(),
    }), "'balancer' (PROXY protocol) cannot be had on plain: it knows no such thing; use HaProxy or Nginx"],
    ['no port for PROXY protocol', publish({ proxyProtocolPort: 'proxied' }), "shop/web: has no port 'proxied'; it has 'http'"],
    ['the same port for PROXY protocol', publish({ proxyProtocolPort: 'http' }), "shop/web: 'proxyProtocolPort' must be another port by TCP, for a port by TCP, got 'http' for 'http'"],
    ['UDP with PROXY protocol', publish({ portName: 'http', proxyProtocolPort: 'dns' }, { ports }), "'proxyProtocolPort' must be another port by TCP, for a port by TCP, got 'dns' for 'http'"],
    ['PROXY protocol for UDP', publish({ portName: 'dns', proxyProtocolPort: 'http' }, { ports }), "got 'http' for 'dns'"],
    ['published twice, with a balancer and without', () => { const web = workload('web'); web.publish(); web.publish({ balancer: entry() }); }, "shop/web: port 'http' was published without 'balancer' before, got 'entry'; say it where it is published first"],
    ['published through two', () => { const web = workload('web'); web.publish({ balancer: entry() }); web.publish({ balancer: entry(undefined, 'other') }); }, "shop/web: port 'http' was published through 'entry' before, got 'other'"],
    ['two names behind one number', () => {
      const balancer = entry();
      workload('web').publish({ balancer });
      workload('api', { ports: [{ name: 'api', number: 8080 }] }).publish({ balancer });
      targets();
    }, "shop/entry: TCP port 8080 leads to ports named 'api' of 'api' and 'http' of 'web'; name both alike, or give one of them another 'hostPort'"],
    ['one name behind two numbers', () => {
      const balancer = entry();
      workload('web').publish({ balancer, hostPort: 80 });
      workload('api').publish({ balancer, hostPort: 81 });
      targets();
    }, "shop/entry: port 'http' of 'web' is behind 80, and 'http' of 'api' behind 81; name one of them otherwise, or give it another LoadBalancer"],
    ['one port of the host for two balancers', () => {
      workload('web').publish({ balancer: entry() });
      workload('api').publish({ balancer: entry(undefined, 'other') });
      targets();
    }, 'shop/web and shop/api both want TCP port 8080 of the host'],
    ['an address of the host on a cluster', () => {
      workload('web').publish({ balancer: entry(Exposure.hostAddress('192.0.2.7')) });
      new KubernetesChart(new App(), 'shop', { application: shop });
    }, 'shop/web: a port published at one address of the host cannot be had on Kubernetes'],
    ['a balancer after the first target', () => { workload('web'); targets(); entry(); }, 'the application was already handed to a target'],
  ])('%s', (_, act, message) => {
    expect(wholeProgram(act)).toThrow(message);
  });
});
