import { Application, Endpoint, Protocol, Task, Workload } from 'cdk8s-conduit';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };

let shop: Application;
let web: Workload;
beforeEach(() => {
  shop = new Application('shop');
  web = new Workload(shop, 'web', { image: IMAGE });
});
const api = (ports = [HTTP] as Workload['ports'], props = {}) => new Workload(shop, 'api', { image: IMAGE, ports, ...props });

/** Addresses that the init container of a workload polls. */
const waitedFor = (both: Both, workload: string) => both.container(workload, 'conduit-wait')?.command.slice(4);

test('an edge tells the program where to connect, in the same words on both targets', () => {
  web.connectTo(api().endpoint());
  const env = { API_HOST: 'api', API_PORT: '8080', API_URL: 'http://api:8080' };
  expect(new Both(shop).env('web')).toEqual({ kubernetes: env, compose: env });
});

test('edges to several ports of one workload are told apart by the names of the ports', () => {
  const { main } = web;
  const server = api([HTTP, { name: 'amqp', number: 5672, scheme: 'amqp' }]);
  main.connectTo(server.endpoint('http'));
  main.connectTo(server.endpoint('amqp'));
  expect(Object.entries(main.env).map(([name, value]) => `${name}=${value.text}`)).toEqual([
    'API_AMQP_HOST=api', 'API_AMQP_PORT=5672', 'API_AMQP_URL=amqp://api:5672',
    'API_HTTP_HOST=api', 'API_HTTP_PORT=8080', 'API_HTTP_URL=http://api:8080',
  ]);
});

test('an edge may bring a prefix of its own', () => {
  web.connectTo(Endpoint.external('db.example', 5432, { scheme: 'postgres' }), { prefix: 'DB' });
  expect(Object.entries(web.main.env).map(([name, value]) => `${name}=${value.text}`)).toEqual([
    'DB_HOST=db.example', 'DB_PORT=5432', 'DB_URL=postgres://db.example:5432',
  ]);
});

test('what stands behind the port is a part of the URL alone', () => {
  web.connectTo(Endpoint.external('db.example', 5432, { scheme: 'postgres' }), { prefix: 'DB', urlPath: 'orders/2026' });
  expect(Object.entries(web.main.env).map(([name, { text }]) => `${name}=${text}`)).toEqual(['DB_HOST=db.example', 'DB_PORT=5432', 'DB_URL=postgres://db.example:5432/orders/2026']);
});

test.each(['', '/orders', 'orders/', 'a//b', 'a b', 'a?b', 'a@b', 'ä'])('what would mean something else behind the port is refused: %j', urlPath => {
  expect(wholeProgram(() => web.connectTo(Endpoint.external('db.example', 5432), { urlPath }))).toThrow(`'urlPath' must be letters, digits and . _ ~ - with single slashes between, got '${urlPath}'`);
});

test('a name outside becomes the prefix if none is given', () => {
  web.connectTo(Endpoint.external('db.example', 5432));
  expect(Object.keys(web.main.env)).toEqual(['DB_EXAMPLE_HOST', 'DB_EXAMPLE_PORT']);
});

test('a URL is told only where the port says a scheme, as programs give names such as REDIS_URL a meaning of their own', () => {
  web.connectTo(api([HTTP, { name: 'redis', number: 6379 }, { name: 'transport', number: 7000, scheme: 'tcp' }]).endpoint('redis'), { prefix: 'REDIS' });
  web.connectTo((shop.node.findChild('api') as Workload).endpoint('transport'), { prefix: 'PLAIN' });
  const env = { PLAIN_HOST: 'api', PLAIN_PORT: '7000', PLAIN_URL: 'tcp://api:7000', REDIS_HOST: 'api', REDIS_PORT: '6379' };
  expect(new Both(shop).env('web')).toEqual({ kubernetes: env, compose: env });
});

