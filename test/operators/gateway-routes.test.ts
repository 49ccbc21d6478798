import { Balancing, Certificate, Exposure, GatewayRoutesProps, KubernetesChart, ComposeProject, Nginx, PathMatch, ReverseProxy, ReverseProxyProps, RouteOptions } from 'cdk8s-conduit';
import { gateway, Routed } from './routing';
import { gatewayApi, judgeTest } from '../judges/judges';
import type { Both } from '../targets/both';

const routesOf = (made: Both) => made.objects.filter(({ kind }) => kind === 'HTTPRoute');
const ruleOf = (made: Both, value: string) => routesOf(made).flatMap(({ spec }) => spec.rules).find(({ matches }) => matches?.[0].path.value === value);
const filterOf = (made: Both, value: string, type: string) => ruleOf(made, value).filters.find((each: any) => each.type === type);
const listenersOf = (made: Both) => made.find('Gateway', 'edge').spec.listeners;
const sectionsOf = ({ spec }: any) => spec.parentRefs.map(({ sectionName }: any) => sectionName);

/** What a gateway makes of one route for `/x`. */
function routed(options: (it: Routed) => RouteOptions | object = () => ({}), proxy: Partial<ReverseProxyProps> = {}) {
  const it = new Routed(proxy);
  it.edge.route({ path: '/x', to: [it.service('api').endpoint()], ...options(it) });
  return it;
}

test('a Gateway and an HTTPRoute for each route stand in the place of the proxy, which Compose runs', () => {
  const it = routed();
  it.edge.route({ path: '/exact', match: PathMatch.EXACT, to: [it.service('exact').endpoint()] });
  const made = it.byGateway();
  expect(made.find('Gateway', 'edge')).toMatchObject({ apiVersion: 'gateway.networking.k8s.io/v1', spec: { gatewayClassName: 'public', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] } });
  expect(routesOf(made).map(({ metadata }) => metadata.name.replace(/-[0-9a-f]{6}$/, ''))).toEqual(['edge-exact', 'edge-x']);
  expect(ruleOf(made, '/exact')).toMatchObject({ matches: [{ path: { type: 'Exact' } }], backendRefs: [{ name: 'exact', port: 3000 }], timeouts: { request: '0s' } });
  expect(ruleOf(made, '/x')).toMatchObject({ matches: [{ path: { type: 'PathPrefix' } }], backendRefs: [{ name: 'api', port: 3000 }] });
  expect(routesOf(made).map(sectionsOf)).toEqual([['http'], ['http']]);
  expect(made.names('Deployment')).toEqual(['api', 'exact']);
  expect(made.objects.filter(({ kind, metadata }) => kind !== 'HTTPRoute' && /edge/.test(metadata.name)).map(({ kind }) => kind)).toEqual(['Gateway']);
  expect(made.service('edge').image).toContain('nginx');
});

test('a route keeps its name, whatever routes come and go', () => {
  const names = (...paths: string[]) => {
    const it = new Routed();
    const to = [it.service('api').endpoint()];
    for (const path of paths) it.edge.route({ path, to });
    return routesOf(it.byGateway()).map(({ metadata }) => metadata.name);
  };
  expect(names('/a', '/A', '/b', '/')).toHaveLength(new Set(names('/a', '/A', '/b', '/')).size);
  expect(names('/a', '/A', '/b', '/')).toEqual(expect.arrayContaining(names('/b')));
});

test('the pods that take requests come to the ports of upstreams and of a canary, and no others do', () => {
  const it = routed(each => ({ canary: { to: [each.service('next').endpoint()], percent: 10 } }));
  it.service('other');
  const made = it.byGateway({ podLabels: { role: 'proxy' } });
  const peer = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gateways' } }, podSelector: { matchLabels: { role: 'proxy' } } };
  for (const name of ['api', 'next']) expect(made.find('NetworkPolicy', name).spec.ingress).toEqual([{ from: [peer], ports: [{ port: 3000, protocol: 'TCP' }] }]);
  expect(made.find('NetworkPolicy', 'other').spec.ingress).toBeUndefined();
});

