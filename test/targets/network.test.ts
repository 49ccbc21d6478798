// What was declared is open, and nothing else: NetworkPolicies on Kubernetes, one network for each connected pair on Compose.
import { Application, Endpoint, ExternalEndpointOptions, Protocol, SidecarPair, Task, Workload } from 'cdk8s-conduit';
import { Both } from './both';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const workload = (id: string, ...ports: Workload['ports']) => new Workload(shop, id, { image: IMAGE, ports });
const HTTP = { name: 'http', number: 8080 };

const labels = (name: string) => ({ 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': 'shop' });
const peer = (name: string) => ({ podSelector: { matchLabels: labels(name) } });
const port = (number: number, protocol = 'TCP') => ({ port: number, protocol });
const DNS = {
  to: [{
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  }],
  ports: [port(53, 'UDP'), port(53)],
};
const CLOSED = { internal: true, enable_ipv6: false, driver_opts: { 'com.docker.network.bridge.gateway_mode_ipv4': 'isolated' } };

/** What a policy opens. */
const opened = (both: Both, name: string) => {
  const { podSelector, policyTypes, ...rules } = both.find('NetworkPolicy', name).spec;
  expect([podSelector, policyTypes]).toEqual([{ matchLabels: labels(name) }, ['Ingress', 'Egress']]);
  return rules;
};
const networksOf = (both: Both, service: string) => Object.keys(both.service(service).networks ?? {});

test('without edges everything is closed in both directions', () => {
  workload('web', HTTP);
  new Task(shop, 'migrate', { image: IMAGE });
  const both = new Both(shop);
  expect(both.find('NetworkPolicy', 'conduit-default-deny-shop').spec).toEqual({
    podSelector: {
      matchLabels: { 'app.kubernetes.io/part-of': 'shop' }, matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: ['workload', 'task'] }],
    },
    policyTypes: ['Ingress', 'Egress'],
  });
  for (const name of ['web', 'migrate']) {
    expect(opened(both, name)).toEqual({});
    expect(both.service(name).network_mode).toBe('none');
    expect(both.service(name)).not.toHaveProperty('networks');
  }
  expect(both.compose).not.toHaveProperty('networks');
});

test('an edge opens one port at both its ends, and DNS for whoever looks the name up', () => {
  const api = workload('api', HTTP, { name: 'admin', number: 9090 });
  workload('web').connectTo(api.endpoint('http'));
  workload('stranger');
  const both = new Both(shop);
  expect(opened(both, 'web')).toEqual({ egress: [{ to: [peer('api')], ports: [port(8080)] }, DNS] });
  expect(opened(both, 'api')).toEqual({ ingress: [{ from: [peer('web')], ports: [port(8080)] }] });
  expect(opened(both, 'stranger')).toEqual({});
  expect(both.compose.networks).toEqual({ api_web: { ...CLOSED, ipam: expect.anything() } });
  expect(['web', 'api', 'stranger'].map(name => networksOf(both, name))).toEqual([['api_web'], ['api_web'], []]);
});

test('a UDP edge opens UDP', () => {
  workload('web').connectTo(workload('dns', { name: 'dns', number: 53, protocol: Protocol.UDP }, { name: 'dns-tcp', number: 53 }).endpoint('dns'));
  const both = new Both(shop);
  expect(opened(both, 'web').egress[0]).toEqual({ to: [peer('dns')], ports: [port(53, 'UDP')] });
  expect(opened(both, 'dns').ingress).toEqual([{ from: [peer('web')], ports: [port(53, 'UDP')] }]);
  expect(networksOf(both, 'web')).toEqual(['dns_web']);
});

test('two clients of one server do not see each other', () => {
  const api = workload('api', HTTP);
  workload('a').connectTo(api.endpoint());
  workload('b').connectTo(api.endpoint());
  const both = new Both(shop);
  expect(opened(both, 'api')).toEqual({ ingress: [{ from: [peer('a'), peer('b')], ports: [port(8080)] }] });
  expect(opened(both, 'a').egress).toEqual([{ to: [peer('api')], ports: [port(8080)] }, DNS]);
  expect([networksOf(both, 'a'), networksOf(both, 'b'), networksOf(both, 'api')]).toEqual([['a_api'], ['api_b'], ['a_api', 'api_b']]);
});

