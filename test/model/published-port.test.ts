// Who may come to a port, and under which address clients know it.
import { Application, DiscoverableService, EnvValue, Exposure, LoadBalancer, PublishOptions, SidecarPair, Workload } from 'cdk8s-conduit';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const web = (...ports: Workload['ports']) => new Workload(shop, 'web', { image: IMAGE, ports: ports.length > 0 ? ports : [HTTP] });

test('a published port is open to this machine, unless more is said', () => {
  const published = web().publish();
  expect(published.url).toBe('http://localhost:8080');
  expect(published.exposures.map(({ kind, hostAddresses, sourceRanges }) => ({ kind, hostAddresses, sourceRanges }))).toEqual([{ kind: 'this-machine', hostAddresses: ['127.0.0.1'], sourceRanges: [] }]);
});

test.each<[string, Exposure, object]>([
  ['this machine by IPv6, too', Exposure.thisMachine({ ipv6: true }), { hostAddresses: ['127.0.0.1', '::1'], sourceRanges: [], description: 'this machine' }],
  ['one address of the host', Exposure.hostAddress('192.0.2.7'), { hostAddresses: ['192.0.2.7'], sourceRanges: [], description: 'whoever reaches 192.0.2.7' }],
  ['ranges, once each and in order', Exposure.sources(['203.0.113.0/24', '192.0.2.0/24', '203.0.113.0/24']),
    { hostAddresses: ['0.0.0.0'], sourceRanges: ['192.0.2.0/24', '203.0.113.0/24'], description: '192.0.2.0/24, 203.0.113.0/24' }],
  ['ranges of IPv6', Exposure.sources(['2001:DB8::/32']), { hostAddresses: ['::'], sourceRanges: ['2001:db8::/32'] }],
  ['ranges of both families', Exposure.sources(['2001:db8::/32', '192.0.2.0/24']), { hostAddresses: ['0.0.0.0', '::'] }],
  ['everyone', Exposure.everyoneOnTheInternet(), { hostAddresses: ['0.0.0.0'], sourceRanges: ['0.0.0.0/0'], description: 'everyone on the internet' }],
  ['everyone by IPv6, too', Exposure.everyoneOnTheInternet({ ipv6: true }), { hostAddresses: ['0.0.0.0', '::'], sourceRanges: ['0.0.0.0/0', '::/0'] }],
])('exposed to %s', (_, exposure, expected) => {
  const { kind, hostAddresses, sourceRanges, description } = exposure;
  expect({ kind, hostAddresses, sourceRanges, description }).toMatchObject(expected);
});

test('the program is told the address that its clients know, in the same words on both targets', () => {
  web().publish({ hostPort: 80, publicHost: 'shop.example.com', publicPort: 443 });
  const env = { PUBLIC_HOST: 'shop.example.com', PUBLIC_PORT: '443', PUBLIC_URL: 'http://shop.example.com:443' };
  expect(new Both(shop).env('web')).toEqual({ kubernetes: env, compose: env });
});

test('of several ports each has variables of its own, or those that were asked for', () => {
  const workload = web(HTTP, { name: 'admin', number: 9090, scheme: 'https' });
  workload.publish({ portName: 'http' });
  workload.publish({ portName: 'admin', hostPort: 9443, prefix: 'CONSOLE' });
  expect(workload.main.env.PUBLIC_HTTP_URL.text).toBe('http://localhost:8080');
  expect(workload.main.env.CONSOLE_URL.text).toBe('https://localhost:9443');
  expect(workload.publishedPorts.map(({ endpoint, hostPort }) => `${endpoint.portName} ${hostPort}`)).toEqual(['admin 9443', 'http 8080']);
});

test('an address of the host is the one that clients know, IPv6 in brackets', () => {
  expect(web().publish({ exposure: Exposure.hostAddress('2001:db8::7') }).url).toBe('http://[2001:db8::7]:8080');
});

test('where nobody knows the address, there is none to tell', () => {
  const workload = web();
  const published = workload.publish({ exposure: Exposure.everyoneOnTheInternet() });
  expect(workload.main.env).toEqual({});
  expect(wholeProgram(() => published.url)).toThrow("shop/web: nobody said under which name clients know the host of port 'http'; give 'publicHost' where the server is made, or where the port is published");
});

test('another program can be told the public address', () => {
  const published = new DiscoverableService(shop, 'api', { image: IMAGE, port: 8080 }).publish();
  const workload = web();
  workload.main.setEnv('API_FOR_BROWSERS', EnvValue.endpoint(published.publicEndpoint));
  expect(new Both(shop).env('web').compose).toEqual({ API_FOR_BROWSERS: 'http://localhost:8080' });
});

test('of a pair, whoever listens is told', () => {
  const pair = new SidecarPair(shop, 'web', { main: { image: IMAGE }, sidecar: { image: IMAGE, ports: [{ name: 'proxy', number: 8081, scheme: 'http' }] } });
  pair.publish();
  expect([pair.main.env, pair.sidecar.env.PUBLIC_URL.text]).toEqual([{}, 'http://localhost:8081']);
});