test('with TLS each host has a listener with the certificate, and clients without are sent there', () => {
  const made = routed(undefined, { hosts: ['b.example', 'a.example'], tls: {} }).byGateway();
  const tls = { mode: 'Terminate', certificateRefs: [{ name: 'edge-tls' }] };
  expect(listenersOf(made)).toEqual([
    { name: 'http', port: 80, protocol: 'HTTP' },
    { name: 'https-b.example', hostname: 'b.example', port: 443, protocol: 'HTTPS', tls },
    { name: 'https-a.example', hostname: 'a.example', port: 443, protocol: 'HTTPS', tls },
  ]);
  const [redirect, route] = [made.find('HTTPRoute', 'edge-to-tls'), routesOf(made).find(({ metadata }) => metadata.name.startsWith('edge-x'))];
  expect(redirect.spec).toMatchObject({ hostnames: ['b.example', 'a.example'], rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 308 } }] }] });
  expect(sectionsOf(redirect)).toEqual(['http']);
  expect(redirect.spec.rules[0].filters[0].requestRedirect.port).toBeUndefined();
  expect(route.spec.hostnames).toEqual(['b.example', 'a.example']);
  expect(sectionsOf(route)).toEqual(['https-b.example', 'https-a.example']);
});

test('without a redirect clients are answered at both listeners, and another port stands in the redirect', () => {
  const both = routed(undefined, { tls: { redirect: false } }).byGateway();
  expect(routesOf(both).map(sectionsOf)).toEqual([['http', 'https']]);
  const moved = routed(undefined, { tls: {}, httpsPort: 9443 }).byGateway();
  expect(moved.find('HTTPRoute', 'edge-to-tls').spec.rules[0].filters[0].requestRedirect).toEqual({ scheme: 'https', port: 9443, statusCode: 308 });
  expect(listenersOf(moved)[1]).toMatchObject({ name: 'https', port: 9443 });
  expect(moved.find('HTTPRoute', 'edge-to-tls').spec.hostnames).toBeUndefined();
});

test('what is for every host is at each host that has routes of its own, unless that has the same path', () => {
  const it = routed();
  it.edge.route({ host: 'a.example', to: [it.service('a').endpoint()] });
  it.edge.route({ host: 'b.example', path: '/x', to: [it.service('b').endpoint()] });
  const found = routesOf(it.byGateway()).map(({ spec }) => [spec.hostnames, spec.rules[0].matches[0].path.value, spec.rules[0].backendRefs[0].name]);
  expect(found).toEqual(expect.arrayContaining([
    [undefined, '/x', 'api'], [['a.example'], '/x', 'api'], [['a.example'], '/', 'a'], [['b.example'], '/x', 'b'],
  ]));
  expect(found).toHaveLength(4);
});

test('more hosts than an HTTPRoute has room for are in several', () => {
  const hosts = Array.from({ length: 40 }, (_, index) => `host${index}.example`);
  const made = routed(undefined, { hosts, tls: {} }).byGateway();
  expect(routesOf(made).map(({ spec }) => spec.hostnames.length).sort()).toEqual([16, 16, 16, 16, 8, 8]);
  expect(new Set(routesOf(made).map(({ metadata }) => metadata.name)).size).toBe(6);
});

