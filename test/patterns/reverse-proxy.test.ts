import { Application, Balancing, Certificate, DiscoverableService, Endpoint, Exposure, FidelityLevel, IProxyEngine, KubernetesChart, ComposeProject, LoadBalancer, Nginx, PathMatch, Protocol, ProxyFeature, ReverseProxy, ReverseProxyProps, RouteOptions, Secret, TestOutput, Workload } from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const edge = (props: Partial<ReverseProxyProps> = {}) => new ReverseProxy(shop, 'edge', { engine: new Nginx(), ...props });
const service = (id: string, props: object = {}) => new DiscoverableService(shop, id, { image: 'registry.example/acme/app:1.0', port: 3000, ...props });
const both = () => new Both(shop, { namespace: 'shop' });

test('a proxy is a workload without rights that listens above 1024 and is published', () => {
  edge({ exposure: Exposure.everyoneOnTheInternet(), publicHost: 'shop.example.com', tls: {} }).route({ to: [service('frontend').endpoint()] });
  const made = both();
  expect(made.container('edge')).toMatchObject({
    image: 'docker.io/library/nginx:1.30.6',
    securityContext: { runAsUser: 101, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    ports: [{ containerPort: 8080 }, { containerPort: 8443 }, { containerPort: 8081 }],
    readinessProbe: { httpGet: { port: 8081, path: '/' } },
  });
  expect(made.find('Service', 'conduit-public-edge').spec.ports).toEqual([expect.objectContaining({ port: 80, targetPort: 'http' }), expect.objectContaining({ port: 443, targetPort: 'https' })]);
  expect(made.service('edge')).toMatchObject({
    image: 'nginx:1.30.6',
    user: '101:101',
    read_only: true,
    cap_drop: ['ALL'],
    stop_signal: 'SIGQUIT',
    ports: [{ target: 8080, published: '80', host_ip: '0.0.0.0' }, { target: 8443, published: '443', host_ip: '0.0.0.0' }],
  });
});

test('upstreams are reached by a name that leads to each replica, which is made for nobody else', () => {
  const [frontend, api] = [service('frontend', { replicas: 2 }), service('api', { replicas: 3 })];
  const stable = service('stable', { stable: true, replicas: 2 });
  const proxy = edge();
  proxy.route({ to: [api.endpoint(), stable.endpoint()] });
  frontend.connectTo(api.endpoint());
  const made = both();
  expect(made.find('Service', 'api-replicas').spec).toMatchObject({ clusterIP: 'None', selector: { 'app.kubernetes.io/name': 'api' } });
  expect(made.find('Service', 'api').spec.clusterIP).toBeUndefined();
  expect(made.objects.filter(({ kind, metadata }) => kind === 'Service' && metadata.name.endsWith('-replicas'))).toHaveLength(1);
  const aliases = (name: string) => Object.values<any>(made.service(name).networks).flatMap(network => network?.aliases ?? []);
  expect([...new Set(aliases('api'))]).toEqual(['api-replicas']);
  expect(aliases('frontend')).toEqual([]);
  expect(made.find('ConfigMap', 'edge-configuration').data.content).toContain('server "api-replicas@{dnsSuffix}:3000" resolve');
  const files = TestOutput.of(shop, ComposeProject.target()).files;
  const [, text] = Object.entries(files).find(([path]) => path.endsWith('configs/edge-configuration'))!;
  expect(text).toContain('server "api-replicas@{dnsSuffix}:3000" resolve');
  expect(text).toContain('server "stable@{dnsSuffix}:3000" resolve');
  expect(text).toContain('resolver "127.0.0.11" valid=1s');
});

test('a route is an edge to each upstream, which nobody waits for', () => {
  const [api, next, login] = [service('api'), service('next'), service('login')];
  edge().route({ host: 'shop.example.com', path: '/api', to: [api.endpoint()], canary: { to: [next.endpoint()], percent: 5 }, forwardAuthentication: { to: login.endpoint() } });
  expect(shop.connections.filter(({ client }) => client.clientName === 'edge').map(({ endpoint, waits, flow }) => [endpoint.address, waits, flow.action, flow.channel])).toEqual([
    ['api-replicas:3000', false, 'forward', 'shop.example.com/api'],
    ['login-replicas:3000', false, 'authenticate', 'shop.example.com/api'],
    ['next-replicas:3000', false, 'forward', 'shop.example.com/api'],
  ]);
  const made = both();
  expect(Object.keys(made.service('edge').depends_on)).toEqual(['conduit-setup']);
  expect(made.pod('edge').initContainers).toBeUndefined();
  expect(made.find('NetworkPolicy', 'api').spec.ingress).toEqual([{ from: [{ podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/name': 'edge' }) } }], ports: [{ port: 3000, protocol: 'TCP' }] }]);
  expect(Object.keys(made.service('edge').networks)).toEqual(expect.arrayContaining(['api_edge', 'edge_login', 'edge_next']));
});

test('a proxy with TLS makes a certificate for its names, or takes one', () => {
  const own = edge({ tls: {}, hosts: ['shop.example.com'], publicHost: 'shop.example.com' });
  own.route({ to: [service('frontend').endpoint()] });
  expect(own.certificate!.chain.hosts).toEqual(['shop.example.com', 'edge', 'localhost']);
  expect(own.url).toBe('https://shop.example.com:8443');
  expect(own.endpoint().url).toBe('https://edge:8443');
  const certificate = new Certificate(shop, 'theirs', { hosts: ['shop.example.com'] });
  expect(new ReverseProxy(shop, 'second', { engine: new Nginx(), tls: { certificate }, httpPort: 9080, httpsPort: 9443 }).certificate).toBe(certificate);
  const { main } = own.workload;
  expect(main.secrets.map(({ name }) => name)).toEqual(['edge-tls-certificate', 'edge-tls-key']);
});

test('the order of calls changes nothing', () => {
  const render = (turned: boolean) => {
    shop = new Application('shop');
    const to = [service('api').endpoint()];
    const proxy = edge();
    const routes: RouteOptions[] = [{ to }, { path: '/a', to }, { path: '/a', match: PathMatch.EXACT, to }, { host: 'a.example.com', path: '/a', to }, { path: '/long', to }];
    for (const route of turned ? routes.reverse() : routes) proxy.route(route);
    return TestOutput.of(shop, KubernetesChart.target({ namespace: 'shop' })).files;
  };
  expect(render(true)).toEqual(render(false));
});

test('sources of a published proxy are held by the proxy, and by policies where there are any', () => {
  edge({ exposure: Exposure.sources(['192.0.2.0/24']) }).route({ to: [service('frontend').endpoint()] });
  const made = both();
  expect(made.find('NetworkPolicy', 'edge').spec.ingress).toContainEqual(expect.objectContaining({ from: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }));
  expect(made.service('edge').ports).toEqual([expect.objectContaining({ host_ip: '0.0.0.0', published: '80' })]);
  expect(made.find('ConfigMap', 'edge-configuration').data.content).toMatch(/geo \$conduit_source \{\n +default 0;\n +include \S+;\n +192\.0\.2\.0\/24 1;/);
  const { fidelity } = TestOutput.of(shop, ComposeProject.target());
  expect(fidelity.filter(({ level }) => level === FidelityLevel.REFUSED)).toEqual([]);
});

test('an engine that lacks what a route asks for is refused, and those are named that have it', () => {
  const proxy = edge();
  expect(wholeProgram(() => proxy.route({ path: '/api', to: [service('api').endpoint()], healthPath: '/health' }))).toThrow(
    /^shop\/edge: 'healthPath' of route '\/api' \(active health checks\) cannot be had on nginx: .*; .*leave out 'healthPath' of route '\/api'$/);
  const plain: IProxyEngine = { product: 'plain', support: () => ({ level: 'refused' as any, how: 'it can do nothing' }), run: (scope, props) => new Nginx().run(scope, props) };
  expect(wholeProgram(() => new ReverseProxy(shop, 'other', { engine: plain, compression: true }))).toThrow("'compression' (compression) cannot be had on plain: it can do nothing; use ");
  const asked: ProxyFeature[] = [];
  const noting = new Nginx();
  const second = new ReverseProxy(shop, 'second', { engine: { product: 'x', run: (scope, props) => noting.run(scope, props), support: feature => { asked.push(feature); return noting.support(feature); } }, httpPort: 9080, compression: true, balancer: new LoadBalancer(shop, 'entry'), responseHeaders: {}, tls: { redirect: true } });
  const to = [service('b').endpoint()];
  const [users, secure] = [{ a: new Secret(shop, 'a') }, service('c', { port: undefined, ports: [{ name: 'https', number: 3000 }] })];
  second.route({ path: '/1', to, balancing: Balancing.leastConnections(), stickyCookie: 'a', canary: { to: [service('d').endpoint()], percent: 1 }, retries: 1, rewrite: '/', cors: { origins: ['*'] } });
  second.route({ path: '/2', to, balancing: Balancing.byClientAddress(), rateLimit: { requestsPerSecond: 1 }, basicAuthentication: { users }, forwardAuthentication: { to: to[0] } });
  second.route({ path: '/3', to: [secure.endpoint()], caCertificates: new Secret(shop, 'ca') });
  second.route({ path: '/4', to: [...to, Endpoint.external('x.example', 80)], connectTimeout: Duration.seconds(1), maxBodySize: Size.mebibytes(1), sources: ['192.0.2.0/24'] });
  second.route({ path: '/5', redirect: { to: '/' } });
  const others = [ProxyFeature.ACTIVE_HEALTH_CHECKS, ProxyFeature.GRPC, ProxyFeature.CERTIFICATE_RELOAD];
  expect(Object.values(ProxyFeature).filter(feature => !asked.includes(feature))).toEqual(others);
  expect(second.requests.map(({ feature }) => feature)).toEqual(asked);
  expect(second.requests).toContainEqual({ property: "'sources' of route '/4'", feature: ProxyFeature.SOURCES });
});

describe('a message tells what is wrong', () => {
  const api = () => service('api').endpoint();
  const route = (options: RouteOptions | object) => () => edge().route({ to: [api()], ...options } as RouteOptions);
  const proxied = (props: object) => () => edge(props as ReverseProxyProps);
  const secure = () => service('secure', { port: undefined, ports: [{ name: 'https', number: 3000 }] }).endpoint();
  test.each<[string, () => unknown, string]>([
    ['no engine', proxied({ engine: undefined }), "'engine' must be an IProxyEngine, got nothing"],
    ['an engine that is none', proxied({ engine: {} }), "'engine' must be an IProxyEngine with 'product', 'run', 'support', got an object"],
    ['no hosts', proxied({ hosts: [] }), "'hosts' must be DNS names in lower case, got none"],
    ['a host in upper case', proxied({ hosts: ['Shop'] }), "'hosts' must be DNS names in lower case, got Shop"],
    ['a host with a directive', proxied({ hosts: ['a; return 200'] }), "'hosts' must be DNS names in lower case, got a; return 200"],
    ['a host twice', proxied({ hosts: ['a', 'a'] }), "'hosts' has a name twice: a, a; give it once"],
    ['an exposure that is none', proxied({ exposure: 'everyone' }), "'exposure' must be an Exposure, got 'everyone'"],
    ['a port', proxied({ httpPort: 0 }), "'httpPort' must be a whole number from 1 to 65535, got 0"],
    ['two equal ports', proxied({ httpPort: 80, httpsPort: 80, tls: {} }), "'httpPort' and 'httpsPort' are both 80; give one of them another number"],
    ['a port for TLS without it', proxied({ httpsPort: 443 }), "'httpsPort' is for clients with TLS; give 'tls', or leave it out"],
    ['a certificate that is none', proxied({ tls: { certificate: 'pem' } }), "'tls.certificate' must be a Certificate, got 'pem'"],
    ['half a second of HSTS', proxied({ tls: { hsts: Duration.millis(1500) } }), "'hsts' of 'tls' must be a Duration of whole seconds, got 1.5 s"],
    ['a name of a header', proxied({ responseHeaders: { 'X Y': 'z' } }), "a header's name must be letters, digits and hyphens, got 'X Y' in 'responseHeaders'"],
    ['a header of two lines', proxied({ responseHeaders: { X: 'a\r\nSet-Cookie: b' } }), "the value of 'X' in 'responseHeaders' must be one line of letters, digits and signs, got \"a\\r\\nSet-Cookie: b\""],
    ['a path without a slash', route({ path: 'api' }), "route 'api': 'path' must be '/', or '/' and names of letters, digits and . _ ~ @ : + , = ! - between slashes, without a final slash, got 'api'"],
    ['a path with a final slash', route({ path: '/api/' }), "without a final slash, got '/api/'"],
    ['a path with a directive', route({ path: '/a{return 200;}' }), "got '/a{return 200;}'"],
    ['a path with dots', route({ path: '/a/../b' }), "got '/a/../b'"],
    ['a path that is a number', route({ path: 5 }), "'path' must be a text, got 5"],
    ['a match', route({ match: 'regex' }), "'match' must be PathMatch.PREFIX or PathMatch.EXACT, got 'regex'"],
    ['a host of a route', route({ host: 'a b' }), "'host' must be a DNS name in lower case, got 'a b'"],
    ['a host that the proxy has not', () => edge({ hosts: ['a.example'] }).route({ host: 'b.example', to: [api()] }), "the proxy has no host 'b.example'; add it to 'hosts', which has a.example"],
    ['nowhere', route({ to: undefined }), "give either 'to' or 'redirect', got neither"],
    ['two ways', route({ redirect: { to: '/' } }), "give either 'to' or 'redirect', got both"],
    ['no upstream', route({ to: [] }), "'to' must have at least one endpoint, such as workload.endpoint()"],
    ['an upstream that is a workload', () => edge().route({ to: [service('api') as any] }), "'to[0]' must be an Endpoint, got a DiscoverableService"],
    ['an upstream twice', () => { const one = api(); edge().route({ to: [one, one] }); }, "'to' has an endpoint twice: api:3000, api:3000; give it once"],
    ['an upstream by UDP', route({ to: [Endpoint.external('a', 53, { protocol: Protocol.UDP })] }), "'to' must be endpoints by TCP that other workloads reach, got a:53 by UDP"],
    ['upstreams of two protocols', () => edge().route({ to: [api(), secure()], caCertificates: new Secret(shop, 'ca') }), 'all upstreams of a route must be spoken to in the same way, got http and https; give each its own route'],
    ['TLS without CA certificates', () => edge().route({ to: [secure()] }), "an upstream with TLS must prove who it is; give 'caCertificates'"],
    ['CA certificates without TLS', () => edge().route({ to: [api()], caCertificates: new Secret(shop, 'ca') }), "'caCertificates' is for upstreams with the scheme https or grpcs"],
    ['a canary of nobody', route({ canary: { to: [], percent: 5 } }), "'to of canary' must have at least one endpoint"],
    ['a canary of all', route({ canary: { to: [Endpoint.external('a', 80)], percent: 100 } }), "'percent' of 'canary' must be a whole number from 1 to 99, got 100"],
    ['a balancing', route({ balancing: 'random' }), "'balancing' must be a Balancing, got 'random'"],
    ['a cookie with a directive', route({ stickyCookie: 'a; b' }), "'stickyCookie' must be letters, digits and '_', got 'a; b'"],
    ['a cookie beside a hash', route({ stickyCookie: 'a', balancing: Balancing.byClientAddress() }), "'stickyCookie' and a 'balancing' by hash both say where a client goes; leave out one of them"],
    ['a header of a balancing', () => Balancing.byHeader('a b'), "balancing: a header's name must be letters, digits and hyphens, got 'a b'; give one such as X-User"],
    ['a cookie of a balancing', () => Balancing.byCookie('$a'), "balancing: a cookie's name must be letters, digits and '_', got '$a'; give one such as session"],
    ['a rewrite', route({ rewrite: '$1' }), "'rewrite' must be '/'"],
    ['a time', route({ responseTimeout: 5 }), "'responseTimeout' must be a Duration, got 5"],
    ['no time', route({ connectTimeout: Duration.seconds(0) }), "'connectTimeout' must be from a millisecond to a day"],
    ['a size', route({ maxBodySize: '1m' }), "'maxBodySize' must be a Size, got '1m'"],
    ['no size', route({ maxBodySize: Size.kibibytes(0) }), "'maxBodySize' must be whole KiB"],
    ['retries', route({ retries: -1 }), "'retries' must be a whole number from 0 to 10, got -1"],
    ['a source', route({ sources: ['10.0.0.1/8'] }), "'sources' must be ranges such as 192.0.2.0/24 or 2001:db8::/32, each beginning with its first address, got 10.0.0.1/8"],
    ['no sources', route({ sources: [] }), "'sources' must be ranges"],
    ['a redirect to another scheme', route({ to: undefined, redirect: { to: 'javascript:alert(1)' } }), "'to' of 'redirect' must be a path, or a URL with http or https, without blanks and quotes, got 'javascript:alert(1)'"],
    ['a redirect with a line break', route({ to: undefined, redirect: { to: '/a\r\nX: y' } }), "'to' of 'redirect' must be a path"],
    ['a redirect without a scheme', route({ to: undefined, redirect: { to: '//evil.example' } }), "'to' of 'redirect' must be a path"],
    ['a status', route({ to: undefined, redirect: { to: '/a', status: 200 } }), "'status' of 'redirect' must be one of 301, 302, 303, 307, 308, got 200"],
    ['a redirect with retries', route({ to: undefined, redirect: { to: '/a' }, retries: 1 }), "what is redirected goes to no upstream; leave out 'retries'"],
    ['a rate', route({ rateLimit: { requestsPerSecond: 0.5 } }), "'requestsPerSecond' of 'rateLimit' must be a whole number from 1 to 1000000, got 0.5"],
    ['a burst', route({ rateLimit: { requestsPerSecond: 1, burst: -1 } }), "'burst' of 'rateLimit' must be a whole number from 0 to 1000000, got -1"],
    ['no users', route({ basicAuthentication: { users: {} } }), "'users' of 'basicAuthentication' must have a user with a Secret"],
    ['a user with a colon', () => edge().route({ to: [api()], basicAuthentication: { users: { 'a:b': new Secret(shop, 's') } } }), "a user's name must be at most 64 letters, digits and . _ @ -, got 'a:b'"],
    ['a password as text', route({ basicAuthentication: { users: { alice: 'secret' } } }), "'basicAuthentication.users.alice' must be a Secret, got 'secret'"],
    ['a realm', () => edge().route({ to: [api()], basicAuthentication: { users: { a: new Secret(shop, 's') }, realm: 'a"b' } }), "'realm' must be at most 100 letters, digits and signs without quotes, got 'a\"b'"],
    ['nobody who decides', route({ forwardAuthentication: {} }), "'forwardAuthentication.to' must be an Endpoint, got nothing"],
    ['a header to copy', route({ forwardAuthentication: { to: Endpoint.external('a', 80), copyHeaders: ['$x'] } }), "'copyHeaders' must be names of headers, got $x"],
    ['an origin', route({ cors: { origins: ['shop.example.com'] } }), "'origins' of 'cors' must be origins such as https://shop.example.com, or '*' alone, got shop.example.com"],
    ['everyone with passwords', route({ cors: { origins: ['*'], credentials: true } }), "'credentials' of 'cors' would let every site act for whoever is logged in; name the origins"],
    ['a method', route({ cors: { origins: ['*'], methods: ['get'] } }), "'methods' of 'cors' must be methods in upper case, got get"],
    ['a workload of another application', () => edge().route({ to: [new Workload(new Application('other'), 'x', { image: 'a/b:1', ports: [{ name: 'http', number: 80 }] }).endpoint()] }), 'belongs to another application'],
    ['a route twice', () => { const proxy = edge(); const to = [api()]; proxy.route({ to }); proxy.route({ path: '/', to }); }, "route '/': there is one of that host, path and 'match' already; give all of it in one"],
    ['a proxy without routes', () => { edge(); both(); }, "shop/edge: has no routes, so it answers nothing; add one with 'route'"],
    ['a route after the first target', () => { const proxy = edge(); const to = [api()]; proxy.route({ to }); both(); proxy.route({ path: '/late', to }); }, 'the application was already handed to a target'],
  ])('of %s', (_, act, message) => {
    expect(wholeProgram(act)).toThrow(message);
  });

  test('of everything at once', () => {
    expect(wholeProgram(route({ path: 'x', match: PathMatch.EXACT, retries: 99, sources: ['z'] }))).toThrow(/'path' must be[^]*'sources' must be[^]*'retries' must be/);
  });
});
