// Clients outside the application: what they connect to is published to them, and they are told where it is.
import { Application, Endpoint, EnvValue, Exposure, ExternalClient, Task, Workload } from 'cdk8s-conduit';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
let api: Workload;
beforeEach(() => {
  shop = new Application('shop');
  api = new Workload(shop, 'api', { image: IMAGE, ports: [{ name: 'http', number: 8080 }] });
});
const told = ({ env }: ExternalClient) => Object.entries(env).map(([name, value]) => `${name}=${value.text}`);
const office = () => new ExternalClient('office', Exposure.sources(['192.0.2.0/24']));

test('an edge of theirs publishes the port to them, and says what flows', () => {
  const client = office();
  api.publish({ publicHost: 'api.example.com', publicPort: 443 });
  const connection = client.connectTo(api.endpoint(), { flow: { action: 'send', channel: 'orders' } });
  expect(told(client)).toEqual(['API_HOST=api.example.com', 'API_PORT=443', 'API_URL=http://api.example.com:443']);
  expect(api.publishedPorts[0].exposures.map(({ description }) => description)).toEqual(['192.0.2.0/24', 'this machine']);
  expect(connection).toMatchObject({ client, waits: false, flow: { action: 'send', channel: 'orders' } });
  expect(shop.connectionsTo(api).map(each => `${each.client.clientName} --${each.flow.action}`)).toEqual(['office --send', 'this machine --connect']);
  expect(client.clientWorkload).toBeUndefined();
});

test('without a name of the host they cannot be told where to connect', () => {
  expect(() => office().connectTo(api.endpoint()))
    .toThrow("shop/api: nobody said under which name clients know the host of port 'http'; set 'publicHost' where it is published");
});

test('they hold values as a program does, and are not held back', () => {
  const client = office();
  client.setEnv('USER', EnvValue.literal('a'));
  client.setEnv('USER', EnvValue.literal('a'));
  expect(() => client.setEnv('USER', EnvValue.literal('b'))).toThrow("client 'office': variable USER is set twice, to 'a' and 'b'; give one of the grants another 'prefix'");
  client.waitFor(new Task(shop, 'migrate', { image: IMAGE }));
  expect(told(client)).toEqual(['USER=a']);
});

test.each<[string, (client: ExternalClient) => unknown, string]>([
  ['something outside, too', client => client.connectTo(Endpoint.external('db.example', 5432)), "client 'office': only a workload's own endpoint can be published, got db.example:5432"],
  ['one member', client => client.connectTo(new Workload(shop, 'db', { image: IMAGE, stable: true, ports: [{ name: 'sql', number: 5432 }] }).memberEndpoint(0)),
    "client 'office': only a workload's own endpoint can be published, got db-0.db:5432"],
  ['an edge that waits', client => client.connectTo(api.endpoint(), { waits: true }), "client 'office': nobody outside can be made to wait; leave out 'waits: true'"],
])('they cannot have %s', (_, connect, message) => {
  expect(() => connect(office())).toThrow(message);
});
