// The programs in Erlang for a RabbitMQ broker that runs elsewhere, with stand-ins for the broker and for its client.
import { Application, BrokeredQueue, RabbitMq, Workload } from 'cdk8s-conduit';
import { execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'fs';
import { createServer, IncomingMessage, Server } from 'http';
import { tmpdir } from 'os';
import { join } from 'path';
import { available, judgesPath, judgeTest } from '../judges/judges';
import { Sandbox } from '../programs/sandbox';

const STAND_INS = join(__dirname, '../programs/erlang');

/** Libraries with stand-ins. */
let libraries: string;
beforeAll(() => {
  libraries = mkdtempSync(join(tmpdir(), 'erlang-'));
  if (!available.erlang.ok) return;
  cpSync(STAND_INS, join(libraries, 'amqp_client/ebin'), { recursive: true });
  execFileSync('erlc', readdirSync(STAND_INS).filter(name => name.endsWith('.erl')), { env: { PATH: judgesPath }, cwd: join(libraries, 'amqp_client/ebin') });
});
afterAll(() => rmSync(libraries, { recursive: true }));

let sandbox: Sandbox;
beforeEach(() => { sandbox = new Sandbox(); });
afterEach(() => sandbox.remove());

/** A broker elsewhere, and a client that sends to a queue there. */
function broker(managementPort?: number, tls = false): { readonly broker: RabbitMq; readonly client: Workload } {
  const shop = new Application('shop');
  const made = new RabbitMq(shop, 'broker', { external: { host: '127.0.0.1', managementPort, tls } });
  const client = new Workload(shop, 'client', { image: 'registry.example/acme/client:1.0' });
  new BrokeredQueue(shop, 'orders', { broker: made }).grantSend(client);
  return { broker: made, client };
}

describe('the task that declares', () => {
  /** Queues that the broker has. */
  let queues: object[];
  /** Answers before those that succeed. */
  let failures: number[];
  let requests: { readonly line: string; readonly login?: string; readonly body: string }[];
  let server: Server;
  let port: number;
  beforeEach(done => {
    [queues, failures, requests] = [[], [], []];
    server = createServer(async (request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      requests.push({ line: `${request.method} ${request.url}`, login: request.headers.authorization, body: Buffer.concat(chunks).toString() });
      const failure = failures.shift();
      if (failure !== undefined) response.writeHead(failure).end('{"reason":"as told"}');
      else if (request.method === 'GET') response.end(JSON.stringify(queues));
      else response.writeHead(204).end();
    }).listen(0, '127.0.0.1', () => {
      ({ port } = server.address() as { port: number });
      done();
    });
  });
  afterEach(done => { server.close(done); });

  async function declare(change: () => void = () => undefined) {
    const { main } = broker(port).broker.provisioning!;
    sandbox.mount(main);
    change();
    sandbox.link('/opt/erlang', libraries);
    return sandbox.run(main.command!, { env: { ERL_FLAGS: '-pz /opt/erlang/amqp_client/ebin', HOME: '/tmp' } }); // behind what Erlang has itself
  }
  const queue = (type: string, more = {}) => ({ name: 'orders', type, arguments: { 'x-queue-type': type, ...more } });

  judgeTest('imports everything but users and rights, and these last, with passwords as hashes', 'erlang', async () => {
    queues = [queue('quorum'), { name: 'other', type: 'classic', arguments: {} }];
    expect(await declare()).toEqual({ status: 0, stdout: 'everything is as declared\n', stderr: '' });
    expect(requests.map(({ line }) => line)).toEqual(['GET /api/queues/%2F?columns=name,type,arguments', 'POST /api/definitions', 'POST /api/definitions']);
    const login = `Basic ${Buffer.from('admin:value-of-broker-admin').toString('base64')}`;
    expect(new Set(requests.map(each => each.login))).toEqual(new Set([login]));
    const [all, users] = requests.slice(1).map(({ body }) => JSON.parse(body));
    expect(all.queues.map(({ name }: any) => name)).toEqual(['orders', 'orders.dead']);
    expect(all.policies[0].pattern).toBe('^orders$');
    expect(Object.keys(users).sort()).toEqual(['permissions', 'users']);
    const [{ password_hash: hash, ...user }] = users.users;
    expect(user).toEqual({ name: 'shop-orders-client-send', tags: [], limits: {}, hashing_algorithm: 'rabbit_password_hashing_sha256' });
    const bytes = Buffer.from(hash, 'base64');
    expect(bytes.subarray(4)).toEqual(createHash('sha256').update(Buffer.concat([bytes.subarray(0, 4), Buffer.from('value-of-orders-client-send')])).digest());
    expect(requests.map(({ body }) => body).join()).not.toContain('value-of');
  });

  judgeTest('changes nothing where a queue is there that is another one', 'erlang', async () => {
    for (const [is, words] of [[queue('stream'), 'stream'], [queue('quorum', { 'x-single-active-consumer': true }), 'quorum with a single active consumer']] as const) {
      queues = [is];
      expect(await declare()).toEqual({
        status: 1, stdout: '', stderr: `refused: queue 'orders' is of type ${words} and cannot become quorum; give the new one another name. Nothing was changed\n`,
      });
    }
    expect(requests).toHaveLength(2);
  });

  judgeTest('asks again while the broker is not well', 'erlang', async () => {
    failures = [503, 500];
    expect((await declare()).status).toBe(0);
    expect(requests).toHaveLength(5);
  });

  judgeTest('fails where it is refused, and says what was answered', 'erlang', async () => {
    failures = [401];
    expect(await declare()).toEqual({ status: 1, stdout: '', stderr: 'failed: the broker answered 401: {"reason":"as told"}\n' });
  });

  judgeTest('fails with a password that clients read otherwise', 'erlang', async () => {
    expect(await declare(() => sandbox.write('/run/secrets/orders-client-send', 'a\n'))).toMatchObject({
      status: 1, stderr: 'failed: /run/secrets/orders-client-send: has an end of line, which clients would take for a part of it\n',
    });
  });

  judgeTest('fails without a password, for itself or for a user', 'erlang', async () => {
    expect(await declare(() => sandbox.write('/run/secrets/orders-client-send', ''))).toMatchObject({ status: 1, stderr: 'failed: /run/secrets/orders-client-send: is empty\n' });
    expect(await declare(() => sandbox.delete('/run/secrets/broker-admin'))).toMatchObject({ status: 1, stderr: 'failed: /run/secrets/broker-admin: no such file or directory\n' });
  });
});

describe('the check of whoever waits', () => {
  function check(tls = false, env: Record<string, string> = {}) {
    const { broker: made, client } = broker(undefined, tls);
    sandbox.mount(client.main);
    sandbox.link('/plugins', libraries);
    sandbox.tool('rabbitmq-server');
    const variables = Object.fromEntries(Object.entries(client.main.env).map(([name, { text }]) => [name, text!]));
    return sandbox.run(made.provisioning!.completionCheck!, { env: { ...variables, HOME: '/tmp', ...env } });
  }
  const login = (scheme: string, ending = '') => `${scheme}://shop-orders-client-send:value-of-orders-client-send@127.0.0.1:${scheme === 'amqp' ? 5672 : 5671}${ending}`;

  judgeTest('succeeds when everything is there, for which it asks with the rights of the waiter', 'erlang', async () => {
    sandbox.write('/logins', login('amqp'));
    sandbox.write('/there', 'orders\n');
    // another broker's, and what is no login
    const env = { OTHER_URL: 'amqp://elsewhere:5672', OTHER_PASSWORD_FILE: '/nowhere', PLAIN_URL: 'amqp://127.0.0.1:5672' };
    expect(await check(false, env)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(sandbox.calls).toEqual([`start ${login('amqp')} []`, 'exchange orders true', 'queue orders true']);
  });

  judgeTest('checks the certificate of a broker with TLS', 'erlang', async () => {
    sandbox.write('/logins', login('amqps', '?verify=verify_peer'));
    sandbox.write('/there', 'orders\n');
    expect(await check(true, { ORDERS_CA_FILE: '/run/secrets/authority' })).toMatchObject({ status: 0 });
    expect(sandbox.calls[0]).toBe(`start ${login('amqps', '?verify=verify_peer')} [verify,customize_hostname_check,cacertfile]`);
  });

  judgeTest('fails while the queue is not there, or the user is not known, and says for what it waits', 'erlang', async () => {
    for (const [logins, there] of [[login('amqp'), 'orders.dead'], ['', 'orders']]) {
      sandbox.write('/logins', logins);
      sandbox.write('/there', there);
      expect(await check()).toEqual({ status: 1, stdout: 'waiting for what is declared on amqp://127.0.0.1:5672\n', stderr: '' });
    }
  });
});
