// The programs that a NATS broker's containers run, with stand-ins for the server and its client.
import { Application, BrokeredQueue, BrokeredTopic, Nats, NatsProps, Workload } from 'cdk8s-conduit';
import { createServer, Server } from 'http';
import { Sandbox } from '../programs/sandbox';

let sandbox: Sandbox;
beforeEach(() => { sandbox = new Sandbox(); });
afterEach(() => sandbox.remove());

function broker(props: NatsProps = {}): { readonly broker: Nats; readonly client: Workload } {
  const shop = new Application('shop');
  const made = new Nats(shop, 'broker', props);
  const client = new Workload(shop, 'client', { image: 'registry.example/acme/client:1.0' });
  new BrokeredQueue(shop, 'orders', { broker: made, deadLetters: false }).grantReceive(client);
  new BrokeredTopic(shop, 'news', { broker: made }).grantPublish(client);
  return { broker: made, client };
}

describe('the start of a server', () => {
  const KNOWN = '/data/conduit-nodes';
  beforeEach(() => {
    sandbox.tool('hostname', 'echo broker-1');
    sandbox.tool('nats-server', 'echo "$GOMEMLIMIT"');
  });

  function start(props: NatsProps = {}) {
    const { main } = broker(props).broker.workload!;
    sandbox.mount(main);
    return sandbox.run(main.command!);
  }

  test('fills the passwords in, and becomes the server, which is told what memory there is', async () => {
    expect(await start()).toEqual({ status: 0, stdout: '409MiB\n', stderr: '' });
    expect(sandbox.calls).toEqual(['hostname ', 'nats-server --config nats.conf --name broker-1 --client_advertise broker-1:4222']);
    expect(sandbox.read('/run/conduit/nats.conf')).toContain('"password": "value-of-orders-client-receive"');
    expect(sandbox.read(KNOWN)).toBe('1\n');
  });

  test('tells other members where a member is', async () => {
    expect((await start({ nodes: 3 })).status).toBe(0);
    expect(sandbox.calls.at(-1)).toBe('nats-server --config nats.conf --name broker-1 --client_advertise broker-1:4222 --cluster_advertise broker-1:6222');
    expect(sandbox.read('/run/conduit/nats.conf')).toContain('nats://route:value-of-broker-routes@broker-0:6222');
  });

  test.each([
    ['grows from 3 to 5', 3, 5, true],
    ['stays as it was', 5, 5, true],
    ['would shrink from 5 to 3', 5, 3, false],
    ['would become a cluster', 1, 3, false],
    ['would become a lone server', 3, 1, false],
  ])('a broker that %s', async (_, was, nodes, starts) => {
    sandbox.write(KNOWN, `${was}\n`);
    const { status, stderr } = await start({ nodes });
    expect(status).toBe(starts ? 0 : 1);
    expect(stderr).toBe(starts ? '' : `refused: what is stored here is of a broker of ${was} node(s), and would be lost in one of ${nodes}; set 'nodes' to ${was} again, or make another broker\n`);
    expect(sandbox.calls.some(call => call.startsWith('nats-server'))).toBe(starts);
    expect(sandbox.read(KNOWN)).toBe(`${starts ? nodes : was}\n`);
  });

  test('forgets that it had recovered, and takes no password that means something else', async () => {
    sandbox.write('/run/conduit/recovered', '');
    expect((await start()).status).toBe(0);
    expect(sandbox.read('/run/conduit/recovered')).toBeUndefined();
    const { main } = broker().broker.workload!;
    sandbox.mount(main);
    for (const password of ['a"b', 'a\n']) {
      sandbox.write('/run/secrets/broker-admin', password);
      expect(await sandbox.run(main.command!)).toMatchObject({ status: 1, stderr: 'secret broker-admin: only letters, digits and . _ ~ - are possible here, and no end of line\n' });
    }
  });
});

