import { Balancing, Certificate, ComposeProject, Endpoint, Exposure, FidelityLevel, IngressRoutesProps, KubernetesChart, LoadBalancer, Nginx, PathMatch, ProxyFeature, ProxyFeatureSupport, ReverseProxy, RouteOptions, Secret, Volume, Workload } from 'cdk8s-conduit';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { Duration, Size } from 'cdk8s';
import { ingress, Routed } from './routing';
import { GATEWAY_SUPPORT } from '../../src/operators/gateway-support';
import { INGRESS_SUPPORT } from '../../src/operators/ingress-support';
import { judgeTest, newestKubernetes, strictKubernetes } from '../judges/judges';

const rulesOf = (made: any) => made.find('Ingress', 'edge').spec.rules.map(({ host, http }: any) => [host, http.paths.map((each: any) => `${each.pathType} ${each.path} ${each.backend.service.name}:${each.backend.service.port.number}`)]);

test('an Ingress stands in the place of the proxy, which Compose runs', () => {
  const routed = new Routed();
  routed.edge.route({ to: [routed.service('frontend').endpoint()] });
  routed.edge.route({ path: '/api', to: [routed.service('api').endpoint()] });
  const made = routed.byIngress();
  expect(made.find('Ingress', 'edge')).toMatchObject({ apiVersion: 'networking.k8s.io/v1', spec: { ingressClassName: 'public' } });
  expect(made.find('Ingress', 'edge').metadata.annotations).toBeUndefined();
  expect(made.find('Ingress', 'edge').spec.tls).toBeUndefined();
  expect(rulesOf(made)).toEqual([[undefined, ['Prefix /api api:3000', 'Prefix / frontend:3000']]]);
  expect(made.objects.filter(({ metadata }) => /edge/.test(metadata.name)).map(({ kind }) => kind)).toEqual(['Ingress']);
  expect(made.names('Deployment')).toEqual(['api', 'frontend']);
  expect(made.service('edge').image).toContain('nginx');
  expect(made.service('edge').ports).toEqual([expect.objectContaining({ published: '80' })]);
});

test('the pods of the controller, and no others of the cluster, come to the ports of upstreams', () => {
  const routed = new Routed();
  const api = routed.service('api', { port: undefined, ports: [{ name: 'http', number: 3000 }, { name: 'admin', number: 9000 }] });
  routed.edge.route({ to: [api.endpoint('http')] });
  routed.edge.route({ path: '/again', to: [api.endpoint('http')] });
  const other = routed.service('other');
  const ingressOf = (made: any, name: string) => made.find('NetworkPolicy', name).spec.ingress;
  const peer = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } };
  expect(ingressOf(routed.byIngress(), 'api')).toEqual([{ from: [peer], ports: [{ port: 3000, protocol: 'TCP' }] }]);
  expect(ingressOf(routed.byIngress(), other.workload.name)).toBeUndefined();
  const labelled = routed.byIngress({ podLabels: { 'app.kubernetes.io/name': 'controller' } });
  expect(ingressOf(labelled, 'api')).toEqual([{ from: [{ ...peer, podSelector: { matchLabels: { 'app.kubernetes.io/name': 'controller' } } }], ports: [{ port: 3000, protocol: 'TCP' }] }]);
  expect(labelled.names('NetworkPolicy')).toEqual(['api', 'conduit-default-deny-shop', 'other']);
});

test('a controller finds for each host what a proxy would find: the longest path first, whether it is for a host or for all', () => {
  const routed = new Routed({ hosts: ['a.example', 'b.example', 'c.example'] });
  const to = (id: string) => [routed.service(id).endpoint()];
  routed.edge.route({ host: 'a.example', to: to('only-a') });
  routed.edge.route({ path: '/api', to: to('all') });
  routed.edge.route({ host: 'b.example', path: '/api', to: to('only-b') });
  routed.edge.route({ host: 'b.example', path: '/api', match: PathMatch.EXACT, to: to('exact-b') });
  expect(rulesOf(routed.byIngress())).toEqual([
    ['a.example', ['Prefix /api all:3000', 'Prefix / only-a:3000']],
    ['b.example', ['Exact /api exact-b:3000', 'Prefix /api only-b:3000']],
    ['c.example', ['Prefix /api all:3000']],
  ]);
});

