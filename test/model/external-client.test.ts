// Clients outside the application: what they connect to is published to them, and they are told where it is.
import { Application, Endpoint, EnvValue, Exposure, ExternalClient, ExternalClientProps, PlatformValue, Secret, Task, Workload } from 'cdk8s-conduit';
import { Construct } from 'constructs';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
let api: Workload;
beforeEach(() => {
  shop = new Application('shop');
  api = new Workload(shop, 'api', { image: IMAGE, ports: [{ name: 'http', number: 8080 }] });
});
const told = ({ env }: ExternalClient) => Object.entries(env).map(([name, value]) => `${name}=${value.text}`);
const office = () => new ExternalClient(shop, 'office', { sources: ['192.0.2.0/24'] });

test('an edge of theirs publishes the port to them, and says what flows', () => {
  const client = office();
  api.announce({ publicHost: 'api.example.com', publicPort: 443 });
  const connection = client.connectTo(api.endpoint(), { flow: { action: 'send', channel: 'orders' } });
  expect(told(client)).toEqual(['API_HOST=api.example.com', 'API_PORT=443', 'API_URL=http://api.example.com:443']);
  expect(api.publishedPorts[0].exposures.map(({ description }) => description)).toEqual(['192.0.2.0/24']);
  expect(connection).toMatchObject({ client: client.toClient(), waits: false, flow: { action: 'send', channel: 'orders' } });
  expect(shop.connectionsTo(api).map(each => `${each.client.clientName} --${each.flow.action}`)).toEqual(['office --send']);
  expect(client.toClient()).toMatchObject({ clientWorkload: undefined, clientName: 'office', exposure: { sourceRanges: ['192.0.2.0/24'] } });
});

test('an address that is announced lets nobody in', () => {
  api.announce({ publicHost: 'api.example.com' });
  api.announce({});
  expect(api.publishedPorts).toEqual([]);
  expect(api.publish({ exposure: Exposure.everyoneOnTheInternet() }).url).toBe('http://api.example.com:8080');
});

test('each is told the name that leads there from where it is', () => {
  const [laptop, desk] = [new ExternalClient(shop, 'laptop'), new ExternalClient(shop, 'desk', { exposure: Exposure.hostAddress('192.0.2.7') })];
  for (const client of [laptop, desk]) client.connectTo(api.endpoint());
  expect([laptop, desk].map(({ env }) => env.API_HOST.text)).toEqual(['localhost', '192.0.2.7']);
  expect(api.publishedPorts[0].publicHosts).toEqual(['192.0.2.7', 'localhost']);
});

test('without a name of the host they cannot be told where to connect', () => {
  expect(wholeProgram(() => office().connectTo(api.endpoint())))
    .toThrow("shop/api: nobody said under which name clients know the host of port 'http'; give 'publicHost' where the server is made, or where the port is published");
});

test('they hold values as a program does, but no files, and are not held back', () => {
  const client = office().toClient();
  client.setEnv('USER', EnvValue.literal('a'));
  client.setEnv('USER', EnvValue.literal('a'));
  client.setEnv('KEY_FILE', EnvValue.secretFile(new Secret(shop, 'key')));
  client.waitFor(new Task(shop, 'migrate', { image: IMAGE }));
  expect(Object.keys(shop.externalClients[0].env)).toEqual(['KEY', 'USER']);
});

test('they are called as they stand in the application, which has them in the order of their names', () => {
  new ExternalClient(new Construct(shop, 'Lab'), 'Bench');
  new ExternalClient(shop, 'desk');
  expect(shop.externalClients.map(({ name }) => name)).toEqual(['desk', 'lab-bench']);
});

