// The programs that a RabbitMQ broker's containers run, with stand-ins for what its image has.
import { Application, BrokeredQueue, EventStream, RabbitMq, RabbitMqProps, Workload } from 'cdk8s-conduit';
import { statSync } from 'fs';
import { createServer, Server } from 'net';
import { Sandbox } from '../programs/sandbox';

const DEFINITIONS = '/run/conduit/definitions.json';
const KNOWN = '/var/lib/rabbitmq/mnesia/conduit-immutable';
const COOKIE = '/var/lib/rabbitmq/.erlang.cookie';

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.tool('hostname', 'echo broker-0');
  sandbox.tool('docker-entrypoint.sh');
  sandbox.write('/etc/rabbitmq/conf.d/10-defaults.conf', 'loopback_users.guest = true\n');
});
afterEach(() => sandbox.remove());

/** A broker with a queue that is sent to, and whatever else is added. */
function broker(props: RabbitMqProps = {}, add: (broker: RabbitMq) => void = () => undefined): RabbitMq {
  const shop = new Application('shop');
  const made = new RabbitMq(shop, 'broker', props);
  new BrokeredQueue(shop, 'orders', { broker: made }).grantSend(new Workload(shop, 'client', { image: 'registry.example/acme/client:1.0' }));
  add(made);
  return made;
}

function start({ workload }: RabbitMq, env: Record<string, string> = {}, seconds?: number) {
  sandbox.mount(workload!.main);
  return sandbox.run(workload!.main.command!, { env, seconds });
}

describe('the start of a node', () => {
  test('fills the passwords in, where nobody else sees them, and becomes the broker', async () => {
    expect(await start(broker())).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(sandbox.calls).toEqual(['docker-entrypoint.sh rabbitmq-server']);
    const [user] = JSON.parse(sandbox.read(DEFINITIONS)!).users;
    expect(user).toMatchObject({ name: 'orders-client-send', password: 'value-of-orders-client-send' });
    expect((statSync(sandbox.path(DEFINITIONS)).mode % 0o1000).toString(8)).toBe('600');
    expect(sandbox.read('/run/conduit/passwords.sed')).toBeUndefined();
  });

  test('takes no password that means something else in the definitions, or to clients, which read an end of line', async () => {
    const made = broker();
    sandbox.mount(made.workload!.main);
    for (const password of ['', 'a"b', 'a/b', 'a&b', 'a b', 'ü', 'a\nb', 'a\n', 'a\n\n', '\n']) {
      sandbox.write('/run/secrets/orders-client-send', password);
      expect(await sandbox.run(made.workload!.main.command!)).toEqual({
        status: 1, stdout: '', stderr: 'secret orders-client-send: only letters, digits and . _ ~ - are possible here, and no end of line\n',
      });
    }
    expect(sandbox.calls).toEqual([]);
  });

  test('makes a cookie of its own, another one each time, which a file of before does not change', async () => {
    sandbox.write(COOKIE, 'guessed');
    await start(broker());
    const first = sandbox.read(COOKIE);
    await start(broker());
    expect(first).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(sandbox.read(COOKIE)).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(sandbox.read(COOKIE)).not.toBe(first);
  });

  test('remembers what cannot change of queues, those that are declared no more, too', async () => {
    await start(broker({}, made => new BrokeredQueue(made, 'more', { broker: made, queueName: 'more', singleActiveConsumer: true })));
    await start(broker());
    expect(sandbox.read(KNOWN)!.split('\n').sort()).toEqual(['', 'more quorum with a single active consumer', 'more.dead quorum', 'orders quorum', 'orders.dead quorum']);
  });

  test('applies nothing of definitions that want another queue of a name, and says so, until they want what is there', async () => {
    const refused = (was: string) => `refused: queue 'orders' is of type ${was} and cannot become quorum; give the new one another name. Everything stays as it was before\n`;
    for (const was of ['stream', 'quorum with a single active consumer']) {
      sandbox.write(KNOWN, `orders ${was}\nother stream\n`);
      expect(await start(broker())).toEqual({ status: 0, stdout: '', stderr: refused(was) });
      expect(sandbox.read(DEFINITIONS)).toBe('{}\n');
      expect(sandbox.read(KNOWN)).toBe(`orders ${was}\nother stream\n`);
    }
    sandbox.write(KNOWN, 'other stream\n');
    expect((await start(broker())).stderr).toBe('');
    expect(JSON.parse(sandbox.read(DEFINITIONS)!).queues).toHaveLength(2);
    expect(sandbox.calls).toEqual(Array(3).fill('docker-entrypoint.sh rabbitmq-server')); // whoever was served before still is
  });

  test('holds names for different that only look alike', async () => {
    const names = ['orders-dead', 'orders_dead', 'ordersxdead', 'orders.de', 'orders.dead.', 'xorders.dead', 'Orders.dead', '.*', '[a-z.]*'];
    sandbox.write(KNOWN, names.map(name => `${name} stream\n`).join(''));
    expect(await start(broker())).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(sandbox.read(KNOWN)!.split('\n').sort()).toEqual(['', 'orders quorum', 'orders.dead quorum', ...names.map(name => `${name} stream`)].sort());
  });
});

