// Who may come to a port, and under which address clients know it.
import { Application, DiscoverableService, EnvValue, Exposure, SidecarPair, Workload } from 'cdk8s-conduit';
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