test('several edges of a pair need one network, and open each port once', () => {
  const api = workload('api', HTTP, { name: 'admin', number: 9090 });
  const web = workload('web', { name: 'back', number: 1234 });
  web.connectTo(api.endpoint('admin'));
  web.connectTo(api.endpoint('http'));
  web.connectTo(api.endpoint('http'), { prefix: 'AGAIN' });
  api.connectTo(web.endpoint(), { waits: false });
  const both = new Both(shop);
  expect(opened(both, 'web')).toEqual({
    ingress: [{ from: [peer('api')], ports: [port(1234)] }],
    egress: [{ to: [peer('api')], ports: [port(8080), port(9090)] }, DNS],
  });
  expect(opened(both, 'api').ingress).toEqual([{ from: [peer('web')], ports: [port(8080)] }, { from: [peer('web')], ports: [port(9090)] }]);
  expect(Object.keys(both.compose.networks)).toEqual(['api_web']);
});

test.each<[string, string, ExternalEndpointOptions, object[]]>([
  ['a name, to every address', 'db.example', {}, [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } }]],
  ['a name, to the ranges given', 'db.example', { addresses: ['203.0.113.0/24', '192.0.2.0/24'] }, [
    { ipBlock: { cidr: '192.0.2.0/24' } }, { ipBlock: { cidr: '203.0.113.0/24' } },
  ]],
  ['a wide range, but for what is link-local', 'db.example', { addresses: ['168.0.0.0/6', '160.0.0.0/6', '169.254.0.0/15'] }, [
    { ipBlock: { cidr: '160.0.0.0/6' } }, { ipBlock: { cidr: '168.0.0.0/6', except: ['169.254.0.0/16'] } }, { ipBlock: { cidr: '169.254.0.0/15', except: ['169.254.0.0/16'] } },
  ]],
  ['what is link-local, where it was asked for', 'metadata.example', { addresses: ['169.254.0.0/16', '169.254.169.254/32'] }, [
    { ipBlock: { cidr: '169.254.0.0/16' } }, { ipBlock: { cidr: '169.254.169.254/32' } },
  ]],
  ['an address, to it alone', '192.0.2.7', {}, [{ ipBlock: { cidr: '192.0.2.7/32' } }]],
])('an edge to an external endpoint opens, for %s', (_, host, options, to) => {
  workload('web').connectTo(Endpoint.external(host, 5432, options), { prefix: 'DB' });
  workload('api', HTTP);
  const both = new Both(shop);
  expect(opened(both, 'web').egress).toEqual([{ to, ports: [port(5432)] }, DNS]);
  expect(both.compose.networks).toEqual({ web_outside: { enable_ipv6: false, ipam: expect.anything() } });
  expect([networksOf(both, 'web'), networksOf(both, 'api')]).toEqual([['web_outside'], []]);
});

test('names are looked up where the chart was told', () => {
  const shopOf = () => {
    shop = new Application('shop');
    workload('web').connectTo(workload('api', HTTP).endpoint());
    return shop;
  };
  const both = new Both(shopOf(), { dnsServers: { namespaceName: 'openshift-dns', podLabels: { dns: 'default' }, addresses: ['169.254.20.10/32'] } });
  expect(opened(both, 'web').egress[1]).toEqual({
    to: [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'openshift-dns' } }, podSelector: { matchLabels: { dns: 'default' } } },
      { ipBlock: { cidr: '169.254.20.10/32' } },
    ],
    ports: [port(53, 'UDP'), port(53)],
  });
  expect(opened(new Both(shopOf(), { dnsServers: { addresses: ['10.0.0.10/32'] } }), 'web').egress[1].to).toEqual([DNS.to[0], { ipBlock: { cidr: '10.0.0.10/32' } }]);
  expect(wholeProgram(() => new Both(shopOf(), { dnsServers: { addresses: ['10.0.0.10', 'a'] } }))).toThrow(new Error(['10.0.0.10', 'a'].map(range =>
    `shop: 'dnsServers.addresses' must be IPv4 ranges such as 169.254.20.10/32, each beginning with its first address, got '${range}'`).join('\n')));
});