describe('the check of a server', () => {
  /** Status of each path that is asked for. */
  let answers: Record<string, number>;
  let asked: string[];
  let server: Server;
  let port: number;
  beforeEach(done => {
    [answers, asked] = [{}, []];
    server = createServer(({ url }, response) => {
      asked.push(url!);
      response.writeHead(answers[url!] ?? 404).end();
    }).listen(0, '127.0.0.1', () => {
      ({ port } = server.address() as { port: number });
      done();
    });
    // not every machine has it
    sandbox.tool('wget', `[ "$1 $2 $3 $4 $5" = "-q -T 5 -O /dev/null" ] && exec ${process.execPath} -e 'fetch(process.argv[1]).then(answer => process.exit(answer.ok ? 0 : 1))' "$6"`);
  });
  afterEach(done => { server.close(done); });

  async function check(): Promise<number | undefined> {
    const { main } = broker().broker.workload!;
    sandbox.mount(main);
    sandbox.replace('/etc/nats/conduit/health', 'PORT=8222', `PORT=${port}`);
    return (await sandbox.run(main.health!.words)).status;
  }

  test('fails until all was recovered, and from then on asks for the server alone', async () => {
    const [everything, itself] = ['/healthz', '/healthz?js-server-only=true'];
    answers = { [everything]: 503, [itself]: 200 };
    expect(await check()).toBe(1);
    answers = { [everything]: 200, [itself]: 200 };
    expect(await check()).toBe(0);
    answers = { [everything]: 503, [itself]: 200 };
    expect(await check()).toBe(0);
    answers = { [everything]: 200, [itself]: 503 };
    expect(await check()).toBe(1);
    expect(asked).toEqual([everything, everything, itself, itself]);
  });
});

/** The client: it takes the answer to a subject from the file of its name, or from `answers/other`, and notes what was asked for. */
const CLIENT = `
[ "$1 $3 $4" = "--inbox-prefix request --raw" ] || exit 2
echo "$NATS_USER:$NATS_PASSWORD@$NATS_URL <$NATS_CA> $2" >> logins
subject=\${5#'$JS.API.'}
echo "$6" >> "asked-$subject"
first=$(sed -n "$(wc -l < "asked-$subject")p" "answers/$subject" 2> /dev/null)
printf '%s' "\${first:-$(tail -n 1 "answers/$subject" 2> /dev/null || cat answers/other)}"`;
const NONE = '{"type":"error","error":{"code":404,"err_code":10059}}';

describe('the task that declares', () => {
  beforeEach(() => {
    sandbox.tool('nats', CLIENT);
    sandbox.tool('sleep');
    sandbox.write('/answers/other', '{"type":"done"}');
    for (const subject of ['STREAM.INFO.news', 'STREAM.INFO.orders', 'CONSUMER.INFO.orders.orders']) answer(subject, NONE);
  });
  const answer = (subject: string, ...texts: string[]) => sandbox.write(`/answers/${subject}`, texts.map(text => `${text}\n`).join(''));
  const asked = () => sandbox.calls.filter(call => call.startsWith('nats ')).map(call => call.split(' ')[5].replace('$JS.API.', ''));

  function declare(env: Record<string, string> = {}) {
    const { main } = broker().broker.provisioning!;
    sandbox.mount(main);
    const variables = Object.fromEntries(Object.entries(main.env).map(([name, { text }]) => [name, text!]));
    return sandbox.run(main.command!, { env: { ...variables, ...env } });
  }

  test('makes what is missing, and changes what is there', async () => {
    answer('STREAM.UPDATE.news', NONE, '{"type":"done"}');
    expect(await declare()).toEqual({ status: 0, stdout: 'STREAM orders is there\nSTREAM news is there\nCONSUMER orders.orders is there\nSTREAM news is there\n', stderr: '' });
    expect(asked()).toEqual([
      'STREAM.INFO.orders', 'STREAM.INFO.news', 'CONSUMER.INFO.orders.orders', 'STREAM.INFO.news',
      'STREAM.UPDATE.orders', 'STREAM.UPDATE.news', 'STREAM.CREATE.news', 'CONSUMER.CREATE.orders.orders', 'STREAM.UPDATE.news',
    ]);
    expect(sandbox.read('/logins')!.split('\n')[0]).toBe('broker-admin:value-of-broker-admin@nats://broker:4222 <> _INBOX_broker-admin');
    expect(JSON.parse(sandbox.read('/asked-STREAM.CREATE.news')!)).toMatchObject({ name: 'news', retention: 'interest' });
    expect(sandbox.calls.join()).not.toContain('value-of');
  });

  test('changes nothing where anything cannot become what is wanted, and says all of it', async () => {
    answer('STREAM.INFO.news', '{"type":"x","config":{"name":"news","retention":"limits","storage":"file","allow_msg_schedules":true}}');
    answer('STREAM.INFO.orders', '{"type":"x","config":{"name":"orders","retention":"workqueue","storage":"file"}}');
    answer('CONSUMER.INFO.orders.orders', '{"type":"x","config":{"deliver_policy":"all","ack_policy":"none"}}');
    const { status, stdout, stderr } = await declare();
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    const refusals = [
      'STREAM news has "retention":"limits" and cannot get "retention":"interest"; keep it as it was, or give the new one another name',
      "STREAM news has delays and cannot lose them; keep 'delays', or give the new one another name",
    ];
    expect(stderr).toBe([...refusals, 'CONSUMER orders.orders has "ack_policy":"none" and cannot get "ack_policy":"explicit"; keep it as it was, or give the new one another name', ...refusals]
      .map(text => `refused: ${text}. Nothing was changed\n`).join(''));
    expect(asked().filter(subject => !subject.includes('INFO'))).toEqual([]);
  });

  test('asks again while the server is not well, until its time is up', async () => {
    answer('STREAM.INFO.news', '{"type":"x","error":{"code":503}}', '{"type":"x","error":{"code":400,"err_code":10005}}', 'nats: error: timeout', NONE);
    expect((await declare()).status).toBe(0);
    expect(asked().filter(subject => subject === 'STREAM.INFO.news')).toHaveLength(5);
    sandbox.tool('nats', 'echo "nats: error: no servers available"; exit 1');
    sandbox.tool('date', 'echo "$(($(grep -c ^date calls) * 151))"');
    expect(await declare()).toEqual({ status: 1, stdout: '', stderr: 'failed: STREAM.INFO.orders: no connection: nats: error: no servers available\n' });
  });

  test('fails where something is refused', async () => {
    answer('CONSUMER.CREATE.orders.orders', '{"type":"x","error":{"code":400,"description":"no"}}');
    expect(await declare()).toMatchObject({ status: 1, stderr: 'failed: CONSUMER orders.orders: {"type":"x","error":{"code":400,"description":"no"}}\n' });
  });
});

