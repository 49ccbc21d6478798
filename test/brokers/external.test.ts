import {
  Application, BrokeredQueue, BrokeredTopic, EventStream, ExternalKafka, ExternalNats, ExternalRabbitMq, IBroker, Kafka, KafkaProps, Nats, NatsProps, RabbitMq,
  RabbitMqProps, Secret, Task, Workload,
} from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const workload = (id: string) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0' });
const rabbit = (external: Partial<ExternalRabbitMq> = {}, props: RabbitMqProps = {}) => new RabbitMq(shop, 'broker', { external: { host: 'mq.example', ...external }, ...props });
const kafka = (external: Partial<ExternalKafka> = {}, props: KafkaProps = {}) => new Kafka(shop, 'broker', { external: { hosts: ['k1.example', 'k2.example'], ...external }, ...props });
const nats = (external: Partial<ExternalNats> = {}, props: NatsProps = {}) => new Nats(shop, 'broker', { external: { hosts: ['n1.example', 'n2.example'], ...external }, ...props });
const BROKERS: [string, (external?: object, props?: any) => IBroker & { readonly workload?: Workload; readonly provisioning?: Task }][] = [['RabbitMq', rabbit], ['Kafka', kafka], ['Nats', nats]];

/** A queue that each of the brokers takes, with a sender and a receiver. */
function orders(broker: IBroker): void {
  const queue = new BrokeredQueue(shop, 'orders', { broker, deadLetters: false, messageTtl: Duration.hours(1) });
  queue.grantSend(workload('frontend'));
  queue.grantReceive(workload('shipping'));
}
const file = (name: string, both = new Both(shop)) => both.find('ConfigMap', name).data.content as string;
/** What the network of a workload lets out, DNS aside. */
const egress = (name: string, both: Both) => both.find('NetworkPolicy', name).spec.egress.slice(0, -1);
const to = (port: number, ...cidrs: string[]) => ({ to: cidrs.map(cidr => ({ ipBlock: { cidr } })), ports: [{ port, protocol: 'TCP' }] });