test('without hosts, those of routes have rules of their own, and all others share one', () => {
  const routed = new Routed();
  routed.edge.route({ host: 'a.example', path: '/a', to: [routed.service('a').endpoint()] });
  routed.edge.route({ to: [routed.service('all').endpoint()] });
  expect(rulesOf(routed.byIngress())).toEqual([['a.example', ['Prefix /a a:3000', 'Prefix / all:3000']], [undefined, ['Prefix / all:3000']]]);
  const alone = new Routed();
  alone.edge.route({ host: 'a.example', path: '/a', to: [alone.service('a').endpoint()] });
  expect(rulesOf(alone.byIngress())).toEqual([['a.example', ['Prefix /a a:3000']]]);
});

test('members have Services of their own, and replicas of a stable workload one without an address', () => {
  const routed = new Routed();
  const store = new Workload(routed.shop, 'store', { image: 'registry.example/acme/app:1.0', ports: [{ name: 'http', number: 80 }], stable: true, replicas: 2 });
  routed.edge.route({ to: [store.endpoint()] });
  routed.edge.route({ path: '/1', to: [store.memberEndpoint(1)] });
  const made = routed.byIngress();
  expect(rulesOf(made)).toEqual([[undefined, ['Prefix /1 store-1:80', 'Prefix / store:80']]]);
  expect(made.names('Service')).toEqual(expect.arrayContaining(['store', 'store-1']));
});

describe('a certificate', () => {
  const routed = (props = {}) => {
    const made = new Routed({ hosts: ['shop.example'], tls: {}, ...props });
    made.edge.route({ to: [made.service('frontend').endpoint()] });
    return made;
  };

  test('is the Secret that a proxy would have', () => {
    const made = routed();
    expect(made.byIngress().find('Ingress', 'edge').spec.tls).toEqual([{ hosts: ['shop.example'], secretName: 'edge-tls' }]);
    const stored = made.by(ingress(made.edge), { secretStore: { name: 'vault' } });
    expect(stored.find('ExternalSecret', 'edge-tls').spec.target.template).toEqual({ type: 'kubernetes.io/tls', mergePolicy: 'Merge' });
    const given = new Routed({ hosts: ['shop.example'] });
    const second = new ReverseProxy(given.shop, 'second', { engine: new Nginx(), tls: { certificate: new Certificate(given.shop, 'mine', { hosts: ['shop.example'] }) }, exposure: Exposure.everyoneOnTheInternet(), httpPort: 81 });
    for (const each of [given.edge, second]) each.route({ to: [given.service(`of-${each.node.id}`).endpoint()] });
    expect(given.by(ingress(second)).find('Ingress', 'second').spec.tls).toEqual([{ hosts: undefined, secretName: 'mine' }]);
  });

  test('is made by an issuer if one is named, and by nothing else', () => {
    const annotationsOf = (props: Partial<IngressRoutesProps>) => routed().byIngress(props).find('Ingress', 'edge').metadata.annotations;
    expect(annotationsOf({})).toBeUndefined();
    expect(annotationsOf({ issuer: { name: 'letters' } })).toEqual({ 'cert-manager.io/issuer': 'letters' });
    expect(annotationsOf({ issuer: { name: 'letters', clusterWide: true }, annotations: { 'controller.example/tls': 'true' } }))
      .toEqual({ 'cert-manager.io/cluster-issuer': 'letters', 'controller.example/tls': 'true' });
    const made = routed();
    expect(made.by(ingress(made.edge, { issuer: { name: 'letters' } }), { secretStore: { name: 'vault' } }).names('ExternalSecret')).toEqual([]);
  });
});

