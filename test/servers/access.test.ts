// Access to a server that is no broker: a store with one user for each grant.
import { Access, AccessOptions, Application, IClient, IServer, Secret, ServerBinding, Task, Workload } from 'cdk8s-conduit';
import { Construct } from 'constructs';
import { Both } from '../targets/both';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
let store: IServer;
let place: Construct;
beforeEach(() => {
  shop = new Application('shop');
  const server = new Workload(shop, 'store', { image: IMAGE, ports: [{ name: 'sql', number: 3306, scheme: 'mysql' }] });
  store = { product: 'the store', endpoint: server.endpoint() };
  place = new Construct(shop, 'orders');
});
const workload = (id: string) => new Workload(shop, id, { image: IMAGE });
const grant = (client: IClient, options: Partial<AccessOptions> = {}, server = store) => Access.grant(place, server, client, { action: 'use', channel: 'orders', ...options });

test('a client is told where the server is, and as whom it logs in, in the same words on both targets', () => {
  grant(workload('cart')).bind({ variables: { DATABASE: 'orders' } });
  const both = new Both(shop);
  const env = {
    ORDERS_HOST: 'store',
    ORDERS_PORT: '3306',
    ORDERS_URL: 'mysql://store:3306',
    ORDERS_USER: 'orders-cart-use',
    ORDERS_PASSWORD_FILE: '/run/secrets/orders-cart-use',
    ORDERS_DATABASE: 'orders',
  };
  expect(both.env('cart')).toEqual({ kubernetes: env, compose: env });
  expect(both.service('cart').secrets).toEqual(['orders-cart-use']);
  expect(JSON.stringify(both.pod('cart'))).toContain('"name":"orders-cart-use"');
});

test('it reaches the server, and starts after it', () => {
  grant(workload('cart'));
  const both = new Both(shop);
  expect(both.service('cart').depends_on).toEqual({ store: { condition: 'service_healthy' } });
  expect(both.containerNames('cart').init).toContain('conduit-wait');
  expect(Object.keys(both.service('cart').networks)).toEqual(Object.keys(both.service('store').networks));
  expect(both.find('NetworkPolicy', 'store').spec.ingress).toHaveLength(1);
});

test('the connection says what flows over it', () => {
  const cart = workload('cart');
  grant(cart);
  expect(cart.connections.map(({ flow }) => flow)).toEqual([{ action: 'use', channel: 'orders' }]);
});

test('the user is the one that the server is told', () => {
  const { principal } = grant(workload('cart'));
  expect([principal.userName, principal.password.path]).toEqual(['orders-cart-use', '/run/secrets/orders-cart-use']);
});

test('a task of the server is waited for', () => {
  const task = new Task(shop, 'provision', { image: IMAGE, completionCheck: ['true'] });
  grant(workload('cart')).bind({ variables: {}, task });
  const both = new Both(shop);
  expect(both.service('cart').depends_on).toHaveProperty('provision', { condition: 'service_completed_successfully' });
  expect(both.containerNames('cart').init).toContain('conduit-await-provision');
});

test('whoever need not wait starts at once', () => {
  grant(workload('cart'), { waits: false });
  const both = new Both(shop);
  expect(both.service('cart').depends_on ?? {}).not.toHaveProperty('store');
  expect(both.containerNames('cart').init).not.toContain('conduit-wait');
});

test('CA certificates of the server are a file of the client', () => {
  grant(workload('cart'), {}, { ...store, caCertificates: new Secret(shop, 'ca', { key: 'ca.crt' }) });
  const both = new Both(shop);
  for (const env of Object.values(both.env('cart'))) expect(env).toHaveProperty('ORDERS_CA_FILE', '/run/secrets/ca');
  expect(both.service('cart').secrets).toEqual(['ca', 'orders-cart-use']);
});

test('variables begin with the prefix, otherwise with the channel, otherwise with the id of what is granted', () => {
  const prefixes = ['prefixed', 'plain', 'whole'].map((id, index) => {
    const client = workload(id);
    grant(client, [{ prefix: 'DB' }, {}, { channel: undefined }][index]);
    return Object.keys(client.main.env)[0];
  });
  expect(prefixes).toEqual(['DB_HOST', 'ORDERS_HOST', 'ORDERS_HOST']);
  place = new Construct(shop, 'pages');
  const client = workload('reader');
  grant(client, { channel: undefined });
  expect(Object.keys(client.main.env)[0]).toBe('PAGES_HOST');
});

test('a sidecar is a client of its own', () => {
  const cart = workload('cart');
  const sidecar = cart.addSidecar('exporter', { image: IMAGE });
  grant(cart, { prefix: 'DB' });
  expect(grant(sidecar).principal.userName).toBe('orders-cart-exporter-use');
});

test.each<[string, (access: Access, cart: Workload) => unknown, string]>([
  ['the same access twice', (_, cart) => grant(cart), "shop/orders: 'cart' was granted 'use' already; grant it once"],
  ['two values of one variable', access => { for (const DATABASE of ['one', 'two']) access.bind({ variables: { DATABASE } } satisfies ServerBinding); },
    "shop/cart: variable ORDERS_DATABASE is set twice, to 'one' and 'two'"],
  ['a client of another application', () => grant(new Workload(new Application('other'), 'cart', { image: IMAGE })), "'shop/store' belongs to another application"],
])('%s: refused', (_, run, message) => {
  const cart = workload('cart');
  const access = grant(cart);
  expect(() => run(access, cart)).toThrow(message);
});