describe('the start of a member', () => {
  const members = () => broker({ nodes: 3 });
  /** Which members answer, from the how manieth round of questions on. */
  const answering = (member: string, round = 1) => sandbox.tool('timeout', `[ "$6" = ${member} ] && [ "$(grep -c '^timeout.* ${member} ' calls)" -ge ${round} ]`);
  const asked = () => sandbox.calls.filter(call => call.startsWith('timeout ')).map(call => call.split(' ').slice(-2).join(':'));
  beforeEach(() => sandbox.tool('sleep'));

  test('joins the one that answers, with the cookie of all', async () => {
    sandbox.tool('hostname', 'echo broker-2');
    sandbox.tool('docker-entrypoint.sh', 'echo "$RABBITMQ_CONFIG_FILES"');
    answering('broker-1');
    expect(await start(members())).toEqual({ status: 0, stdout: '/run/conduit/conf.d\n', stderr: '' });
    expect(asked()).toEqual(['broker-0:5672', 'broker-1:5672']);
    expect(sandbox.read(COOKIE)).toBe('value-of-broker-cookie');
    expect(sandbox.read('/run/conduit/conf.d/10-defaults.conf')).toBe('loopback_users.guest = true\n');
    expect(sandbox.read('/run/conduit/conf.d/30-cluster.conf')).toBe(
      'cluster_formation.peer_discovery_backend = classic_config\n'
      + 'cluster_formation.classic_config.nodes.1 = rabbit@broker-1\ncluster_formation.classic_config.nodes.2 = rabbit@broker-2\n');
  });

  test('waits for one that answers, unless it is the first', async () => {
    sandbox.tool('hostname', 'echo broker-1');
    answering('broker-0', 3);
    expect(await start(members())).toMatchObject({ status: 0, stdout: 'waiting for a member to join\nwaiting for a member to join\n' });
    expect(asked()).toEqual(['broker-0:5672', 'broker-2:5672', 'broker-0:5672', 'broker-2:5672', 'broker-0:5672']);
  });

  test('begins a cluster where nobody answers the first', async () => {
    sandbox.tool('docker-entrypoint.sh', 'echo "<$RABBITMQ_CONFIG_FILES>"');
    answering('nobody');
    expect(await start(members())).toEqual({ status: 0, stdout: '<>\n', stderr: '' });
    expect(asked()).toEqual(['broker-1:5672', 'broker-2:5672']);
  });

  test('asks nobody when it was a member before', async () => {
    sandbox.write('/var/lib/rabbitmq/mnesia/rabbit@broker-0/nodes', '');
    answering('broker-1');
    expect((await start(members())).status).toBe(0);
    expect(asked()).toEqual([]);
  });
});

describe('the check of a node', () => {
  let port: number;
  let server: Server;
  beforeEach(done => {
    server = createServer().listen(0, '127.0.0.1', () => {
      ({ port } = server.address() as { port: number });
      done();
    });
  });
  afterEach(done => { server.close(done); });

  function check({ workload }: RabbitMq, portOfIt = port, seconds = 20) {
    sandbox.mount(workload!.main);
    sandbox.replace('/etc/rabbitmq/conduit/health', 'PORT=5672', `PORT=${portOfIt}`);
    return sandbox.run(workload!.main.health!.words, { seconds });
  }

  test('succeeds as soon as the port is open, and else waits until its time is up', async () => {
    expect(await check(broker())).toEqual({ status: 0, stdout: '', stderr: '' });
    expect((await check(broker(), 1, 2)).status).toBeUndefined();
    expect(sandbox.calls).toEqual([]);
  });

  test('fails where the definitions were refused, says why, and succeeds when they are no more', async () => {
    sandbox.write(KNOWN, 'orders stream\n');
    await start(broker());
    expect(await check(broker())).toEqual({
      status: 1, stdout: "refused: queue 'orders' is of type stream and cannot become quorum; give the new one another name. Everything stays as it was before\n", stderr: '',
    });
    sandbox.write(KNOWN, 'orders quorum\n');
    await start(broker());
    expect((await check(broker())).status).toBe(0);
  });

  test('succeeds for a member when all queues are there, which it asks no more', async () => {
    const made = broker({ nodes: 3 }, each => new EventStream(each, 'log', { broker: each }));
    const having = (...queues: string[]) => sandbox.tool('rabbitmqctl', `printf '%s\\n' ${queues.join(' ')}`);
    having('orders', 'orders.dead');
    expect((await check(made)).status).toBe(1);
    having('orders', 'orders.dead', 'log');
    expect((await check(made)).status).toBe(0);
    having();
    expect((await check(made)).status).toBe(0);
    expect(sandbox.calls).toEqual(Array(2).fill('rabbitmqctl -q --no-table-headers list_queues name'));
  });
});