test('a program that wants other names gets these, and nothing else', () => {
  const server = api();
  web.connectTo(server.endpoint(), { variables: { ADDRESS: 'CART_ADDR', HOST: 'cart.host' } });
  new Workload(shop, 'silent', { image: IMAGE }).connectTo(server.endpoint(), { variables: {} });
  const both = new Both(shop);
  const env = { 'CART_ADDR': 'api:8080', 'cart.host': 'api' };
  expect(both.env('web')).toEqual({ kubernetes: env, compose: env });
  expect(both.env('silent')).toEqual({ kubernetes: {}, compose: {} });
  expect(waitedFor(both, 'silent')).toEqual(['api:8080']);
});

test('a URL without a scheme of its own is told if it is asked for', () => {
  web.connectTo(Endpoint.external('db.example', 5432), { variables: { URL: 'DB' } });
  expect(Object.entries(web.main.env).map(([name, { text }]) => `${name}=${text}`)).toEqual(['DB=tcp://db.example:5432']);
});

test('what an edge does not have cannot be named', () => {
  expect(wholeProgram(() => web.connectTo(api().endpoint(), { variables: { ADDR: 'CART_ADDR' } }))).toThrow("shop/web: 'variables' must name some of HOST, PORT, ADDRESS, URL, got 'ADDR'");
});

test('a client starts when the other side is healthy', () => {
  web.connectTo(api().endpoint());
  const both = new Both(shop);
  expect(waitedFor(both, 'web')).toEqual(['api:8080']);
  expect(both.service('web').depends_on).toEqual({ api: { condition: 'service_healthy' } });
});

test('a client that does not wait starts at once', () => {
  web.connectTo(api().endpoint(), { waits: false });
  const both = new Both(shop);
  expect(both.pod('web')).not.toHaveProperty('initContainers');
  expect(both.service('web')).not.toHaveProperty('depends_on');
});

test('nobody waits for a UDP port, or for an external endpoint', () => {
  web.connectTo(api([{ name: 'dns', number: 53, protocol: Protocol.UDP }]).endpoint());
  web.connectTo(Endpoint.external('db.example', 5432));
  const both = new Both(shop);
  expect(both.pod('web')).not.toHaveProperty('initContainers');
  expect(both.service('web')).not.toHaveProperty('depends_on');
});

test('each address is waited for once, in the order of the names', () => {
  const server = api([HTTP, { name: 'admin', number: 9090 }]);
  web.connectTo(server.endpoint('http'), { prefix: 'B' });
  web.connectTo(server.endpoint('http'), { prefix: 'A' });
  web.connectTo(server.endpoint('admin'));
  const both = new Both(shop);
  expect(waitedFor(both, 'web')).toEqual(['api:8080', 'api:9090']);
  expect(both.service('web').depends_on).toEqual({ api: { condition: 'service_healthy' } });
});

test('an init container connects for itself, and the whole workload waits', () => {
  web.addInitContainer('fetch', { image: IMAGE }).connectTo(api().endpoint());
  const both = new Both(shop);
  expect(both.containerNames('web')).toEqual({ init: ['conduit-wait', 'fetch'], running: ['web'] });
  expect(both.env('web', 'web_fetch', 'fetch').kubernetes).toHaveProperty('API_URL', 'http://api:8080');
  expect(both.env('web', 'web_fetch', 'fetch').compose).toHaveProperty('API_URL', 'http://api:8080');
  expect(both.service('web_fetch')).toMatchObject({ networks: { api_web: null }, depends_on: { api: { condition: 'service_healthy' } } });
  expect(both.service('web').depends_on).toEqual({ api: { condition: 'service_healthy' }, web_fetch: { condition: 'service_completed_successfully' } });
});

test('the containers of one workload reach each other on localhost, without any edge', () => {
  const pair = api();
  const proxy = pair.addSidecar('proxy', { image: IMAGE });
  const connection = proxy.connectTo(pair.endpoint());
  expect(connection).toMatchObject({ endpoint: { host: 'localhost', port: 8080 }, waits: false });
  const both = new Both(shop);
  const env = { API_HOST: 'localhost', API_PORT: '8080', API_URL: 'http://localhost:8080' };
  expect(both.env('api', 'api_proxy', 'proxy')).toEqual({ kubernetes: env, compose: env });
  expect(both.find('NetworkPolicy', 'api').spec).not.toHaveProperty('egress');
  expect(both.service('api').network_mode).toBe('none');
});