describe.each(BROKERS)('%s', (_, make) => {
  test('nothing runs but the clients and the task that declares', () => {
    const broker = make();
    orders(broker);
    expect(broker.workload).toBeUndefined();
    const both = new Both(shop);
    expect(both.names('StatefulSet')).toEqual([]);
    expect(both.names('Deployment')).toEqual(['frontend', 'shipping']);
    expect(both.names('Service')).toEqual([]);
    expect(both.names('Job')).toHaveLength(1);
    expect(Object.keys(both.compose.services).sort()).toEqual(['broker-provisioning', 'conduit-tasks', 'frontend', 'shipping']);
    expect(both.compose.volumes).toBeUndefined();
  });

  test('clients wait for the completion check of the task alone', () => {
    orders(make());
    const both = new Both(shop);
    expect(both.containerNames('shipping').init).toEqual(['conduit-tools', 'conduit-await-broker-provisioning']);
    expect(both.service('shipping').depends_on).toEqual({ 'broker-provisioning': { condition: 'service_completed_successfully' } });
    expect(both.containerNames('broker-provisioning').init).toEqual([]);
    expect(both.service('broker-provisioning').depends_on).toBeUndefined();
  });

  test('without provisioning there is no task, nobody waits, and a file says what has to be there', () => {
    const broker = make({ provisioning: false });
    orders(broker);
    expect(broker.provisioning).toBeUndefined();
    const both = new Both(shop);
    expect(both.names('Job')).toEqual([]);
    expect(Object.keys(both.compose.services).sort()).toEqual(['frontend', 'shipping']);
    expect(both.containerNames('shipping').init).toEqual([]);
    expect(both.service('shipping').depends_on).toBeUndefined();
    expect(Object.keys(both.compose.secrets)).toEqual(['orders-frontend-send', 'orders-shipping-receive']);
    const mounted = JSON.stringify(both.objects.filter(({ kind }) => kind === 'Deployment')) + JSON.stringify(both.compose.services);
    const files = both.names('ConfigMap');
    expect(Object.values<any>(both.compose.configs).map(({ file: path }) => path).sort()).toEqual(files.map(name => `./configs/${name}`).sort());
    for (const name of files) expect(mounted).not.toContain(name);
    for (const declared of ['orders', 'orders-frontend-send', 'orders-shipping-receive']) expect(files.map(name => file(name, both)).join()).toContain(declared);
  });

  test('the declarations are the same whether or not a task declares them', () => {
    const declarations = [true, false].map(provisioning => {
      shop = new Application('shop');
      orders(make({ provisioning }));
      const both = new Both(shop);
      return both.names('ConfigMap').filter(name => /definitions|declarations/.test(name)).map(name => file(name, both));
    });
    expect(declarations[0]).toHaveLength(1);
    expect(declarations[0]).toEqual(declarations[1]);
  });

  test('names on the broker begin as it is said, but not those that the program gives, nor those of variables', () => {
    const broker = make({ namePrefix: 'shop-' });
    orders(broker);
    const news = new BrokeredTopic(shop, 'news', { broker, messageTtl: Duration.hours(1) });
    news.grantPublish(workload('editor'));
    news.subscribe(workload('reader'), { deadLetters: false }).grantReceive(workload('helper'));
    new EventStream(shop, 'log', { broker }).grantPublish(workload('writer'));
    new BrokeredQueue(shop, 'common', { broker, queueName: 'returns', deadLetters: false, messageTtl: Duration.hours(1) }).grantSend(workload('desk'));
    const both = new Both(shop);
    const told = (client: string, variables: string) => {
      const { kubernetes, compose } = both.env(client);
      expect(kubernetes).toEqual(compose);
      expect([...new Set(Object.keys(compose).map(name => name.split('_')[0]))]).toEqual([variables]);
      return Object.values(compose);
    };
    expect(told('frontend', 'ORDERS')).toContain('shop-orders');
    expect(told('shipping', 'ORDERS')).toContain('shop-orders');
    expect(told('editor', 'NEWS')).toContain('shop-news');
    for (const subscriber of ['reader', 'helper']) expect(told(subscriber, 'NEWS').join()).toContain('shop-news');
    expect(told('writer', 'LOG')).toContain('shop-log');
    expect(told('desk', 'RETURNS')).toContain('returns');
    expect(both.names('ConfigMap').filter(name => /definitions|declarations/.test(name)).map(name => file(name, both)).join()).not.toMatch(/\b(?<!shop-)(orders|news|log)\b(?!-)/);
  });

  test('two applications with a queue of one name use two queues', () => {
    const queues = ['one', 'other'].map(name => {
      shop = new Application(name);
      const queue = new BrokeredQueue(shop, 'orders', { broker: make({ namePrefix: `${name}-` }), deadLetters: false, messageTtl: Duration.hours(1) });
      queue.grantSend(workload('frontend'));
      return [queue.queueName, new Both(shop).service('frontend').environment.ORDERS_USER];
    });
    expect(queues).toEqual([['one-orders', 'one-orders-frontend-send'], ['other-orders', 'other-orders-frontend-send']]);
  });

  test('a prefix that no name can have is refused', () => {
    expect(wholeProgram(() => make({ namePrefix: 'shop/' }))).toThrow(new Error("shop/broker: 'namePrefix' must be at most 100 letters, digits, '-', '_' and '.', got 'shop/'"));
  });

  test('the password of the administrator is brought, and only the task has it', () => {
    orders(make({ administrator: 'root' }));
    const both = new Both(shop);
    expect(both.compose['x-conduit'].secrets.filter(({ existing }: any) => existing)).toEqual([{ name: 'broker-admin', key: 'password', file: '../../secrets/shop/broker-admin', existing: true }]);
    expect(Object.keys(both.compose.services).filter(name => both.service(name).secrets?.includes('broker-admin'))).toEqual(['broker-provisioning']);
    expect(JSON.stringify(both.pod('broker-provisioning'))).toContain('"name":"broker-admin"');
    expect(JSON.stringify(both.objects) + JSON.stringify(both.service('broker-provisioning'))).toMatch(/\broot\b/);
  });

  test('CA certificates are what clients and task check the server with; without them it is what their systems trust', () => {
    orders(make({ caCertificates: new Secret(shop, 'ca', { key: 'ca.crt', existing: true }) }));
    const both = new Both(shop);
    for (const env of Object.values(both.env('shipping'))) expect(env).toHaveProperty('ORDERS_CA_FILE', '/run/secrets/ca');
    for (const name of ['broker-provisioning', 'frontend', 'shipping']) {
      expect(both.service(name).secrets).toContain('ca');
      expect(JSON.stringify(both.pod(name))).toContain('"path":"ca"');
    }
    shop = new Application('shop');
    orders(make());
    for (const env of Object.values(new Both(shop).env('shipping'))) expect(env).not.toHaveProperty('ORDERS_CA_FILE');
  });

  test('the network lets out to the given addresses alone', () => {
    const broker = make({ addresses: ['192.0.2.0/24', '198.51.100.7/32'] });
    orders(broker);
    const both = new Both(shop);
    expect(egress('shipping', both)).toEqual([to(broker.endpoint.port, '192.0.2.0/24', '198.51.100.7/32')]);
    expect(both.find('NetworkPolicy', 'broker-provisioning').spec.ingress).toBeUndefined();
    expect(both.service('shipping').networks).toEqual({ shipping_outside: null });
    expect(both.compose.networks.shipping_outside).not.toHaveProperty('internal');
  });

  test.each<[string, object, object, string]>([
    ['nodes', {}, { nodes: 3 }, "shop/broker: 'nodes' cannot be had of an external server; leave it out, or 'external'"],
    ['storage and memory', {}, { storage: Size.gibibytes(1), memoryLimit: Size.gibibytes(1) },
      "shop/broker: 'storage', 'memoryLimit' cannot be had of an external server; leave these out, or 'external'"],
    ['CA certificates without TLS', { tls: false, caCertificates: new Secret(new Application('other'), 'ca') }, {},
      "shop/broker: 'caCertificates' check the server's certificate, and without TLS there is none; leave them out, or 'tls: false'"],
    ['an administrator without a task', { provisioning: false, administrator: 'root' }, {}, "shop/broker: 'administrator' does the provisioning; leave it out, or 'provisioning: false'"],
    ['an administrator that a shell would run', { administrator: 'a;b' }, {}, "shop/broker: 'administrator' must be a user's name of letters, digits and . _ @ -, got 'a;b'"],
    ['a port that is none', { port: 0 }, {}, 'the port must be a whole number from 1 to 65535, got 0'],
    ['a range that is none', { addresses: ['here'] }, {}, "addresses must be IPv4 ranges such as 192.0.2.0/24, each beginning with its first address, got 'here'"],
  ])('%s: refused', (__, external, props, message) => {
    expect(wholeProgram(() => make(external, props))).toThrow(message);
  });
});

