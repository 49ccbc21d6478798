// Random tables of routes, with hostile text wherever text is taken: it is refused with a clear message, or an engine takes what is written for it.
import { Application, Balancing, DiscoverableService, Endpoint, Exposure, HaProxy, IProxyEngine, LoadBalancer, Nginx, PathMatch, ReverseProxy, ReverseProxyProps, RouteOptions, Secret } from 'cdk8s-conduit';
import { Size } from 'cdk8s';
import * as fc from 'fast-check';
import { makeCertificate } from '../../src/cli/certificates';
import { judgeTest } from '../judges/judges';
import { haproxy, nginx } from '../judges/proxies';
import { problemsOf } from '../whole-program';

const HOSTILE = fc.oneof(
  fc.constantFrom('a"; return 200 "b', "it's", '\\', '\\"', '${x}', '$host', '$', '{', '}', ';', '#', ' ', 'a b', '\r\nX: y', '\n', '\0', '\t', '@{conduit.dnsResolver}', '@{other}', '..', '/../', '//', '%2e', 'é', '', '~', '^', '*', '(?s).*', '[::1]', '-', "<script>alert('x')</script>"),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
/** Mostly what is meant to be there, and now and then anything. */
const mostly = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<T> => fc.oneof({ arbitrary: good, weight: 12 }, { arbitrary: HOSTILE as fc.Arbitrary<any>, weight: 1 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);
const printable = fc.string({ unit: fc.integer({ min: 32, max: 126 }).map(code => String.fromCharCode(code)), minLength: 1, maxLength: 20 });
const path = fc.array(fc.stringMatching(/^[A-Za-z0-9_~@:+,=!-]{1,6}$/), { maxLength: 3 }).map(parts => `/${parts.join('/')}`);
const sources = fc.uniqueArray(mostly(fc.constantFrom('192.0.2.0/24', '10.0.0.0/8', '2001:db8::/32', '127.0.0.1/32')), { minLength: 1, maxLength: 3 });

const balancing = fc.constantFrom(Balancing.roundRobin(), Balancing.leastConnections(), Balancing.byClientAddress(), Balancing.byHeader('X-User'), Balancing.byCookie('session'));
const routeTable = fc.array(fc.record({
  host: maybe(mostly(fc.constantFrom('shop.example.com', 'api.example.com'))),
  path: mostly(path),
  match: maybe(fc.constantFrom(PathMatch.EXACT, PathMatch.PREFIX)),
  upstream: fc.constantFrom('plain', 'several', 'secure', 'grpc', 'outside', 'redirect'),
  redirect: mostly(fc.oneof(path, printable.map(text => `/${text}`), fc.constant('https://example.com/$host'))),
  canary: maybe(fc.integer({ min: 1, max: 99 })),
  balancing: maybe(mostly(balancing)),
  stickyCookie: maybe(mostly(word)),
  rewrite: maybe(mostly(path)),
  retries: maybe(fc.integer({ min: 0, max: 5 })),
  kibibytes: maybe(fc.integer({ min: 1, max: 100_000 })),
  sources: maybe(sources),
  rateLimit: maybe(fc.record({ requestsPerSecond: fc.integer({ min: 1, max: 1000 }), burst: maybe(fc.nat(1000)) })),
  user: maybe(mostly(word)),
  realm: maybe(mostly(printable)),
  copyHeaders: maybe(fc.array(mostly(fc.constantFrom('X-User', 'X-Role')), { maxLength: 2 })),
  origin: maybe(mostly(fc.constantFrom('https://shop.example.com', 'http://localhost:8080', '*'))),
}), { minLength: 1, maxLength: 12 });
const proxyOptions = fc.record({
  hosts: maybe(fc.constant<string[]>(['shop.example.com', 'api.example.com'])),
  tls: maybe(fc.record({ redirect: maybe(fc.boolean()) })),
  sources: maybe(sources),
  responseHeaders: maybe(fc.dictionary(mostly(fc.stringMatching(/^X-[A-Za-z]{1,8}$/)), mostly(printable), { maxKeys: 3 })),
  compression: fc.boolean(),
  balanced: fc.boolean(),
});
type Values<T> = T extends fc.Arbitrary<infer V> ? V : never;
type Route = Values<typeof routeTable>[number];

const PEM = makeCertificate('edge', ['edge']);

/** What is said of what is refused, or nothing. */
function refusalOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function optionsOf(route: Route, index: number, shop: Application): RouteOptions {
  const service = (id: string, scheme = 'http') =>
    new DiscoverableService(shop, `${id}-${index}`, { image: 'a/b:1', ports: [{ name: 'main', number: 3000, scheme }] }).endpoint();
  const { upstream, kibibytes, user, realm, copyHeaders, origin, canary, redirect, balancing: spread, ...others } = route;
  const redirected = upstream === 'redirect';
  const secure = upstream === 'secure';
  const to = upstream === 'several' ? [service('a'), service('b')] : upstream === 'outside' ? [Endpoint.external('example.com', 80)] : [service('a', secure ? 'https' : upstream === 'grpc' ? 'grpc' : 'http')];
  const { stickyCookie, rewrite, retries, ...access } = others;
  return {
    ...access,
    ...(redirected ? { redirect: { to: redirect } } : {
      to,
      stickyCookie: spread === undefined ? stickyCookie : undefined,
      rewrite,
      retries,
      balancing: spread,
      canary: canary === undefined || secure || upstream === 'grpc' ? undefined : { to: [service('next')], percent: canary },
      maxBodySize: kibibytes === undefined ? undefined : Size.kibibytes(kibibytes),
      caCertificates: secure ? new Secret(shop, `ca-${index}`) : undefined,
    }),
    basicAuthentication: user === undefined ? undefined : { users: { [user]: new Secret(shop, `password-${index}`) }, realm },
    forwardAuthentication: copyHeaders && { to: service('login'), copyHeaders },
    cors: origin === undefined ? undefined : { origins: [origin] },
  };
}

/** Each engine, and what it says of its files: the configuration, the lists of users, and secrets by their paths. */
const ENGINES: [string, () => IProxyEngine, (configuration: string, users: string, secrets: Record<string, string>) => string[]][] = [
  ['nginx', () => new Nginx(), (configuration, _, secrets) =>
    nginx({ '/etc/nginx.conf': configuration.replace('/dev/stdout', '/tmp/access.log'), '/tmp/gateways.conf': '', '/tmp/proxies.conf': 'set_real_ip_from 192.0.2.14;\n', ...secrets })],
  ['HAProxy', () => new HaProxy(), (configuration, users, secrets) =>
    haproxy({ '/etc/haproxy.cfg': `${configuration}\n${users}`, '/tmp/gateways': '', '/tmp/proxies': '192.0.2.14\n', '/tmp/certificate.pem': `${PEM['tls.crt']}${PEM['tls.key']}`, ...secrets })],
];

for (const [name, engine, judge] of ENGINES) {
  judgeTest(`${name} takes what is written for any table of routes, and hostile text is refused or harmless`, 'proxies', () => {
    let [taken, refused] = [0, 0];
    fc.assert(fc.property(proxyOptions, routeTable, (options, routes) => {
      const shop = new Application('shop');
      const { hosts, tls, responseHeaders, compression, balanced } = options;
      let props: ReverseProxyProps = { engine: engine(), hosts, tls, responseHeaders, compression };
      const refusals: (string | undefined)[] = [];
      if (options.sources) refusals.push(refusalOf(() => { props = { ...props, exposure: Exposure.sources(options.sources!) }; }));
      const { exposure, ...others } = props;
      if (balanced) props = { ...others, balancer: new LoadBalancer(shop, 'entry', { exposure }) };
      const proxy = new ReverseProxy(shop, 'edge', props);
      routes.forEach((route, index) => refusals.push(refusalOf(() => proxy.route(optionsOf(route, index, shop)))));
      const [configuration, users] = [/(nginx\.conf|haproxy\.cfg)$/, /users(\.cfg)?$/].map(ending =>
        proxy.workload.main.configFiles.find(({ path: at }) => ending.test(at))!
          .render({ dnsResolver: '127.0.0.1', dnsSuffix: '' }).replaceAll('/run/conduit/', '/tmp/'));
      const secrets = Object.fromEntries(proxy.workload.main.secrets.map(secret => [secret.path, PEM[secret.key] ?? PEM['ca.crt']]));
      expect(judge(configuration, users, secrets)).toEqual([]);
      taken += proxy.configuration.routes.length;
      const messages = [...refusals, ...problemsOf(shop)].filter(message => message !== undefined);
      refused += messages.length;
      expect(messages.filter(message => !/^(shop\/edge|exposure): /.test(message))).toEqual([]);
    }), { numRuns: Number(process.env.FC_RUNS ?? 100), seed: Number(process.env.FC_SEED ?? 1) });
    expect(taken).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });
}
