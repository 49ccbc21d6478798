// Clients on other machines: programs that no engine runs as a part of the application, with the connection file that they were given.
import { Application, DatabaseAccess, Nats, PostgreSql } from 'cdk8s-conduit';
import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import type { Outcome } from './command';
import type { Deployment, Machine, Neighbour } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';
import { outsideBroker } from './outside-broker';
import { describeOutside } from './outside-server';
import { lab } from '../../examples/16-client-on-another-server/lab';
import { makeCertificate } from '../../src/cli/certificates';

jest.setTimeout(300_000);

const MINUTE = 60_000;
const IMAGE = 'lab/programs:1.0.0';
const EXAMPLES = join(__dirname, '../../examples');

/** What happens to who does something in Python, as the client of a queue. */
const trying = (prefix: string, action: string) => ['python', '-c', `
import pika
from connection import connect
try:
    channel = connect('${prefix}').channel()
    ${action}
    print('allowed')
except pika.exceptions.ChannelClosedByBroker as error:
    print(error.reply_code)
except Exception as error:
    print(type(error).__name__)
`];

describeLive('clients on other servers (examples/16-client-on-another-server)', engine => {
  let deployment: Deployment;
  let neighbour: Neighbour;
  let laptop: Machine;
  let bench: Machine;
  const rangesOf = ({ seenAs }: Machine) => seenAs.filter(address => isIPv4(address)).map(address => `${address}/32`);
  const labFor = (offices: string[], benches: string[]) => lab(new Application('lab'), { publicHost: neighbour.hostAddress, offices, benches });

  beforeAll(async () => {
    neighbour = await engine.neighbour();
    [laptop, bench] = neighbour.machines;
    deployment = engine.application(labFor(rangesOf(laptop), rangesOf(bench)));
    await deployment.start();
  }, 5 * MINUTE);
  afterAll(async () => {
    await deployment?.remove();
    await neighbour?.close();
  });

  /** What the client was given, but for the port, where no load balancer stands in front of the nodes. */
  const connectionOf = async (client: string, change: Record<string, string> = {}) => {
    const port = String(await deployment.entrance('broker'));
    const connection = deployment.output.connectionOf(client);
    const ports = Object.keys(connection).filter(name => name.endsWith('_PORT')).map(name => [name, port]);
    return JSON.stringify({ ...connection, ...Object.fromEntries(ports), ...change });
  };
  const runOn = async (machine: Machine, client: string, ...words: string[]): Promise<Outcome> => machine.tryRun(IMAGE, await connectionOf(client), ...words);

  test('the classic programs work from one machine to another, with nothing changed but their connection', async () => {
    for (const program of ['client.py', 'worker.py']) {
      const textIn = (example: string) => readFileSync(join(EXAMPLES, example, 'programs', program), 'utf8');
      expect(textIn('16-client-on-another-server')).toBe(textIn('04-work-queue'));
    }
    const working = runOn(bench, 'bench', 'timeout', '30', 'python', '-u', 'worker.py');
    const sent = await runOn(laptop, 'laptop', 'python', '-u', 'client.py', 'one', 'two.', 'three..');
    expect(sent).toMatchObject({ code: 0, stdout: "sent 'one'\nsent 'two.'\nsent 'three..'" });
    const { stdout } = await working;
    expect(stdout.split('\n').filter(line => line.startsWith('done'))).toEqual(["done 'one'", "done 'two.'", "done 'three..'"]);
  });

  test('a client follows the status of its orders', async () => {
    const { code, stdout } = await runOn(laptop, 'laptop', 'timeout', '60', 'python', '-u', 'order.py', 'poster', 'map');
    expect([code, stdout.split('\n')]).toEqual([0, ['poster is printing', 'poster is printed', 'map is printing', 'map is printed']]);
  });

  test('what a client may do is what it was granted, and nothing else', async () => {
    const doing = async (machine: Machine, client: string, prefix: string, action: string) => (await runOn(machine, client, ...trying(prefix, action))).stdout;
    expect(await doing(laptop, 'laptop', 'PRINTS', "channel.basic_get('prints')")).toBe('403');
    expect(await doing(laptop, 'laptop', 'TASK_QUEUE', "channel.basic_get('task_queue')")).toBe('403');
    expect(await doing(laptop, 'laptop', 'STATUS', "channel.basic_get('prints')")).toBe('403');
    expect(await doing(bench, 'bench', 'TASK_QUEUE', "channel.basic_get('status.laptop')")).toBe('403');
    expect(await doing(bench, 'bench', 'TASK_QUEUE', "channel.confirm_delivery(); channel.basic_publish('', 'task_queue', b'x')")).toBe('403');
    expect(await doing(bench, 'bench', 'TASK_QUEUE', "channel.queue_declare('other', durable=True)")).toBe('403');
    expect(await doing(bench, 'bench', 'TASK_QUEUE', "channel.queue_declare('task_queue', durable=True)")).toBe('allowed');
  });

  test('a wrong password, another authority, or no TLS lets nobody in', async () => {
    const asking = async (change: Record<string, string>, words: string[]) => (await bench.tryRun(IMAGE, await connectionOf('bench', change), ...words)).stdout;
    const passive = trying('TASK_QUEUE', "channel.queue_declare('task_queue', passive=True)");
    expect(await asking({}, passive)).toBe('allowed');
    expect(await asking({ TASK_QUEUE_PASSWORD: 'guess' }, passive)).toMatch(/ProbableAuthenticationError/);
    expect(await asking({ TASK_QUEUE_CA: makeCertificate('other', ['other.example'])['ca.crt'] }, passive)).toMatch(/SSLCertVerificationError|AMQPConnectionError/);
    const plain = trying('TASK_QUEUE', '').map(word => word.replace(/channel = connect.*/,
      "from connection import value; pika.BlockingConnection(pika.ConnectionParameters(value('TASK_QUEUE', 'HOST'), int(value('TASK_QUEUE', 'PORT')), socket_timeout=5, blocked_connection_timeout=5))"));
    expect(await asking({}, plain)).not.toBe('allowed');
  });

  test('no other port of the broker is reached', async () => {
    const open = async (port: number) => (await neighbour.tryExec('nc', '-z', '-w', '3', neighbour.hostAddress, `${port}`)).code === 0;
    expect(await open(await deployment.entrance('broker'))).toBe(true);
    for (const port of [4369, 5672, 15_671, 15_672, 15_692, 25_672]) expect([port, await open(port)]).toEqual([port, false]);
  });

  test('the application itself goes on as ever, over its own edges', async () => {
    expect((await deployment.exec('printer', 'sh', '-c', 'echo "$PRINTS_HOST:$PRINTS_PORT"'))).toBe('broker:5671');
  });

  test('no password is anywhere but in secrets and connection files', async () => {
    const values = Object.values(deployment.secrets).filter(value => /^[A-Za-z0-9]{32}$/.test(value));
    expect(values.length).toBeGreaterThanOrEqual(6);
    const visible = await deployment.visible();
    for (const value of values) expect(visible).not.toContain(value);
  });

  test('a client of another range is refused, though it has the right password', async () => {
    const before = await connectionOf('laptop');
    const send = async () => laptop.tryRun(IMAGE, before, 'timeout', '10', 'python', '-u', 'client.py', 'late');
    expect((await send()).code).toBe(0);
    await deployment.update(labFor(['203.0.113.0/24'], ['203.0.113.0/24'])); // a cluster may see both machines as one
    await eventually(async () => (await send()).code !== 0, { what: 'the laptop to be refused' });
  });
});