describe('the check of whoever waits', () => {
  beforeEach(() => {
    sandbox.tool('nats', CLIENT);
    sandbox.write('/answers/CONSUMER.INFO.orders.orders', '{"type":"x","config":{}}');
  });

  async function check(topic: string, props: NatsProps = {}) {
    sandbox.write('/answers/STREAM.INFO.news', `${topic}\n`);
    const { broker: made, client } = broker(props);
    sandbox.mount(client.main);
    const variables = Object.fromEntries(Object.entries(client.main.env).map(([name, { text }]) => [name, text!]));
    return sandbox.run(made.provisioning!.completionCheck!, { env: variables });
  }

  test('succeeds when all is there and topics are complete, for which it asks as each of its users', async () => {
    expect(await check('{"type":"x","config":{"retention":"interest","metadata":{"conduit":"complete"}}}')).toEqual({ status: 0, stdout: '', stderr: '' });
    const logins = ['news-client-publish', 'orders-client-receive'].map(user => `${user}:value-of-${user}@nats://broker:4222 <> _INBOX_${user}`);
    expect(sandbox.read('/logins')!.trim().split('\n').sort()).toEqual(logins);
  });

  test('checks who is there, with TLS', async () => {
    expect((await check('{"type":"x","config":{"retention":"interest","metadata":{"conduit":"complete"}}}', { tls: true })).status).toBe(0);
    expect(sandbox.read('/logins')).toContain('@tls://broker:4222 </run/secrets/broker-tls-authority> ');
  });

  test.each([
    ['a topic lacks subscribers', '{"type":"x","config":{"retention":"interest"}}'],
    ['a topic is not there', NONE],
    ['nobody answers', 'nats: error: no servers available'],
  ])('fails while %s', async (_, topic) => {
    expect((await check(topic)).status).toBe(1);
  });

  test('asks the servers of a broker elsewhere, with what checks them', async () => {
    const external = { hosts: ['one.example', 'two.example'] };
    expect((await check('{"type":"x","config":{"retention":"interest","metadata":{"conduit":"complete"}}}', { external })).status).toBe(0);
    expect(sandbox.read('/logins')).toContain('@tls://one.example:4222,tls://two.example:4222 <> ');
  });
});