test('the report says where clients come in, and what the controller decides', () => {
  const routed = new Routed({ hosts: ['shop.example'], tls: {} });
  routed.edge.route({ to: [routed.service('frontend').endpoint()] });
  const { exposed = [], fidelity } = KubernetesChart.target({ namespace: 'shop', providers: [ingress(routed.edge)] }).render(routed.shop);
  expect(exposed.map(({ name, portName, url, command, sources }) => [name, portName, url, command, sources])).toEqual([
    ['edge', 'http', 'http://shop.example:80', 'kubectl --namespace shop get ingress edge', ['everyone on the internet']],
    ['edge', 'https', 'https://shop.example:443', 'kubectl --namespace shop get ingress edge', ['everyone on the internet']],
  ]);
  expect(ComposeProject.target().render(routed.shop).exposed?.map(({ url }) => url)).toEqual(exposed.map(({ url }) => url));
  expect(fidelity.filter(({ path }) => path === 'shop/edge').map(({ feature }) => feature)).toEqual([
    'headers of answers that the program left open (IngressRoutes)',
    'proxy that a controller of the cluster is (IngressRoutes, GatewayRoutes)',
    'redirect to TLS and HSTS that the program left open (IngressRoutes)',
    'request for a host that is none of `hosts` (IngressRoutes, GatewayRoutes)',
    'time-outs, retries and largest body that the program left open (IngressRoutes, GatewayRoutes)',
    'what upstreams learn of a client (IngressRoutes, GatewayRoutes)',
  ]);
  expect(fidelity.filter(({ level }) => level === FidelityLevel.REFUSED)).toEqual([]);
});

describe('what an Ingress has no words for is refused, and those are named that have:', () => {
  const second = (routed: Routed) => routed.service('second').endpoint();
  const secret = (routed: Routed) => new Secret(routed.shop, 'secret');
  const engines = 'use HaProxy or Nginx in its place, or leave out';
  test.each<[string, string, string, (routed: Routed) => RouteOptions | object]>([
    ['several upstreams', "'to' of route '/x' (several upstreams)", 'use GatewayRoutes or HaProxy or Nginx in its place, or leave out \'to\' of route \'/x\'', it => ({ to: [it.service('first').endpoint(), second(it)] })],
    ['an upstream outside', "'to' of route '/x' (upstreams outside the application)", engines, () => ({ to: [Endpoint.external('x.example', 80)] })],
    ['a redirect', "'redirect' of route '/x' (redirects)", 'use GatewayRoutes or', () => ({ to: undefined, redirect: { to: '/' } })],
    ['least connections', "'balancing' of route '/x' (least connections)", engines, () => ({ balancing: Balancing.leastConnections() })],
    ['a hash', "'balancing' of route '/x' (balancing by hash)", engines, () => ({ balancing: Balancing.byClientAddress() })],
    ['sticky sessions', "'stickyCookie' of route '/x' (sticky cookie)", engines, () => ({ stickyCookie: 'session' })],
    ['a canary', "'canary' of route '/x' (canary)", 'use GatewayRoutes or', it => ({ canary: { to: [second(it)], percent: 5 } })],
    ['retries', "'retries' of route '/x' (retries)", engines, () => ({ retries: 2 })],
    ['a time-out of connections', "'connectTimeout' of route '/x' (time-outs)", engines, () => ({ connectTimeout: Duration.seconds(1) })],
    ['a time-out of answers', "'responseTimeout' of route '/x' (time-outs)", engines, () => ({ responseTimeout: Duration.seconds(1) })],
    ['a largest body', "'maxBodySize' of route '/x' (largest body)", engines, () => ({ maxBodySize: Size.mebibytes(1) })],
    ['a rewritten path', "'rewrite' of route '/x' (rewritten paths)", 'use GatewayRoutes or', () => ({ rewrite: '/' })],
    ['gRPC', "'to' of route '/x' (gRPC)", 'use GatewayRoutes or', it => ({ to: [it.service('grpc', { port: undefined, ports: [{ name: 'grpc', number: 3000, scheme: 'grpc' }] }).endpoint()] })],
    ['TLS to an upstream', "'caCertificates' of route '/x' (TLS to upstreams)", engines, it => ({ to: [it.service('tls', { port: undefined, ports: [{ name: 'https', number: 3000 }] }).endpoint()], caCertificates: secret(it) })],
    ['CORS', "'cors' of route '/x' (CORS)", 'use GatewayRoutes or', () => ({ cors: { origins: ['*'] } })],
    ['a list of addresses', "'sources' of route '/x' (address lists)", engines, () => ({ sources: ['192.0.2.0/24'] })],
    ['a rate limit', "'rateLimit' of route '/x' (rate limit)", engines, () => ({ rateLimit: { requestsPerSecond: 1 } })],
    ['passwords', "'basicAuthentication' of route '/x' (basic authentication)", engines, it => ({ basicAuthentication: { users: { a: secret(it) } } })],
    ['a service that decides', "'forwardAuthentication' of route '/x' (forward authentication)", 'use Nginx in its place', it => ({ forwardAuthentication: { to: second(it) } })],
  ])('%s', (_, feature, remedy, options) => {
    const routed = new Routed();
    routed.edge.route({ path: '/x', to: [routed.service('api').endpoint()], ...options(routed) });
    const refusal = () => routed.byIngress();
    expect(refusal).toThrow(`shop/edge: ${feature} with IngressRoutes cannot be had on Kubernetes: `);
    expect(refusal).toThrow(remedy);
    expect(refusal).toThrow(/^[^\n]*$/);
  });

  test.each<[string, string, object]>([
    ['compression', "'compression' (compression)", { compression: true }],
    ['headers', "'responseHeaders' (headers of answers)", { responseHeaders: {} }],
    ['HSTS', "'hsts' (headers of answers)", { tls: { hsts: Duration.days(1) } }],
    ['a redirect to TLS', "'redirect' (redirect to TLS)", { tls: { redirect: true } }],
    ['a list of addresses', "'exposure' (address lists)", { exposure: Exposure.sources(['192.0.2.0/24']) }],
    ['this machine alone', 'a proxy for this machine, or at one address of the host,', { exposure: undefined, publicHost: undefined }],
    ['one address of the host', 'a proxy for this machine, or at one address of the host,', { exposure: Exposure.hostAddress('192.0.2.1') }],
    ['hosts that are addresses', 'hosts that are addresses, or the name of the proxy itself,', { hosts: ['192.0.2.1'] }],
    ['no host but the workload', 'hosts that are addresses, or the name of the proxy itself,', { hosts: ['edge'] }],
  ])('%s of the proxy', (_, feature, props) => {
    const routed = new Routed(props);
    routed.edge.route({ to: [routed.service('api').endpoint()] });
    expect(() => routed.byIngress()).toThrow(`shop/edge: ${feature} with IngressRoutes`);
  });

  test.each(['192.0.2.1', 'edge'])('a route for %s', host => {
    const routed = new Routed();
    routed.edge.route({ host, to: [routed.service('api').endpoint()] });
    expect(() => routed.byIngress()).toThrow('shop/edge: hosts that are addresses, or the name of the proxy itself, with IngressRoutes');
  });

  test('a load balancer in front', () => {
    const routed = new Routed();
    const balancer = new LoadBalancer(routed.shop, 'entry', { exposure: Exposure.everyoneOnTheInternet() });
    const proxy = new ReverseProxy(routed.shop, 'second', { engine: new Nginx(), balancer });
    for (const each of [proxy, routed.edge]) each.route({ to: [routed.service(`api-of-${each.node.id}`).endpoint()] });
    expect(() => routed.by(ingress(proxy))).toThrow("shop/second: 'balancer' (PROXY protocol) with IngressRoutes cannot be had on Kubernetes");
  });
});

