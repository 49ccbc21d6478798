import { Application, KeyAccess, Redis, Workload } from 'cdk8s-conduit';
import { Size } from 'cdk8s';
import type { Deployment, Program } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';

jest.setTimeout(300_000);

const { READ, READ_WRITE } = KeyAccess;

interface Shop {
  /** Whether one more client may use keys, and one may do more than before. */
  readonly grown?: boolean;
  /** The image of the servers, if it is another one. */
  readonly image?: string;
}

/** A program of the server's image, with its client. */
const CLIENT = { image: 'valkey/valkey:9.1.2', uid: 999, gid: 999, command: ['sleep', 'infinity'] };

function build({ grown, image }: Shop = {}): Application {
  const shop = new Application('shop', { images: image ? { replace: { valkey: image } } : undefined });
  const store = new Redis(shop, 'store', { memoryLimit: Size.mebibytes(64) });
  const cache = new Redis(shop, 'cache', { memoryLimit: Size.mebibytes(64), cache: true, tls: true });
  const [api, report, blog] = ['api', 'report', 'blog'].map(id => new Workload(shop, id, CLIENT));
  store.grantUse(api, { keys: 'orders:*', access: READ_WRITE });
  store.grantUse(report, { keys: 'orders:*', access: grown ? READ_WRITE : READ });
  store.grantUse(blog, { keys: 'posts:*', access: READ_WRITE });
  cache.grantUse(api, { keys: '*', access: READ_WRITE });
  if (grown) store.grantUse(blog, { keys: 'orders:*', access: READ });
  return shop;
}

/** Logs in by a client's variables, and runs what is given, a command a line. */
const LOGIN = `read_variable() { eval "printf %s \\"\\\${$1_$2-}\\""; }
authority=$(read_variable "$1" CA_FILE) host=$(read_variable "$1" HOST) user=$(read_variable "$1" USER)
export REDISCLI_AUTH="$(cat "$(read_variable "$1" PASSWORD_FILE)")"
shift
printf '%s\\n' "$@" | redis-cli -t 5 -h "$host" --user "$user" \${authority:+--tls --cacert "$authority"}`;

/** Fills memory with megabytes, a key after the other, as a script would not be stopped. */
const filling = (keys: string, count: number) => Array.from({ length: count }, (_, index) => `eval "return redis.call('set', KEYS[1], string.rep('x', 1048576))" 1 ${keys}${index}`);