test('all contradictions are told together', () => {
  expect(wholeProgram(() => rabbit({ tls: false, caCertificates: new Secret(shop, 'ca') }, { tls: true, nodes: 3 }))).toThrow(/'tls', 'nodes' cannot be had.*\n.*'caCertificates' check/);
});

test.each<[string, (external?: object) => IBroker, { tls: string; plain: string }]>([
  ['RabbitMq', rabbit, { tls: 'amqps://mq.example:5671', plain: 'amqp://mq.example:5672' }],
  ['Kafka', kafka, { tls: 'kafka+ssl://k1.example:9092', plain: 'kafka://k1.example:9092' }],
  ['Nats', nats, { tls: 'tls://n1.example:4222', plain: 'nats://n1.example:4222' }],
])('%s is reached by TLS unless it is told otherwise', (_, make, { tls, plain }) => {
  expect(make().endpoint.url).toBe(tls);
  shop = new Application('shop');
  expect(make({ tls: false }).endpoint.url).toBe(plain);
});

test.each<[string, (external?: object, props?: any) => IBroker]>(BROKERS)('%s: clients are told what they are told of a broker that runs here, but where it is, and that their users are this application\'s', (_, make) => {
  const variables = [undefined, {}].map(external => {
    shop = new Application('shop');
    orders(make({}, external === undefined ? { external } : {}));
    return new Both(shop).env('shipping').kubernetes;
  });
  const usual = (env: Record<string, string>) => Object.entries(env)
    .filter(([name]) => !/_(HOST|PORT|URL|BOOTSTRAP_SERVERS|SECURITY_PROTOCOL|SERVERS)$/.test(name)).map(([name, value]) => [name, value.replace('shop-', '')]);
  expect(usual(variables[0]).length).toBeGreaterThan(3);
  expect(usual(variables[0])).toEqual(usual(variables[1]));
});

test('RabbitMQ gets the definitions that a node of our own loads, with users of this application, by its management interface', () => {
  orders(rabbit({ addresses: ['192.0.2.0/24'], managementPort: 443 }));
  const both = new Both(shop);
  const command = ['escript', '/etc/rabbitmq/conduit/provision', 'https://mq.example:443', 'admin', '/run/secrets/broker-admin'];
  expect(both.container('broker-provisioning').command).toEqual(command);
  expect(both.service('broker-provisioning').entrypoint).toEqual(command);
  expect(egress('broker-provisioning', both)).toEqual([to(443, '192.0.2.0/24')]);
  expect(both.service('broker-provisioning').secrets).toEqual(['broker-admin', 'orders-frontend-send', 'orders-shipping-receive']);
  expect(both.container('shipping', 'conduit-await-broker-provisioning').command.at(-1)).toBe('amqps://mq.example:5671');
  const external = file('broker-definitions', both);
  shop = new Application('shop');
  orders(new RabbitMq(shop, 'broker'));
  expect(external).toBe(file('broker-definitions').replaceAll('":"orders-', '":"shop-orders-'));
});