describeOutside('NATS', outsideBroker({
  client: 'nats_client',
  make: (application, address) => new Nats(application, 'broker', { tls: true, ...address }),
  hostPort: 31422,
  ports: [4222, 6222, 8222],
}));

/** Runs statements, and writes what the last one gives, as one whose connection is that of a workload. */
const DATABASE = `
import os, sys
import psycopg
tls, *statements, last = sys.argv[1:]
v = {name[7:].lower(): value for name, value in os.environ.items() if name.startswith('ORDERS_')}
with open(v['password_file']) as file:
    password = file.read()
secured = {'sslmode': 'verify-full', 'sslrootcert': v['ca_file']} if tls else {'sslmode': 'disable'}
try:
    with psycopg.connect(v['url'], user=v['user'], password=password, connect_timeout=10, **secured) as connection:
        for statement in statements:
            connection.execute(statement)
        print(*(row[0] for row in connection.execute(last)))
except psycopg.errors.InsufficientPrivilege:
    print('refused')
except psycopg.OperationalError:
    print('not trusted')
`;
const ask = (...statements: string[]) => ['python', '-c', DATABASE, 'tls', ...statements];
const insert = (texts: string[]) => `INSERT INTO orders VALUES ${texts.map(text => `('${text}')`)} RETURNING what`;

describeOutside('PostgreSQL', {
  program: { image: 'conduit-test/database:1.0.0', buildContext: { directory: join(EXAMPLES, '15-database/programs') } },
  hostPort: 31432,
  ports: [5432],
  add: (application, address, { laptop, bench, inside }) => {
    const db = new PostgreSql(application, 'db', { tls: true, ...address });
    for (const client of [laptop, inside]) db.grantUse(client, { database: 'orders', access: DatabaseAccess.OWN });
    db.grantUse(bench, { database: 'orders', access: DatabaseAccess.READ });
  },
  put: texts => ask('CREATE TABLE IF NOT EXISTS orders (what text)', insert(texts)),
  take: ask('SELECT what FROM orders'),
  refused: { take: ask('SELECT rolpassword FROM pg_authid'), put: ask(insert(['more'])) },
  logIn: tls => ['python', '-c', DATABASE, tls ? 'tls' : '', "SELECT 'trusted'"],
});