describeLive('a Redis server', engine => {
  let shop: Deployment;
  /** What a server answers to each command of a client, or why it does not. */
  const ask = async (client: Program, prefix: string, ...commands: string[]) => {
    const { stdout, stderr } = await shop.tryExec(client, 'sh', '-c', LOGIN, 'login', prefix, ...commands);
    return `${stdout}\n${stderr}`.split('\n').map(line => line.trim()).filter(line => line !== '');
  };
  const order = (client: Program, ...commands: string[]) => ask(client, 'ORDERS', ...commands);
  /** What is refused of some commands. */
  const refusals = async (...given: Parameters<typeof ask>) => (await ask(...given)).map(answer => answer.replace(/^(NOPERM) .*/, '$1'));
  const noPermission = (commands: string[]) => commands.map(() => 'NOPERM');
  /** As the administrator of a server, from within. */
  const administer = (server: string, ...command: string[]) => shop.exec(server, 'sh', '-c',
    'REDISCLI_AUTH=$(cat "/run/secrets/$1-admin"); export REDISCLI_AUTH; [ "$1" = store ] || secured="--tls --insecure"; shift; exec redis-cli ${secured-} --user admin "$@"', 'administer', server, ...command);
  const healthy = (server: string) => eventually(async () => (await shop.replicas(server))[0].healthy, { what: `${server} to be healthy again`, timeoutMs: 90_000 });
  const idsOf = async (...workloads: string[]) => (await Promise.all(workloads.map(workload => shop.replicas(workload)))).flat().map(({ id }) => id);
  const logged = async (workload: string) => (await shop.logs(workload)).map(({ text }) => text).join('\n');

  beforeAll(async () => {
    shop = engine.application(build());
    await shop.start();
    expect(await order('api', 'set orders:1 first')).toEqual(['OK']);
  });
  afterAll(() => shop?.remove());

  it('is told by an URL where it is, and by the file which password', async () => {
    expect(await shop.exec('api', 'sh', '-c', 'REDISCLI_AUTH=$(cat "$ORDERS_PASSWORD_FILE") redis-cli -u "$ORDERS_URL" --user "$ORDERS_USER" get "${ORDERS_KEY_PREFIX}1"')).toBe('first');
  });

  it('lets a writer do with its keys what programs do, by scripts and channels, too', async () => {
    const rename = 'eval "return redis.call(\'rename\', KEYS[1], KEYS[2])" 2 orders:queue orders:next';
    expect(await order('api', 'lpush orders:queue a b', rename, 'expire orders:next 1000', 'del orders:next', 'publish orders:placed 1')).toEqual(['2', 'OK', '1', '1', '0']);
    expect(await order('api', 'multi', 'incr orders:count', 'exec', 'xadd orders:log 1-1 what new', 'info server')).toEqual(
      expect.arrayContaining(['OK', 'QUEUED', '1', '1-1', expect.stringMatching(/^redis_version:/)]));
  });

  it('lets a reader read, and change nothing', async () => {
    expect(await order('report', 'get orders:1', 'exists orders:1', 'eval_ro "return redis.call(\'get\', KEYS[1])" 1 orders:1')).toEqual(['first', '1', 'first']);
    const changes = ['set orders:1 x', 'del orders:1', 'expire orders:1 1', 'publish orders:placed x', 'eval "return redis.call(\'set\', KEYS[1], \'x\')" 1 orders:1'];
    expect(await refusals('report', 'ORDERS', ...changes)).toEqual(noPermission(changes));
  });

  it('keeps every client away from keys, channels and names that it was not granted', async () => {
    const foreign = ['get orders:1', 'set orders:1 x', 'copy orders:1 posts:1', 'publish orders:placed x', 'subscribe orders:placed', 'psubscribe *'];
    const names = ['keys *', 'scan 0', 'randomkey', 'dbsize', 'client tracking on bcast', 'monitor'];
    expect(await refusals('blog', 'POSTS', ...foreign, ...names)).toEqual(noPermission([...foreign, ...names]));
    expect(await ask('blog', 'POSTS', 'eval "return redis.call(\'get\', \'orders:1\')" 0')).toEqual([expect.stringMatching(/NOPERM|ACL failure/)]);
  });

  it('lets no client administer', async () => {
    const commands = ['flushall', 'flushdb', 'swapdb 0 1', 'config get *', 'acl list', 'shutdown', 'function flush', 'client list', 'save', 'replicaof no one'];
    expect(await refusals('api', 'ORDERS', ...commands)).toEqual(noPermission(commands));
    expect(await refusals('api', 'CACHE', ...commands)).toEqual(noPermission(commands));
  });

  it('lets in nobody without the right password', async () => {
    const guess = async (from: string, ...options: string[]) => (shop.tryExec(from, 'redis-cli', '-e', ...options, 'ping'));
    expect(await guess('api', '-h', 'store')).toMatchObject({ code: 1, stderr: expect.stringContaining('NOAUTH') });
    expect(await guess('store')).toMatchObject({ code: 1, stderr: expect.stringContaining('NOAUTH') });
    expect((await guess('api', '-h', 'store', '--user', 'admin', '--pass', 'guess')).stderr).toContain('WRONGPASS');
    expect((await guess('api', '-h', 'store', '--user', 'default', '--pass', '')).code).toBe(1);
  });

  it('keeps keys and users when it is killed', async () => {
    await shop.kill('store');
    await healthy('store');
    expect(await order('report', 'get orders:1')).toEqual(['first']);
  });

  it('stops by itself, and has all that it said yes to', async () => {
    expect(await order('api', 'set orders:2 second')).toEqual(['OK']);
    const asked = Date.now();
    await shop.stop('store');
    expect(Date.now() - asked).toBeLessThan(30_000); // after which it would be killed
    await shop.resume('store');
    await healthy('store');
    expect(await order('report', 'get orders:2')).toEqual(['second']);
  });

  it('leaves nothing but its data and secrets when it is deleted, and has its data when it comes back', async () => {
    expect(await shop.delete()).toEqual({ left: [], lost: [] });
    await shop.start();
    expect(await order('report', 'get orders:1')).toEqual(['first']);
  });

  it('gets further grants while it runs, and takes them back', async () => {
    const before = await idsOf('store', 'api');
    await shop.update(build({ grown: true }));
    expect(await idsOf('store', 'api')).toEqual(before);
    expect(await order('report', 'set orders:3 third')).toEqual(['OK']);
    expect(await order('blog', 'get orders:3')).toEqual(['third']);
    await shop.update(build());
    expect(await idsOf('store', 'api')).toEqual(before);
    expect(await refusals('report', 'ORDERS', 'set orders:3 x')).toEqual(['NOPERM']);
    expect((await administer('store', 'acl', 'users')).split('\n').sort()).toEqual(
      ['admin', 'default', 'store-orders-api-use', 'store-orders-report-use', 'store-posts-blog-use']);
  });

  it('changes nothing where somebody else made a user of that name', async () => {
    await administer('store', 'acl', 'deluser', 'store-orders-report-use');
    await administer('store', 'acl', 'setuser', 'store-orders-report-use', 'on', '>by-hand', '~*', '+get');
    const refused = await shop.runOnce('store-provisioning', 'sh', '-c', 'sh /etc/redis/conduit/provision 2>&1 || true');
    expect(refused).toContain('refused: the user store-orders-report-use was made by somebody else');
    await administer('store', 'acl', 'deluser', 'store-orders-report-use');
    expect(await shop.runOnce('store-provisioning', 'sh', '/etc/redis/conduit/provision')).toContain('every user is as declared');
    expect(await order('report', 'get orders:1')).toEqual(['first']);
  });

  it('is provisioned by an administrator who has no more than ACL commands, as those of managed servers do', async () => {
    await administer('store', 'acl', 'setuser', 'manager', 'on', '>of-manager', '+acl', '+ping', '+info');
    const managed = new Application('managed');
    const far = new Redis(managed, 'far', { external: { host: 'store', tls: false, administrator: 'manager' } });
    far.grantUse(new Workload(managed, 'viewer', CLIENT), { keys: 'orders:*', access: READ });
    const textOf = (path: string) => far.provisioning!.main.configFiles.find(file => file.path === `/etc/redis/conduit/${path}`)!.content;
    const program = textOf('provision').replace(/^(DECLARATIONS|ADMIN_PASSWORD_FILE)=.*$/mg, (_, name) => `${name}=/run/conduit/${name}`);
    const given = textOf('declarations').replace(/\/run\/secrets\/\S+/g, '/run/conduit/ADMIN_PASSWORD_FILE');
    const provision = () => shop.runOnce('store-provisioning', 'sh', '-c',
      'printf %s of-manager > /run/conduit/ADMIN_PASSWORD_FILE && printf %s "$1" > /run/conduit/DECLARATIONS && exec sh -c "$2"', 'provision', given, program);
    for (let times = 0; times < 2; times++) expect(await provision()).toContain('every user is as declared');
    const as = (...command: string[]) => shop.exec('api', 'env', 'REDISCLI_AUTH=of-manager', 'redis-cli', '-h', 'store', '--user', 'managed-far-orders-viewer-use', ...command);
    expect(await as('get', 'orders:1')).toBe('first');
    expect(await as('set', 'orders:1', 'x')).toContain('NOPERM');
    expect(await order('report', 'get orders:1')).toEqual(['first']); // a user of another owner, who was left alone
  });

  it('is a cache that drops what is old when memory is full, by TLS alone', async () => {
    expect(await ask('api', 'CACHE', 'set kept value')).toEqual(['OK']);
    await new Promise(resolve => setTimeout(resolve, 2000)); // the server tells ages by the second
    // each time it looks at a few keys and drops the oldest one of them, so that it has to do that often
    expect(await ask('api', 'CACHE', ...filling('filling:', 160), 'exists kept', 'exists filling:159')).toEqual([...Array(160).fill('OK'), '0', '1']);
    expect((await shop.replicas('cache'))[0].restarts).toEqual({ main: 0 });
    expect((await shop.tryExec('api', 'sh', '-c', 'REDISCLI_AUTH=$(cat "$CACHE_PASSWORD_FILE") redis-cli -t 5 -h "$CACHE_HOST" --user "$CACHE_USER" -e ping')).code).toBe(1);
  });

  it('says no, and goes on, when memory is full and it is no cache', async () => {
    const [first, ...answers] = await order('api', ...filling('orders:filling:', 60));
    expect([first, answers.at(-1)]).toEqual(['OK', expect.stringContaining('OOM')]);
    expect(await order('api', 'get orders:1', `del ${Array.from({ length: 60 }, (_, index) => `orders:filling:${index}`).join(' ')}`, 'set orders:4 fourth')).toEqual(
      ['first', expect.stringMatching(/^\d+$/), 'OK']);
    expect((await shop.replicas('store'))[0].restarts).toEqual({ main: 0 });
  });

  it('of another product leaves keys that it cannot read, and serves a cache', async () => {
    const everybody = ['store', 'store-provisioning', 'cache-provisioning', 'api', 'report', 'blog'];
    await shop.update(build({ image: 'redis:8.0-alpine' }), { except: everybody }).catch(() => {}); // as the store does not start
    await eventually(async () => expect(await logged('store')).toContain('refused: what is stored here is of Valkey 9, which Redis 8 cannot read.'),
      { what: 'the refusal', timeoutMs: 60_000 });
    await eventually(async () => expect(await administer('cache', 'info', 'server')).toContain('redis_version:8.'), { what: 'the cache to be of Redis', timeoutMs: 60_000 });
    await shop.update(build());
    expect(await order('report', 'get orders:1')).toEqual(['first']);
    expect(await ask('api', 'CACHE', 'exists filling:159')).toEqual(['0']);
  });

  it('shows no secret to whoever may inspect, read the files or the logs', async () => {
    const visible = await shop.visible();
    for (const [name, value] of Object.entries(shop.secrets)) expect(`${name} ${visible.includes(value)}`).toBe(`${name} false`);
  });
});

describeLive('keys of two programs, and a cache (examples/20-keys)', engine => {
  let polls: Deployment;
  beforeAll(async () => {
    polls = engine.example('20-keys');
    await polls.start();
  });
  afterAll(() => polls?.remove());

  it('are written by one, and read by the other', async () => {
    const vote = "import urllib.request; print(urllib.request.urlopen('http://localhost:8080', b'tea').read().decode())";
    await eventually(async () => { // the other one may not have subscribed yet
      expect(await polls.exec('ballot', 'python', '-c', vote)).toMatch(/^\d+ tea$/);
      expect((await polls.logs('result')).map(({ text }) => text).join('\n')).toMatch(/^tea leads with \d+$/m);
    }, { what: 'the result' });
    expect(await polls.visit('ballot')).toMatch(/^\d+ tea$/);
  });
});