describe('a Gateway that there is already', () => {
  const existing = { name: 'shared', namespace: 'infra' };

  test('gets the routes, at its own listeners', () => {
    const made = routed(undefined, { hosts: ['a.example'], tls: {} }).byGateway({ gateway: { ...existing, httpListener: 'web', httpsListener: 'secure' } });
    expect(made.names('Gateway')).toEqual([]);
    expect(made.find('HTTPRoute', 'edge-to-tls').spec.parentRefs).toEqual([{ name: 'shared', namespace: 'infra', sectionName: 'web' }]);
    expect(made.objects.find(({ metadata }) => metadata.name.startsWith('edge-x')).spec.parentRefs).toEqual([{ name: 'shared', namespace: 'infra', sectionName: 'secure' }]);
  });

  test('has the certificate, and the address', () => {
    const it = routed(undefined, { hosts: ['a.example'], tls: {} });
    const { exposed = [], fidelity } = KubernetesChart.target({ providers: [gateway(it.edge, { gateway: existing })] }).render(it.shop);
    expect(exposed.map(({ command }) => command)).toEqual(['kubectl --namespace infra get gateway shared', 'kubectl --namespace infra get gateway shared']);
    expect(fidelity.map(({ feature }) => feature)).toContain('certificate behind a Gateway that there is already (GatewayRoutes)');
    const options = { providers: [gateway(it.edge, { gateway: existing })], secretStore: { name: 'vault' } };
    expect(it.by(gateway(it.edge), options).names('ExternalSecret')).toEqual([]);
  });
});

describe('a route', () => {
  test('of which the path changes, names the prefix to the upstream', () => {
    const prefix = routed(() => ({ rewrite: '/v2' })).byGateway();
    expect(filterOf(prefix, '/x', 'URLRewrite').urlRewrite.path).toEqual({ type: 'ReplacePrefixMatch', replacePrefixMatch: '/v2' });
    const { set, remove } = filterOf(prefix, '/x', 'RequestHeaderModifier').requestHeaderModifier;
    expect(set).toEqual([{ name: 'X-Forwarded-Prefix', value: '/x' }]);
    expect(remove).toEqual(expect.arrayContaining(['Forwarded', 'X-Original-URL', 'X-Forwarded-User']));
    expect(remove).not.toEqual(expect.arrayContaining(['X-Forwarded-Prefix']));
    const exact = routed(() => ({ rewrite: '/v2', match: PathMatch.EXACT })).byGateway();
    expect(filterOf(exact, '/x', 'URLRewrite').urlRewrite.path).toEqual({ type: 'ReplaceFullPath', replaceFullPath: '/v2' });
    expect(filterOf(routed().byGateway(), '/x', 'RequestHeaderModifier').requestHeaderModifier.remove).toContain('X-Forwarded-Prefix');
  });

  test('with a canary gives it its share, whatever the number of endpoints', () => {
    const weights = (made: Both) => ruleOf(made, '/x').backendRefs.map(({ weight }: any) => weight);
    expect(weights(routed(it => ({ canary: { to: [it.service('next').endpoint()], percent: 5 } })).byGateway())).toEqual([19, 1]);
    expect(weights(routed(it => ({ to: ['a', 'b', 'c'].map(id => it.service(id).endpoint()), canary: { to: [it.service('d').endpoint(), it.service('e').endpoint()], percent: 10 } })).byGateway()))
      .toEqual([6, 6, 6, 1, 1]);
    expect(weights(routed(it => ({ to: ['a', 'b'].map(id => it.service(id).endpoint()) })).byGateway())).toEqual([1, 1]);
  });

  test.each<[string, object, object]>([
    ['a path', { to: '/new' }, { path: { type: 'ReplaceFullPath', replaceFullPath: '/new' }, statusCode: 308 }],
    ['a host', { to: 'https://other.example', status: 301 }, { scheme: 'https', hostname: 'other.example', path: { type: 'ReplaceFullPath', replaceFullPath: '/' }, statusCode: 301 }],
    ['a port', { to: 'http://other.example:8080/a/b' }, { scheme: 'http', hostname: 'other.example', port: 8080, path: { type: 'ReplaceFullPath', replaceFullPath: '/a/b' }, statusCode: 308 }],
  ])('sends clients to %s', (_, redirect, expected) => {
    const made = routed(() => ({ to: undefined, redirect })).byGateway();
    expect(ruleOf(made, '/x')).toEqual({ matches: [{ path: { type: 'PathPrefix', value: '/x' } }], filters: [{ type: 'RequestRedirect', requestRedirect: expected }] });
  });

  test('lets other origins in', () => {
    const cors = (policy: object) => filterOf(routed(() => ({ cors: policy })).byGateway(), '/x', 'CORS').cors;
    expect(cors({ origins: ['*'] })).toEqual({ allowOrigins: ['*'], allowMethods: ['GET', 'HEAD', 'POST'] });
    expect(cors({ origins: ['https://a.example'], methods: ['PUT'], headers: ['X-A'], credentials: true }))
      .toEqual({ allowOrigins: ['https://a.example'], allowMethods: ['PUT'], allowHeaders: ['X-A'], allowCredentials: true });
  });

  test('to gRPC says so at the Service', () => {
    const made = routed(it => ({ to: [it.service('grpc', { port: undefined, ports: [{ name: 'grpc', number: 50051, scheme: 'grpc' }] }).endpoint()] })).byGateway();
    expect(made.find('Service', 'grpc').spec.ports).toEqual([expect.objectContaining({ port: 50051, appProtocol: 'kubernetes.io/h2c' })]);
    expect(made.find('Service', 'api').spec.ports[0].appProtocol).toBeUndefined();
  });

  test('has the headers of the proxy in its answers', () => {
    const set = (proxy: object) => filterOf(routed(undefined, proxy).byGateway(), '/x', 'ResponseHeaderModifier')?.responseHeaderModifier.set.map(({ name, value }: any) => `${name}: ${value}`);
    expect(set({})).toEqual(['X-Content-Type-Options: nosniff', 'X-Frame-Options: SAMEORIGIN', 'Referrer-Policy: strict-origin-when-cross-origin']);
    expect(set({ responseHeaders: { 'X-A': 'b' }, tls: {} })).toEqual(['X-A: b', 'Strict-Transport-Security: max-age=15552000']);
    expect(set({ responseHeaders: {} })).toBeUndefined();
  });
});

