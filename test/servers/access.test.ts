// Access to a server that is no broker: a store with one user for each grant.
import {
  Access, AccessOptions, Application, ComposeProject, Exposure, ExternalClient, IClient, IServer, KubernetesChart, Secret, ServerBinding,
  ServerCertificate, Task, TestOutput, Topology, Workload,
} from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

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

test('a client that wants other names gets these, and nothing else', () => {
  grant(workload('cart'), { variables: { URL: 'DATABASE', PASSWORD_FILE: 'PGPASSFILE', DATABASE: 'db.name' } }).bind({ variables: { DATABASE: 'orders', SCHEMA: 'public' } });
  const env = { 'DATABASE': 'mysql://store:3306', 'PGPASSFILE': '/run/secrets/orders-cart-use', 'db.name': 'orders' };
  const both = new Both(shop);
  expect(both.env('cart')).toEqual({ kubernetes: env, compose: env });
});

test('what a grant does not tell cannot be named, and nothing is written', () => {
  grant(workload('cart'), { variables: { SCHEME: 'SCHEME', HOST: 'DB' } }).bind({ variables: { DATABASE: 'orders' } });
  const words = "shop/orders: 'variables' must name some of HOST, PORT, ADDRESS, URL, USER, PASSWORD_FILE, DATABASE, got 'SCHEME'";
  expect(() => new Both(shop)).toThrow(words);
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
  expect(wholeProgram(() => run(access, cart))).toThrow(message);
});

describe('a client on another machine', () => {
  const laptop = () => new ExternalClient(shop, 'laptop', { sources: ['192.0.2.0/24', '2001:db8::/32'] });
  const serverOf = (id: string) => {
    const server = new Workload(shop, id, { image: IMAGE, ports: [{ name: 'sql', number: 3306, scheme: 'mysql' }, { name: 'console', number: 8080 }] });
    const certificate = new ServerCertificate(shop, `${id}-tls`, { workloads: [server] });
    server.announce({ portName: 'sql', publicHost: 'db.example.com', publicPort: 33060, hostPort: 3307 });
    return { product: 'the store', endpoint: server.endpoint('sql'), caCertificates: certificate.caCertificates };
  };

  test('gets all that a workload gets, with values instead of files, and the address that it knows', () => {
    const client = laptop();
    grant(client, {}, serverOf('db')).bind({ variables: { DATABASE: 'orders' }, task: new Task(shop, 'provision', { image: IMAGE, completionCheck: ['true'] }) });
    const { file, values, secrets } = new Both(shop).compose['x-conduit'].clients[0];
    expect(file).toMatch(/secrets\/shop\/laptop\.json$/);
    expect(values).toEqual({
      ORDERS_HOST: 'db.example.com', ORDERS_PORT: '33060', ORDERS_URL: 'mysql://db.example.com:33060', ORDERS_USER: 'orders-laptop-use', ORDERS_DATABASE: 'orders',
    });
    expect(secrets).toEqual({ ORDERS_PASSWORD: 'orders-laptop-use', ORDERS_CA: 'db-tls-authority' });
  });

  test('reaches that port from its ranges, and no other', () => {
    grant(laptop(), {}, serverOf('db'));
    const both = new Both(shop);
    expect(both.service('db__relay_tcp').ports.map(({ published }: any) => published)).toEqual(['3307', '3307']);
    expect(both.service('db').ports).toBeUndefined();
    expect(both.find('Service', 'conduit-public-db').spec).toMatchObject({
      type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24', '2001:db8::/32'], ports: [{ name: 'sql', port: 3307, targetPort: 'sql' }],
    });
    expect(both.find('NetworkPolicy', 'db').spec.ingress).toEqual([
      { from: [{ ipBlock: { cidr: '192.0.2.0/24' } }, { ipBlock: { cidr: '2001:db8::/32' } }], ports: [{ port: 3306, protocol: 'TCP' }] },
    ]);
  });

  test('finds the name that it knows in the certificate, which is for workloads, too', () => {
    grant(laptop(), {}, serverOf('db'));
    const [{ hosts }] = new Both(shop).compose['x-conduit'].secrets.filter(({ key }: any) => key === 'tls.crt');
    expect(hosts).toEqual(['db', 'db.example.com']);
  });

  test('is shown on every target', () => {
    grant(laptop(), {}, serverOf('db'));
    for (const target of [ComposeProject.target(), KubernetesChart.target(), Topology.target()]) {
      expect(TestOutput.of(shop, target).fidelity.map(({ path }) => path)).toContain('shop/laptop');
    }
    for (const { exposed } of [new ComposeProject(shop), new KubernetesChart(new App(), 'shop', { application: shop })]) {
      expect(exposed).toMatchObject([{ name: 'db', portName: 'sql', sources: ['192.0.2.0/24', '2001:db8::/32'], url: 'mysql://db.example.com:33060' }]);
    }
  });

  test('is refused where its password would cross the network as it is, unlike a program on this machine', () => {
    const server = store.endpoint.workload as Workload;
    server.announce({ publicHost: 'db.example.com' });
    for (const exposure of [Exposure.sources(['192.0.2.0/24']), Exposure.hostAddress('192.0.2.7'), Exposure.everyoneOnTheInternet()]) {
      expect(wholeProgram(() => grant(new ExternalClient(shop, exposure.kind, { exposure })))).toThrow(
        `shop/orders: '${exposure.kind}' comes from another machine, and its password would cross the network as it is; set 'tls: true' of the store 'shop/store'`);
    }
    expect(wholeProgram(() => grant(new ExternalClient(shop, 'here')))).not.toThrow('here');
  });

  test('cannot be made to wait', () => {
    expect(wholeProgram(() => grant(laptop(), { waits: true }, serverOf('db')))).toThrow("shop/laptop: nobody outside can be made to wait; leave out 'waits: true'");
  });

  test('cannot have the name of a workload that has the same right', () => {
    grant(new Workload(shop, 'other', { image: IMAGE, name: 'laptop' }));
    expect(wholeProgram(() => grant(laptop(), {}, serverOf('db')))).toThrow("shop/orders: 'laptop' was granted 'use' already; grant it once");
  });
});