describe('what a program adds to the proxy is refused:', () => {
  test.each<[string, (routed: Routed) => void]>([
    ['a sidecar', ({ edge }) => { edge.workload.addSidecar('helper', { image: 'registry.example/acme/helper:1.0' }); }],
    ['a volume', ({ edge, shop }) => { edge.workload.main.mountVolume(new Volume(shop, 'data'), '/data'); }],
    ['a connection', ({ edge, shop }) => { edge.workload.connectTo(new Workload(shop, 'db', { image: 'registry.example/acme/app:1.0', ports: [{ name: 'http', number: 1 }] }).endpoint()); }],
    ['a port', ({ edge }) => { edge.workload.publish({ portName: 'health', hostPort: 9000, exposure: Exposure.everyoneOnTheInternet() }); }],
  ])('%s', (_, add) => {
    const routed = new Routed();
    routed.edge.route({ to: [routed.service('api').endpoint()] });
    add(routed);
    expect(() => routed.byIngress()).toThrow('shop/edge: what a program adds to the workload of a proxy, with IngressRoutes or GatewayRoutes cannot be had on Kubernetes');
  });

  test('nobody of the application connects to a controller by the name of the proxy', () => {
    const routed = new Routed();
    routed.edge.route({ to: [routed.service('api').endpoint()] });
    routed.service('monitor').workload.connectTo(routed.edge.endpoint());
    expect(() => routed.byIngress()).toThrow('shop/monitor: connection to a name that nobody makes cannot be had on Kubernetes');
  });

  test('a proxy of another application', () => {
    const [routed, other] = [new Routed(), new Routed()];
    routed.edge.route({ to: [routed.service('api').endpoint()] });
    expect(() => routed.by(ingress(other.edge))).toThrow("given to the chart of 'shop', to which");
  });
});