test.each([
  ['db.other.svc.cluster.local', {}, true], ['db.other.svc', {}, true], ['db.other.svc.corp', { clusterDomain: 'corp' }, true],
  ['db.other.svc.corp', {}, false], ['svc.example', {}, false], ['db.svc.example', {}, false],
])('the Service %s of the cluster is refused as an external endpoint, with %j: %s', (host, options, refused) => {
  workload('web').connectTo(Endpoint.external(host, 5432, { addresses: ['10.0.0.0/8'] }), { prefix: 'DB' });
  if (!refused) return expect(() => new Both(shop, options)).not.toThrow();
  return expect(wholeProgram(() => new Both(shop, options))).toThrow(new Error('shop/web: a connection to another Service of the cluster, as if it were external cannot be had on Kubernetes: '
    + 'a NetworkPolicy opens ranges of addresses, and on some networks these never mean pods, so the connection would time out; '
    + 'connect to a name that leads there from outside the cluster, or set variables with `setEnv` and add a NetworkPolicy with its podSelector'));
});

test('edges to one name outside keep each its own ranges', () => {
  const web = workload('web');
  web.connectTo(Endpoint.external('db.example', 5432, { addresses: ['203.0.113.0/24'] }), { prefix: 'A' });
  web.connectTo(Endpoint.external('db.example', 5432, { addresses: ['192.0.2.0/24'] }), { prefix: 'B' });
  web.connectTo(Endpoint.external('dns.example', 53, { protocol: Protocol.UDP, addresses: ['192.0.2.53/32'] }), { prefix: 'C' });
  const both = new Both(shop);
  expect(opened(both, 'web').egress).toEqual([
    { to: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [port(5432)] },
    { to: [{ ipBlock: { cidr: '203.0.113.0/24' } }], ports: [port(5432)] },
    { to: [{ ipBlock: { cidr: '192.0.2.53/32' } }], ports: [port(53, 'UDP')] },
    DNS,
  ]);
});

test('ways out of two workloads do not connect them', () => {
  for (const id of ['a', 'b']) workload(id).connectTo(Endpoint.external('db.example', 5432));
  const both = new Both(shop);
  expect([networksOf(both, 'a'), networksOf(both, 'b')]).toEqual([['a_outside'], ['b_outside']]);
});

test("a workload called 'outside' is none", () => {
  const outside = workload('outside', HTTP);
  workload('api', HTTP).connectTo(outside.endpoint());
  workload('zoo').connectTo(outside.endpoint());
  outside.connectTo(Endpoint.external('db.example', 5432));
  const { networks } = new Both(shop).compose;
  expect(Object.keys(networks).sort()).toEqual(['outside_api', 'outside_outside', 'outside_zoo']);
  for (const name of ['outside_api', 'outside_zoo']) expect(networks[name]).toMatchObject(CLOSED);
  expect(networks.outside_outside).not.toHaveProperty('internal');
});

test('the containers of a workload open what each of them declares, together', () => {
  const pair = new SidecarPair(shop, 'web', { main: { image: IMAGE, ports: [HTTP] }, sidecar: { image: IMAGE } });
  const init = pair.workload.addInitContainer('fetch', { image: IMAGE });
  pair.main.connectTo(workload('api', HTTP).endpoint());
  pair.sidecar.connectTo(workload('logs', HTTP).endpoint());
  init.connectTo(workload('seeds', HTTP).endpoint());
  const both = new Both(shop);
  expect(opened(both, 'web').egress).toEqual([...['api', 'logs', 'seeds'].map(name => ({ to: [peer(name)], ports: [port(8080)] })), DNS]);
  expect(networksOf(both, 'web')).toEqual(['api_web', 'logs_web', 'seeds_web']);
  expect(networksOf(both, 'web_fetch')).toEqual(['seeds_web']); // it needs no more, and nothing reaches it
});

test('all that belongs to the application is closed, whatever its name', () => {
  workload('web');
  new Task(shop, 'migrate', { image: IMAGE });
  const both = new Both(shop);
  const templates = both.objects.filter(object => object.spec?.template).map(object => object.spec.template.metadata.labels);
  expect(templates.map(each => each['app.kubernetes.io/part-of'])).toEqual(['shop', 'shop']);
  expect(both.names('NetworkPolicy')).toEqual(['conduit-default-deny-shop', 'migrate', 'web']);
});