test('a local endpoint of a container is on localhost', () => {
  const server = api();
  const side = server.addSidecar('side', { image: IMAGE, ports: [{ name: 'metrics', number: 9090 }] });
  expect([server.main.localEndpoint().url, side.localEndpoint('metrics').url]).toEqual(['http://localhost:8080', 'tcp://localhost:9090']);
});

test('a member can be connected to by its own name', () => {
  web.connectTo(api([HTTP], { stable: true, replicas: 2 }).memberEndpoint(1), { prefix: 'FIRST' });
  const both = new Both(shop);
  const env = { FIRST_HOST: 'api-1.api', FIRST_PORT: '8080', FIRST_URL: 'http://api-1.api:8080' };
  expect(both.env('web')).toEqual({ kubernetes: env, compose: env });
  expect(waitedFor(both, 'web')).toEqual(['api-1:8080', 'api-1.api:8080']);
  expect(both.service('web').depends_on).toEqual({ 'api-0': { condition: 'service_healthy' }, 'api-1': { condition: 'service_healthy' } });
});

test('a client waits for every container of the other side that is checked', () => {
  const server = api();
  server.addSidecar('proxy', { image: IMAGE, ports: [{ name: 'tls', number: 8443 }] });
  server.addCompanion('reporter', { image: IMAGE });
  web.connectTo(server.endpoint('http'));
  expect(new Both(shop).service('web').depends_on).toEqual({
    api_main: { condition: 'service_healthy' }, api_proxy: { condition: 'service_healthy' }, api_reporter: { condition: 'service_started' },
  });
});

test('a task connects like a workload', () => {
  new Task(shop, 'migrate', { image: IMAGE }).connectTo(api().endpoint());
  const both = new Both(shop);
  expect(waitedFor(both, 'migrate')).toEqual(['api:8080']);
  expect(both.service('migrate')).toMatchObject({ networks: { api_migrate: null }, depends_on: { api: { condition: 'service_healthy' } } });
});

test('an edge says what flows: a bare connection, if nothing was said', () => {
  const server = api();
  expect(web.connectTo(server.endpoint()).flow).toEqual({ action: 'connect' });
  expect(web.connectTo(server.endpoint(), { prefix: 'AGAIN', flow: { action: 'use', channel: 'prices' } }).flow).toEqual({ action: 'use', channel: 'prices' });
});

test('the application has all edges in one order, and tells those that lead to a workload', () => {
  const edges = (order: string[]) => {
    const application = new Application('shop');
    const [a, b, c] = ['a', 'b', 'c'].map(id => new Workload(application, id, { image: IMAGE, ports: [HTTP] }));
    const make: Record<string, () => unknown> = {
      ab: () => a.connectTo(b.endpoint()),
      cb: () => c.addSidecar('helper', { image: IMAGE }).connectTo(b.endpoint()),
      out: () => a.connectTo(Endpoint.external('db.example', 5432)),
      local: () => a.main.connectTo(a.endpoint()), // never leaves the workload
    };
    for (const each of order) make[each]();
    const told = (connections: typeof application.connections) => connections.map(({ client, endpoint }) => `${client.clientName} ${endpoint.address}`);
    return { all: told(application.connections), toB: told(application.connectionsTo(b)), toA: application.connectionsTo(a) };
  };
  const expected = { all: ['a b:8080', 'a db.example:5432', 'c-helper b:8080'], toB: ['a b:8080', 'c-helper b:8080'], toA: [] };
  expect(edges(['ab', 'cb', 'out', 'local'])).toEqual(expected);
  expect(edges(['local', 'out', 'cb', 'ab'])).toEqual(expected);
});

test('who waits for whom is told to whoever asks, tasks included', () => {
  const task = new Task(shop, 'migrate', { image: IMAGE, completionCheck: ['true'] });
  web.connectTo(api().endpoint());
  web.connectTo(Endpoint.external('db.example', 5432));
  web.waitFor(task);
  expect(web.startsAfter.map(({ name }) => name)).toEqual(['api', 'migrate']);
  expect(task.startsAfter).toEqual([]);
});
