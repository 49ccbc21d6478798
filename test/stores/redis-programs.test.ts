// The programs that a Redis server's containers run, with stand-ins for the server and its client.
import { Application, KeyAccess, Redis, RedisProps, Secret, Workload } from 'cdk8s-conduit';
import { createHash } from 'crypto';
import { Sandbox } from '../programs/sandbox';

const { READ, READ_WRITE } = KeyAccess;
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

let sandbox: Sandbox;
beforeEach(() => { sandbox = new Sandbox(); });
afterEach(() => sandbox.remove());

function build(props: (shop: Application) => RedisProps = () => ({})): { readonly cache: Redis; readonly client: Workload } {
  const shop = new Application('shop');
  const cache = new Redis(shop, 'cache', props(shop));
  const client = new Workload(shop, 'client', { image: 'registry.example/acme/client:1.0' });
  cache.grantUse(client, { keys: 'orders:*', access: READ_WRITE });
  cache.grantUse(client, { keys: 'votes', access: READ });
  return { cache, client };
}

describe('the start of a server', () => {
  const versionIs = (text: string) => sandbox.tool('redis-server', `case $1 in --version) echo "${text} sha=0 malloc=libc" ;; esac`);
  beforeEach(() => versionIs('Valkey server v=9.1.2'));

  async function start(props: RedisProps = {}) {
    const { main } = build(() => props).cache.workload!;
    sandbox.mount(main);
    return sandbox.run(main.command!);
  }

  const ADMIN = `user admin on #${hashOf('value-of-cache-admin')} ~* &* +@all\n`;

  test('lets in the administrator alone where storage is new, and becomes the server', async () => {
    expect(await start()).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(sandbox.read('/data/users.acl')).toBe(`user default reset\n${ADMIN}`);
    expect(sandbox.calls.map(call => call.replaceAll(sandbox.path(''), ''))).toEqual(['redis-server --version', 'redis-server /etc/redis/conduit/redis.conf']);
    expect((await sandbox.run(['stat', '-c', '%a', '/data/users.acl'])).stdout).toBe('600\n');
  });

  test('keeps the users that are there, and takes the administrator\'s password of now', async () => {
    const others = 'user cache-orders-client-use on #1 ~orders:* +get\nuser administrator on #2\nuser defaults on #3\n';
    sandbox.write('/data/users.acl', `user admin on #old ~* &* +@all\nuser default on nopass ~* &* +@all\n${others}`);
    expect((await start()).status).toBe(0);
    expect(sandbox.read('/data/users.acl')).toBe(`user default reset\n${ADMIN}${others}`);
  });

  test.each([['Valkey 8', 'Valkey server v=9.1.2'], ['Valkey 9', 'Valkey server v=9.2.0'], ['Redis 7', 'Redis server v=8.0.2']])('takes over what %s stored: %s', async (stored, now) => {
    versionIs(now);
    sandbox.directory('/data/appendonlydir');
    sandbox.write('/data/stored-by', `${stored}\n`);
    expect((await start()).status).toBe(0);
    expect(sandbox.read('/data/stored-by')).toBe(`${now.replace(/ server v=(\d+).*/, ' $1')}\n`);
  });

  test.each([['Valkey 10', 'Valkey 9', 'Valkey server v=9.1.2'], ['Redis 7', 'Valkey 9', 'Valkey server v=9.1.2'], ['Valkey 9', 'Redis 8', 'Redis server v=8.0.2']])('leaves what %s stored as it is, as %s, and says what to do', async (stored, is, now) => {
    versionIs(now);
    sandbox.directory('/data/appendonlydir');
    sandbox.write('/data/stored-by', `${stored}\n`);
    expect(await start()).toEqual({
      status: 1,
      stdout: '',
      stderr: `refused: what is stored here is of ${stored}, which ${is} cannot read. Give the image of ${stored} back by `
      + "'images: { replace: { valkey: … } }'; to change, make a server of another id, and copy the keys. Nothing was changed\n",
    });
    expect(sandbox.calls).toEqual(['redis-server --version']);
    expect([sandbox.read('/data/stored-by'), sandbox.read('/data/users.acl')]).toEqual([`${stored}\n`, undefined]);
  });

  test('becomes no cache where there are keys that it would lose', async () => {
    sandbox.directory('/data/appendonlydir');
    expect(await start({ cache: true })).toEqual({
      status: 1,
      stdout: '',
      stderr:
      "refused: keys are stored here, and a cache would lose them. Leave out 'cache', or make a cache of another id. Nothing was changed\n",
    });
    expect(sandbox.calls).toEqual(['redis-server --version']);
  });
});