test('a port may be published to several, under one address', () => {
  const workload = web();
  const published = workload.publish({ publicHost: 'shop.example.com' });
  expect(workload.publish({ exposure: Exposure.sources(['192.0.2.0/24']) })).toBe(published);
  workload.publish({ publicHost: 'shop.example.com' });
  expect(published.exposures.map(({ description }) => description)).toEqual(['192.0.2.0/24', 'this machine']);
});

describe('to each member of a stable workload', () => {
  const store = (replicas = 3) => new Workload(shop, 'store', { image: IMAGE, ports: [HTTP, { name: 'admin', number: 9090 }], replicas, stable: true });
  const entrances = (workload: Workload) => workload.publishedPorts.flatMap(port => port.entrances)
    .map(({ endpoint, member, hostPort, publicEndpoint }) => `${member} ${hostPort} to ${endpoint.address}, ${publicEndpoint?.url}`);

  test('there is a way in of its own, at the numbers that follow', () => {
    const workload = store();
    workload.publish({ portName: 'http', eachMember: true, hostPort: 7000, publicHost: 'store.example.com', publicPort: 443 });
    expect(entrances(workload)).toEqual([
      'store-0 7000 to store-0.store:8080, http://store.example.com:443',
      'store-1 7001 to store-1.store:8080, http://store.example.com:444',
      'store-2 7002 to store-2.store:8080, http://store.example.com:445',
    ]);
    expect(workload.main.env.PUBLIC_HTTP_URL.text).toBe('http://store.example.com:443');
  });

  test('clients know the host under the name of the member, if each has one', () => {
    const workload = store(2);
    workload.announce({ portName: 'http', eachMember: true, publicHosts: ['b.example.com', 'a.example.com'] });
    workload.publish({ portName: 'http', exposure: Exposure.everyoneOnTheInternet(), publicHosts: ['b.example.com', 'a.example.com'] });
    expect(entrances(workload)).toEqual(['store-0 8080 to store-0.store:8080, http://b.example.com:8080', 'store-1 8081 to store-1.store:8080, http://a.example.com:8081']);
    expect(workload.publishedPorts[0].publicHosts).toEqual(['a.example.com', 'b.example.com']);
  });

  test('a port of all replicas has one way in', () => {
    const workload = store();
    workload.publish({ portName: 'http' });
    expect(entrances(workload)).toEqual(['undefined 8080 to store:8080, http://localhost:8080']);
  });

  test.each<[string, PublishOptions, string]>([
    ['without members', { portName: 'http', eachMember: true }, "shop/web: only a stable workload has members that clients choose among; leave out 'eachMember', or set 'stable: true'"],
    ['with names, but not for each', { eachMember: true, publicHosts: ['a.example.com'] }, "'publicHosts' must have a name for each of 3 member(s), got 1"],
    ['with names for what is one', { publicHosts: ['a.example.com', 'b.example.com', 'c.example.com'] }, "'publicHosts' are those of members that clients choose among; set 'eachMember: true', or use 'publicHost'"],
    ['with two kinds of names', { eachMember: true, publicHost: 'a.example.com', publicHosts: ['a.example.com', 'b.example.com', 'c.example.com'] }, "'publicHost' and 'publicHosts' both say"],
    ['with a name that is none', { eachMember: true, publicHosts: ['a.example.com', 'b', 'C'] }, "'publicHosts' must be a DNS name in lower case, or an IPv4 or IPv6 address in its shortest form, got 'C'"],
    ['beyond the last port', { eachMember: true, hostPort: 65534 }, "'hostPort' must be a whole number from 1 to 65533, got 65534"],
    ['beyond the last port of clients', { eachMember: true, publicPort: 65535 }, "'publicPort' must be a whole number from 1 to 65533, got 65535"],
  ])('%s is refused', (_, options, message) => {
    const workload = options.portName ? web() : store();
    expect(wholeProgram(() => workload.publish({ portName: 'http', ...options }))).toThrow(message);
  });

  test('a balancer, which chooses by itself, is refused', () => {
    const balancer = new LoadBalancer(shop, 'entry');
    expect(wholeProgram(() => store().publish({ portName: 'http', eachMember: true, balancer }))).toThrow("a load balancer chooses by itself, and clients do with 'eachMember'; leave out one of them");
  });

  test('a number that another port of the workload has is refused', () => {
    const workload = store();
    workload.publish({ portName: 'http', eachMember: true, hostPort: 9088 });
    expect(wholeProgram(() => workload.publish({ portName: 'admin' }))).toThrow("shop/store: ports 'http' and 'admin' are both published as TCP port 9090; give one of them another 'hostPort'");
  });

  test('what was said otherwise before is refused', () => {
    const workload = store();
    workload.publish({ portName: 'http' });
    expect(wholeProgram(() => workload.publish({ portName: 'http', eachMember: true }))).toThrow("port 'http' was published without 'eachMember' before; say it where it is published first");
  });
});