test('Kafka is found by several brokers, and logs clients in by TLS', () => {
  orders(kafka({ hosts: ['192.0.2.1', '192.0.2.2'], port: 9096 }));
  const both = new Both(shop);
  const told = { ORDERS_BOOTSTRAP_SERVERS: '192.0.2.1:9096,192.0.2.2:9096', ORDERS_SECURITY_PROTOCOL: 'SASL_SSL', ORDERS_HOST: '192.0.2.1' };
  expect(both.env('shipping')).toMatchObject({ kubernetes: told, compose: told });
  for (const client of ['shipping', 'broker-provisioning']) expect(egress(client, both)).toEqual([to(9096, '192.0.2.1/32', '192.0.2.2/32')]);
  expect(file('broker-provisioning-script', both)).toContain('\nSERVERS=192.0.2.1:9096,192.0.2.2:9096\nPROTOCOL=SASL_SSL\n');
});

test('names among addresses leave the network open to every address', () => {
  orders(kafka({ hosts: ['192.0.2.1', 'k.example'] }));
  expect(egress('shipping', new Both(shop))).toEqual([{ ...to(9092, ''), to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } }] }]);
});

test('NATS is found by several servers, and its users are for others to make', () => {
  const broker = nats();
  orders(broker);
  const both = new Both(shop);
  expect(both.env('shipping').kubernetes).toMatchObject({ ORDERS_URL: 'tls://n1.example:4222', ORDERS_SERVERS: 'tls://n1.example:4222,tls://n2.example:4222' });
  expect(both.env('broker-provisioning').compose).toMatchObject({ NATS_USER: 'admin', NATS_URL: 'tls://n1.example:4222,tls://n2.example:4222' });
  expect(both.service('broker-provisioning').secrets).toEqual(['broker-admin']);
  const { users } = JSON.parse(file('broker-users', both));
  expect(users.map(({ user, password }: any) => [user, password])).toEqual([
    ['admin', '@{broker-admin}'], ['shop-orders-frontend-send', '@{orders-frontend-send}'], ['shop-orders-shipping-receive', '@{orders-shipping-receive}'],
  ]);
  expect(users[1].permissions).toEqual({ publish: { allow: ['orders', '$JS.API.STREAM.INFO.orders'] }, subscribe: { allow: ['_INBOX_shop-orders-frontend-send.>'] } });
});

test('where no number of replicas is given it is 3, whatever nodes there are; any number can be asked for, since others know the nodes', () => {
  const made = (text: string) => [...text.matchAll(/"num_replicas":(\d)|^topic \S+ \d+ (\d)/gm)].map(([, ofNats, ofKafka]) => ofNats ?? ofKafka);
  for (const [make, name] of [[kafka, 'broker-provisioning-declarations'], [nats, 'broker-declarations']] as const) {
    for (const [replicas, expected] of [[undefined, ['3', '5']], [1, ['1', '5']]] as const) {
      shop = new Application('shop');
      const broker = make({ replicas });
      new EventStream(shop, 'log', { broker });
      new EventStream(shop, 'safe', { broker, replicas: 5 });
      expect(made(file(name))).toEqual(expected);
    }
    shop = new Application('shop');
    expect(wholeProgram(() => make({ replicas: 2 }))).toThrow("'replicas' must be 1, 3 or 5, got 2");
  }
  shop = new Application('shop');
  const broker = rabbit();
  new BrokeredQueue(shop, 'safe', { broker, replicas: 5, deadLetters: false });
  new BrokeredTopic(shop, 'news', { broker });
  expect(JSON.parse(file('broker-definitions')).queues[0].arguments).toEqual({ 'x-queue-type': 'quorum', 'x-quorum-initial-group-size': 5 });
});

test('hosts that are none are refused', () => {
  expect(wholeProgram(() => kafka({ hosts: [] }))).toThrow("shop/broker: 'hosts' must have at least one name or address");
  shop = new Application('shop');
  expect(wholeProgram(() => nats({ hosts: ['n1.example', 'Not a host'] }))).toThrow("the host must be a lower-case DNS name or an IPv4 address, got 'Not a host'");
});