describe('a message tells what is wrong', () => {
  const tls = { tls: {}, hosts: ['shop.example'] };
  test.each<[string, string, object, object]>([
    ['a class with blanks', "'ingressClass' must be a DNS name in lower case, got 'a b'", { ingressClass: 'a b' }, {}],
    ['a namespace in upper case', "'namespace' must be at most 63 lower-case letters, digits and hyphens, got 'Ingress'", { namespace: 'Ingress' }, {}],
    ['a label that is none', "'podLabels' must be labels such as app.kubernetes.io/name, got 'a b' with 'c'", { podLabels: { 'a b': 'c' } }, {}],
    ['a label with a value that is none', "'podLabels' must be labels such as app.kubernetes.io/name, got 'a' with 'b c'", { podLabels: { a: 'b c' } }, {}],
    ['an annotation that is none', "'annotations' must have names such as controller.example/option, got 'a b'", { annotations: { 'a b': 'c' } }, {}],
    ['a class by annotation', "'kubernetes.io/ingress.class' of 'annotations' is out of use; give 'ingressClass' alone", { annotations: { 'kubernetes.io/ingress.class': 'a' } }, {}],
    ['an issuer by annotation', "'cert-manager.io/cluster-issuer' of 'annotations' is written by 'issuer'; give that", { annotations: { 'cert-manager.io/cluster-issuer': 'a' } }, tls],
    ['a long common name', "'cert-manager.io/common-name' of 'annotations' must have at most 64 characters, got 65", { annotations: { 'cert-manager.io/common-name': 'a'.repeat(65) } }, tls],
    ['an issuer that is none', "'name' of 'issuer' must be a DNS name in lower case, got 'A'", { issuer: { name: 'A' } }, tls],
    ['an issuer without TLS', "'issuer' makes certificates, and the proxy has none; give it 'tls', or leave out 'issuer'", { issuer: { name: 'a' } }, { hosts: ['shop.example'] }],
    ['an issuer without hosts', "'issuer' makes a certificate for 'hosts'; give the proxy these, or leave out 'issuer'", { issuer: { name: 'a' } }, { tls: {} }],
    ['an issuer for an address', "'issuer' makes certificates for names, and '192.0.2.1' of 'hosts' is an address; leave it out", { issuer: { name: 'a' } }, { tls: {}, hosts: ['192.0.2.1'] }],
    ['no class', "'ingressClass' must be a text, got nothing", { ingressClass: undefined }, {}],
  ])('%s', (_, message, props, proxy) => {
    expect(() => ingress(new Routed(proxy).edge, props)).toThrow(message);
  });
});

judgeTest('every field is one that Kubernetes knows', 'strictKubernetes', () => {
  const routed = new Routed({ hosts: ['a.example', 'b.example'], tls: {} });
  routed.edge.route({ to: [routed.service('frontend').endpoint()] });
  routed.edge.route({ host: 'a.example', path: '/api', match: PathMatch.EXACT, to: [routed.service('api').endpoint()] });
  const provider = ingress(routed.edge, { issuer: { name: 'letters' }, annotations: { 'controller.example/tls': 'true' } });
  const file = join(mkdtempSync(join(tmpdir(), 'conduit-')), 'shop.k8s.yaml');
  writeFileSync(file, KubernetesChart.target({ providers: [provider] }).render(routed.shop).files['shop.k8s.yaml']);
  expect(readFileSync(file, 'utf8')).toContain('kind: Ingress');
  for (const version of ['1.30', newestKubernetes()]) expect(strictKubernetes(file, version)).toEqual([]);
  rmSync(dirname(file), { recursive: true });
});

test('the page says what is made of each feature', () => {
  const page = readFileSync(join(__dirname, '../../docs/ingress-and-gateway.md'), 'utf8');
  const cell = ({ level, how }: ProxyFeatureSupport) => `${level}: ${how}`;
  expect(page).toContain(Object.values(ProxyFeature).map(feature => `| ${feature} | ${cell(INGRESS_SUPPORT[feature])} | ${cell(GATEWAY_SUPPORT[feature])} |\n`).join(''));
});