test('an issuer is named by the Gateway, and makes the Secret', () => {
  const it = routed(undefined, { hosts: ['a.example'], tls: {} });
  const made = it.by(gateway(it.edge, { issuer: { name: 'letters', clusterWide: true } }), { secretStore: { name: 'vault' } });
  expect(made.find('Gateway', 'edge').metadata.annotations).toEqual({ 'cert-manager.io/cluster-issuer': 'letters' });
  expect(made.names('ExternalSecret')).toEqual([]);
  expect(routed(undefined, { hosts: ['a.example'], tls: {} }).byGateway().find('Gateway', 'edge').metadata.annotations).toBeUndefined();
});

test('two proxies of one application are two Gateways, and a third one is a proxy of its own', () => {
  const it = routed();
  const proxies = ['second', 'third'].map((id, index) => new ReverseProxy(it.shop, id, { engine: new Nginx(), exposure: Exposure.everyoneOnTheInternet(), httpPort: 81 + index }));
  const to = [it.service('other').endpoint()];
  for (const each of proxies) each.route({ to });
  const made = it.by(gateway(it.edge), { providers: [gateway(it.edge), gateway(proxies[0])] });
  expect(made.names('Gateway')).toEqual(['edge', 'second']);
  expect(made.names('Deployment')).toEqual(['api', 'other', 'third']);
  expect(made.find('NetworkPolicy', 'other').spec.ingress).toHaveLength(2);
  expect(made.names('Service')).toEqual(expect.arrayContaining(['conduit-public-third', 'third']));
});

test('both targets expose the same', () => {
  const it = routed(undefined, { hosts: ['shop.example'], tls: {} });
  const urls = (target: any) => target.render(it.shop).exposed.map(({ url, sources }: any) => [url, sources]);
  const kubernetes = urls(KubernetesChart.target({ providers: [gateway(it.edge)] }));
  expect(kubernetes).toEqual([['http://shop.example:80', ['everyone on the internet']], ['https://shop.example:443', ['everyone on the internet']]]);
  expect(urls(ComposeProject.target())).toEqual(kubernetes);
});