describe('the check of a server', () => {
  test.each([[false, ''], [true, '--tls --insecure ']])('asks as a user, and fails with the answer of whoever answers an error, TLS: %s', async (tls, options) => {
    sandbox.tool('redis-cli', 'echo "$REDISCLI_AUTH" > auth; exit "$(cat status)"');
    sandbox.mount(build(() => ({ tls })).cache.workload!.main);
    for (const status of [0, 1]) {
      sandbox.write('/status', `${status}`);
      expect((await sandbox.run(['sh', '/etc/redis/conduit/health'])).status).toBe(status);
    }
    expect(sandbox.calls[0]).toBe(`redis-cli -e -h 127.0.0.1 -p 6379 ${options}--user admin ping`);
    expect(sandbox.read('/auth')).toBe('value-of-cache-admin\n');
  });
});

describe('the task', () => {
  beforeEach(() => {
    // answers what the test says, and notes what it was told otherwise
    sandbox.tool('redis-cli', `case "$*" in
  *ping) echo PONG ;;
  *info*) cat info 2> /dev/null || echo redis_version:7.2.4 ;;
  *list) echo 'user default off'; cat present 2> /dev/null; true ;;
  *save) cat saved 2> /dev/null && exit 1; echo OK ;;
  *rewrite) cat rewritten 2> /dev/null && exit 1; echo OK ;;
  *) cat > told; cat answer 2> /dev/null || while read -r _; do echo OK; done < told ;;
esac`);
  });

  function provision(props?: (shop: Application) => RedisProps) {
    const { main } = build(props).cache.provisioning!;
    sandbox.mount(main);
    const env = Object.fromEntries(Object.entries(main.env).map(([name, { text }]) => [name, text!]));
    return { run: () => sandbox.run(main.command!, { env }) };
  }
  const told = () => sandbox.read('/told')?.trimEnd().split('\n');
  const elsewhere = (shop: Application): RedisProps => ({ external: { host: 'cache.example', caCertificates: new Secret(shop, 'authority', { existing: true }) } });

  test('checks first, then makes users by hashes of their passwords, and has them stored', async () => {
    expect(await provision().run()).toEqual({ status: 0, stdout: 'every user is as declared\n', stderr: '' });
    expect(sandbox.calls.map(call => call.replace('redis-cli -t 5 -h cache -p 6379 --user admin', ''))).toEqual([' ping', ' info server', ' -e acl list', '', ' -e acl save']);
    expect(told()!.map(line => line.replace(/( [+-]\S+)+ /, ' … '))).toEqual([
      `ACL SETUSER cache-orders-client-use reset on #${hashOf('value-of-cache-orders-client-use')} ~orders:* &orders:* … (~managed-by:shop/cache)`,
      `ACL SETUSER cache-votes-client-use reset on #${hashOf('value-of-cache-votes-client-use')} %R~votes &votes … (~managed-by:shop/cache)`,
    ]);
    expect(`${sandbox.calls.join('\n')}${sandbox.read('/told')}`).not.toContain('value-of-');
  });

  test('removes a user that was made here and is no more declared, and nobody else', async () => {
    sandbox.write('/present', 'user cache-old-client-use on #1 -@all (~managed-by:shop/cache resetchannels -@all)\nuser cache-orders-client-use on #1 (~managed-by:shop/cache resetchannels -@all)\n'
      + 'user of-others on #1 (~managed-by:shop/cache-2 resetchannels -@all)\nuser by-hand on #1 ~* +@all\n');
    expect((await provision().run()).status).toBe(0);
    expect(told()!.filter(line => !line.startsWith('ACL SETUSER'))).toEqual(['ACL DELUSER cache-old-client-use']);
    expect(told()).toHaveLength(3);
  });

  test.each([['by hand', '~* +@all'], ['for another server', '(~managed-by:shop/cache-2 resetchannels -@all)']])('changes nothing where a user was made %s', async (_, rules) => {
    sandbox.write('/present', `user cache-votes-client-use on #1 ${rules}\n`);
    expect(await provision().run()).toEqual({
      status: 1,
      stdout: '',
      stderr: 'refused: the user cache-votes-client-use was made by somebody else; give the keys, the client or the server another name. Nothing was changed\n',
    });
    expect(told()).toBeUndefined();
  });

  test('changes nothing of a server that is too old', async () => {
    sandbox.write('/info', 'redis_version:6.2.14\n');
    expect(await provision().run()).toMatchObject({ status: 1, stderr: 'refused: the server is of version 6, and 7 is the oldest that tells reading from writing; take a newer one. Nothing was changed\n' });
    expect(told()).toBeUndefined();
  });

  test.each([['nothing', ''], ['an end of line', 'a\n'], ['two lines', 'a\nb']])('takes no password that is %s, before it changes anything', async (_, password) => {
    const { run } = provision();
    sandbox.write('/run/secrets/cache-orders-client-use', password);
    expect(await run()).toMatchObject({ status: 1, stderr: 'secret cache-orders-client-use: a password must have no end of line, as clients take it for a part of it, and must not be empty\n' });
    expect(sandbox.calls).toEqual([]);
  });

  test('says why a user could not be made', async () => {
    sandbox.write('/answer', 'OK\nERR Error in ACL SETUSER modifier\n\n');
    expect(await provision().run()).toMatchObject({ status: 1, stderr: 'ERR Error in ACL SETUSER modifier\n' });
  });

  test('fails where its own server does not store users', async () => {
    sandbox.write('/saved', 'ERR There was an error trying to save the ACLs\n');
    expect(await provision().run()).toMatchObject({ status: 1, stderr: 'failed: the server could not store its users: ERR There was an error trying to save the ACLs\n' });
  });

  test('has an external server store users as it does, or says that it does not', async () => {
    sandbox.write('/saved', 'ERR no ACL file\n');
    expect(await provision(elsewhere).run()).toEqual({ status: 0, stdout: 'every user is as declared\n', stderr: '' });
    sandbox.write('/rewritten', 'ERR no config file\n');
    expect(await provision(elsewhere).run()).toEqual({
      status: 0,
      stderr: '',
      stdout: 'whoever runs the server has to see that it stores its users, as it refuses to: ERR no ACL file\nevery user is as declared\n',
    });
    expect(sandbox.calls[0]).toBe('redis-cli -t 5 -h cache.example -p 6379 --user admin --tls --sni cache.example --cacert /run/secrets/authority ping');
  });

  test('touches no key', () => {
    const { content } = build().cache.provisioning!.main.configFiles.find(({ path }) => path.endsWith('/provision'))!;
    expect(content).not.toMatch(/\b(flush\w*|swapdb|unlink|del)\b/i);
  });
});