test.each<[string, (client: ExternalClient) => unknown, string]>([
  ['an external endpoint, too', client => client.connectTo(Endpoint.external('db.example', 5432)), "shop/office: only a workload's own endpoint can be published, got db.example:5432"],
  ['one member', client => client.connectTo(new Workload(shop, 'db', { image: IMAGE, stable: true, ports: [{ name: 'sql', number: 5432 }] }).memberEndpoint(0)),
    "shop/office: only a workload's own endpoint can be published, got db-0.db:5432"],
  ['an edge that waits', client => { api.announce({ publicHost: 'a.example' }); client.connectTo(api.endpoint(), { waits: true }); }, "shop/office: nobody outside can be made to wait; leave out 'waits: true'"],
  ['a workload of another application', client => client.connectTo(new Workload(new Application('blog'), 'site', { image: IMAGE, ports: [{ name: 'http', number: 80 }] }).endpoint()),
    "blog/site: 'shop/office' belongs to another application; define one in 'blog'"],
  ['a malformed variable', client => client.toClient().setEnv('A B', EnvValue.literal('x')), "shop/office: a variable's name must be letters, digits, '_', '.' and '-', beginning with a letter or '_', got 'A B'"],
  ['what only a target knows', client => client.toClient().setEnv('SUFFIX', EnvValue.platform(PlatformValue.DNS_SUFFIX)),
    "shop/office: variable SUFFIX cannot be the target's dns-suffix, which means nothing outside; give it a text"],
  ['two values of one name', client => ['a', 'b'].forEach(text => client.toClient().setEnv('USER', EnvValue.literal(text))),
    "shop/office: variable USER is set twice, to 'a' and 'b'; give one of the grants another 'prefix'"],
  ['a file and a value of one name', client => {
    client.toClient().setEnv('KEY', EnvValue.literal('a'));
    client.toClient().setEnv('KEY_FILE', EnvValue.secretFile(new Secret(shop, 'key')));
  }, "shop/office: variable KEY is set twice, to 'a' and '/run/secrets/key'; give one of the grants another 'prefix'"],
  ['the name of another', () => new ExternalClient(shop, 'Office'), "shop/Office: 'shop/office' is called 'office', too; choose another id"],
])('they cannot have %s', (_, connect, message) => {
  expect(wholeProgram(() => connect(office()))).toThrow(new Error(message));
});

test.each<[string, ExternalClientProps, string]>([
  ['no range', { sources: [] }, "shop/desk: 'sources' must have at least one range"],
  ['a range that is none', { sources: ['192.0.2.1/24'] }, "shop/desk: 'sources' must be ranges such as 192.0.2.0/24 or 2001:db8::/32, each beginning with its first address, got '192.0.2.1/24'"],
  ['everyone as a range', { sources: ['0.0.0.0/0'] }, "shop/desk: '0.0.0.0/0' is everyone; say so with Exposure.everyoneOnTheInternet()"],
  ['two places', { sources: ['192.0.2.0/24'], exposure: Exposure.thisMachine() }, "shop/desk: 'sources' and 'exposure' both say from where clients come; leave out one of them"],
])('they cannot come from %s', (_, props, message) => {
  expect(wholeProgram(() => new ExternalClient(shop, 'desk', props))).toThrow(new Error(message));
});

test.each(['', '9lives', '-', 'x'.repeat(64), 'ä'])('they cannot be called %j', id => {
  expect(wholeProgram(() => new ExternalClient(shop, id))).toThrow();
});

test.each<[string, () => unknown, string]>([
  ['a host that is none', () => api.announce({ publicHost: 'API.example.com' }), "shop/api: 'publicHost' must be a DNS name in lower case, or an IPv4 or IPv6 address in its shortest form, got 'API.example.com'"],
  ['a port that is none', () => api.announce({ publicPort: 0 }), "shop/api: 'publicPort' must be a whole number from 1 to 65535, got 0"],
  ['a port of the host that is none', () => api.announce({ hostPort: 70_000 }), "shop/api: 'hostPort' must be a whole number from 1 to 65535, got 70000"],
  ['a port that there is not', () => api.announce({ portName: 'grpc', publicPort: 1 }), "shop/api: has no port 'grpc'; it has 'http'"],
  ['another address', () => { for (const publicHost of ['a.example', 'b.example']) api.announce({ publicHost }); },
    "shop/api: port 'http' was published with 'publicHost' a.example before, got b.example; say it where it is published first"],
])('no %s can be announced', (_, announce, message) => {
  expect(wholeProgram(announce)).toThrow(new Error(message));
});