describe('is refused:', () => {
  const cors = () => ({ cors: { origins: ['https://a.example'] } });
  test.each<[string, string, (it: Routed) => object, Partial<ReverseProxyProps>, Partial<GatewayRoutesProps>]>([
    ['a list of addresses', "'sources' of route '/x' (address lists) with GatewayRoutes", () => ({ sources: ['192.0.2.0/24'] }), {}, {}],
    ['a rate limit', "'rateLimit' of route '/x' (rate limit) with GatewayRoutes", () => ({ rateLimit: { requestsPerSecond: 1 } }), {}, {}],
    ['least connections', "'balancing' of route '/x' (least connections) with GatewayRoutes", () => ({ balancing: Balancing.leastConnections() }), {}, {}],
    ['sessions', "'stickyCookie' of route '/x' (sticky cookie) with GatewayRoutes", () => ({ stickyCookie: 'a' }), {}, {}],
    ['retries', "'retries' of route '/x' (retries) with GatewayRoutes", () => ({ retries: 1 }), {}, {}],
    ['an exposure to some', "'exposure' (address lists) with GatewayRoutes", () => ({}), { exposure: Exposure.sources(['192.0.2.0/24']) }, {}],
    ['compression', "'compression' (compression) with GatewayRoutes", () => ({}), { compression: true }, {}],
    ['a redirect with a query', "a redirect with '?', '#' or another sign that no path has", () => ({ to: undefined, redirect: { to: '/a?b=c' } }), {}, {}],
    ['a redirect to an IPv6 address', 'to an IPv6 address, with GatewayRoutes', () => ({ to: undefined, redirect: { to: 'https://[2001:db8::1]/' } }), {}, {}],
    ['a late status before 1.5', 'a redirect with 303, 307 or 308 with GatewayRoutes before Gateway API 1.5', () => ({ to: undefined, redirect: { to: '/', status: 307 } }), {}, { gatewayApiVersion: '1.4' }],
    ['CORS before 1.5', "'cors' with GatewayRoutes before Gateway API 1.5", cors, {}, { gatewayApiVersion: '1.2' }],
    ['a method that is none of HTTP', 'more than the Gateway API takes', () => ({ cors: { origins: ['*'], methods: ['PURGE'] } }), {}, {}],
    ['many endpoints', 'more than the Gateway API takes', it => ({ to: Array.from({ length: 17 }, (_, index) => it.service(`s${index}`).endpoint()) }), {}, {}],
    ['many headers', 'more than the Gateway API takes', () => ({}), { responseHeaders: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`X-${index}`, 'a'])) }, {}],
    ['many hosts with TLS', 'more than the Gateway API takes', () => ({}), { tls: {}, hosts: Array.from({ length: 64 }, (_, index) => `h${index}.example`) }, {}],
  ])('%s', (_, message, options, proxy, props) => {
    expect(() => routed(options, proxy).byGateway(props)).toThrow(message);
  });

  test('nothing of what the version has', () => {
    expect(() => routed(cors).byGateway({ gatewayApiVersion: '1.5' })).not.toThrow();
    expect(() => routed(() => ({ to: undefined, redirect: { to: '/', status: 302 } })).byGateway({ gatewayApiVersion: '1.2.1' })).not.toThrow();
    const earlier = routed(undefined, { tls: {} }).byGateway({ gatewayApiVersion: '1.4' });
    expect(earlier.find('HTTPRoute', 'edge-to-tls').spec.rules[0].filters[0].requestRedirect.statusCode).toBe(301);
  });
});