describe('who waits', () => {
  const env = {
    ORDERS_HOST: 'cache',
    ORDERS_PORT: '6379',
    ORDERS_USER: 'cache-orders-client-use',
    ORDERS_PASSWORD_FILE: '/run/secrets/own',
    OTHERS_HOST: 'elsewhere',
    OTHERS_PORT: '6379',
    OTHERS_USER: 'other',
    OTHERS_PASSWORD_FILE: '/run/secrets/other',
  };

  test.each([0, 1])('logs in as each of its users on this server, and to no other: %d', async status => {
    sandbox.write('/run/secrets/own', 's3cret');
    sandbox.tool('redis-cli', `echo "$REDISCLI_AUTH" > auth; exit ${status}`);
    expect(await sandbox.run(build().cache.provisioning!.completionCheck!, { env })).toEqual({ status, stdout: '', stderr: '' });
    expect(sandbox.calls).toEqual(['redis-cli -e -t 5 -h cache -p 6379 --user cache-orders-client-use ping']);
    expect(sandbox.read('/auth')).toBe('s3cret\n');
  });

  test('checks the server where there is TLS', async () => {
    sandbox.write('/run/secrets/own', 's3cret');
    sandbox.tool('redis-cli');
    expect((await sandbox.run(build(() => ({ tls: true })).cache.provisioning!.completionCheck!, { env })).status).toBe(0);
    expect(sandbox.calls[0]).toContain('--tls --sni cache --cacert ');
  });
});