describe('a message tells what is wrong', () => {
  const tls = { tls: {}, hosts: ['shop.example'] };
  test.each<[string, string, object, object]>([
    ['neither class nor Gateway', "give either 'gatewayClass' or 'gateway', got neither", { gatewayClass: undefined }, {}],
    ['class and Gateway', "give either 'gatewayClass' or 'gateway', got both", { gatewayClass: 'a', gateway: { name: 'b' } }, {}],
    ['a class with blanks', "'gatewayClass' must be a DNS name in lower case, got 'a b'", { gatewayClass: 'a b' }, {}],
    ['a Gateway in upper case', "'name' of 'gateway' must be a DNS name in lower case, got 'A'", { gateway: { name: 'A' } }, {}],
    ['a listener with blanks', "'httpListener' must be a DNS name in lower case, got 'a b'", { gateway: { name: 'a', httpListener: 'a b' } }, {}],
    ['a listener with TLS with blanks', "'httpsListener' must be a DNS name in lower case, got 'a b'", { gateway: { name: 'a', httpsListener: 'a b' } }, {}],
    ['a namespace of the Gateway', "must be at most 63 lower-case letters, digits and hyphens, got 'I'", { gateway: { name: 'a', namespace: 'I' } }, {}],
    ['an early version', "'gatewayApiVersion' must be 1.2 or newer, such as 1.5, got '1.1'", { gatewayApiVersion: '1.1' }, {}],
    ['a version with a letter', "got 'v1.5'", { gatewayApiVersion: 'v1.5' }, {}],
    ['a version of another kind', "got '2.0'", { gatewayApiVersion: '2.0' }, {}],
    ['an issuer for another Gateway', "the certificate of 'gateway' is that of its listeners; leave out 'issuer'", { gateway: { name: 'a' }, issuer: { name: 'b' } }, tls],
    ['an issuer without hosts', "'issuer' makes a certificate for 'hosts'", { issuer: { name: 'a' } }, { tls: {} }],
    ['no namespace', "'namespace' must be a text, got nothing", { namespace: undefined }, {}],
  ])('%s', (_, message, props, proxy) => {
    expect(() => gateway(new Routed(proxy).edge, props)).toThrow(message);
  });
});

/** A proxy that has all that the Gateway API has. */
function everything(version?: string): any[] {
  const later = version === undefined;
  const it = routed(each => ({ rewrite: '/', canary: { to: [each.service('next').endpoint()], percent: 5 } }), { hosts: ['a.example', 'b.example'], tls: {} });
  const to = [it.service('all').endpoint()];
  it.edge.route({ to, ...(later ? { cors: { origins: ['https://c.example:8443'], methods: ['GET', 'PUT'], headers: ['X-A'], credentials: true } } : {}) });
  it.edge.route({ host: 'a.example', path: '/exact', match: PathMatch.EXACT, to, rewrite: '/v2' });
  it.edge.route({ path: '/old', redirect: { to: 'https://other.example:8443/new', status: later ? 307 : 301 } });
  const certificate = new Certificate(it.shop, 'mine', { hosts: ['c.example'] });
  const second = new ReverseProxy(it.shop, 'second', { engine: new Nginx(), exposure: Exposure.everyoneOnTheInternet(), tls: { certificate, redirect: false }, httpPort: 81, httpsPort: 8443 });
  second.route({ to });
  const shared = { gateway: { name: 'shared', namespace: 'infra' }, gatewayApiVersion: version };
  return it.by(gateway(it.edge), { providers: [gateway(it.edge, { issuer: { name: 'letters' }, gatewayApiVersion: version }), gateway(second, shared)] }).objects;
}

judgeTest('every field is one that the Gateway API knows', 'gatewayApi', () => {
  expect(everything().filter(({ kind }) => kind === 'HTTPRoute').length).toBeGreaterThan(5);
  expect(gatewayApi(everything())).toEqual([]);
});

judgeTest('every field is one that the oldest Gateway API knows', 'oldestGatewayApi', () => {
  expect(gatewayApi(everything('1.2'), 'oldestGatewayApi')).toEqual([]);
  expect(gatewayApi(everything(), 'oldestGatewayApi')).toEqual(expect.arrayContaining([
    expect.stringContaining('requestRedirect/statusCode must be equal to one of the allowed values'), expect.stringContaining('must NOT have additional properties: cors'),
  ]));
});
