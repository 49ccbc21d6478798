import { Application, ExternalClient, ExternalRedis, GrantKeysOptions, KeyAccess, Redis, RedisProps, Secret, StoreContract, Workload } from 'cdk8s-conduit';
import { Size } from 'cdk8s';
import { findKeysProblem, keyVariables } from '../../src/stores/redis/users';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

const { READ, READ_WRITE } = KeyAccess;
const IMAGE = 'registry.example/acme/app:1.0';

interface Shop { readonly shop: Application; readonly cache: Redis; readonly api: Workload }

function shopWith(props: RedisProps | ((shop: Application) => RedisProps) = {}, grants: GrantKeysOptions[] = [{ keys: 'orders:*', access: READ_WRITE }]): Shop {
  const shop = new Application('shop');
  const cache = new Redis(shop, 'cache', typeof props === 'function' ? props(shop) : props);
  const api = new Workload(shop, 'api', { image: IMAGE });
  for (const grant of grants) cache.grantUse(api, grant);
  return { shop, cache, api };
}
const bothOf = (...given: Parameters<typeof shopWith>) => new Both(shopWith(...given).shop);
const elsewhere = (more: Partial<ExternalRedis> = {}) => (shop: Application): RedisProps =>
  ({ external: { host: 'cache.example', caCertificates: new Secret(shop, 'authority', { existing: true }), ...more } });
const configOf = (both: Both, name: string): string => both.find('ConfigMap', name).data.content;
const declaredBy = (...given: Parameters<typeof shopWith>) => configOf(bothOf(...given), 'cache-provisioning-declarations');
/** Rules of a right, without what all rights have. */
const rulesOf = (keys: string, access: KeyAccess) => declaredBy({}, [{ keys, access }]).trim().split(' ').slice(2);

test('a client is told where its keys are, and who it is there', () => {
  const { kubernetes, compose } = bothOf().env('api');
  expect(kubernetes).toEqual(compose);
  expect(kubernetes).toEqual({
    ORDERS_HOST: 'cache',
    ORDERS_PORT: '6379',
    ORDERS_URL: 'redis://cache:6379',
    ORDERS_KEY_PREFIX: 'orders:',
    ORDERS_USER: 'cache-orders-api-use',
    ORDERS_PASSWORD_FILE: '/run/secrets/cache-orders-api-use',
  });
});

test.each<[GrantKeysOptions, string, Record<string, string>]>([
  [{ keys: 'votes', access: READ }, 'VOTES', { KEY: 'votes' }],
  [{ keys: '*', access: READ }, 'CACHE', {}],
  [{ keys: 'laravel_cache_*', access: READ }, 'LARAVEL_CACHE', { KEY_PREFIX: 'laravel_cache_' }],
  [{ keys: 'orders:*', access: READ, prefix: 'REDIS' }, 'REDIS', { KEY_PREFIX: 'orders:' }],
])('names of variables follow from the keys, or from the program: %j', (grant, prefix, own) => {
  const { compose } = bothOf({}, [grant]).env('api');
  expect(Object.keys(compose).sort()).toEqual(['HOST', ...Object.keys(own), 'PASSWORD_FILE', 'PORT', 'URL', 'USER'].map(ending => `${prefix}_${ending}`).sort());
  for (const [ending, value] of Object.entries(own)) expect(compose[`${prefix}_${ending}`]).toBe(value);
});

test('a client starts when the server runs and its user is there', () => {
  const both = bothOf();
  expect(both.service('api').depends_on).toEqual({ 'cache-0': { condition: 'service_healthy' }, 'cache-provisioning': { condition: 'service_completed_successfully' } });
  expect(both.containerNames('api').init).toEqual(['conduit-wait', 'conduit-tools', 'conduit-await-cache-provisioning']);
});

test('the server is one member with storage of its own', () => {
  const both = bothOf({ storage: Size.gibibytes(20), storageClass: 'fast' });
  const { spec } = both.find('StatefulSet', 'cache');
  expect([spec.replicas, spec.volumeClaimTemplates[0].spec.resources.requests.storage, spec.volumeClaimTemplates[0].spec.storageClassName]).toEqual([1, '20Gi', 'fast']);
  expect(both.container('cache').volumeMounts).toContainEqual({ name: 'volume-cache-data', mountPath: '/data', subPath: 'data' });
  expect(both.service('cache-0').volumes).toEqual([{ type: 'volume', source: 'cache-data_0', target: '/data', volume: { nocopy: true } }]);
});

test('the server is nobody that may do much, and writes to nothing but its storage', () => {
  const both = bothOf();
  expect(both.container('cache').securityContext).toMatchObject({ runAsUser: 999, runAsGroup: 999, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
  const { user, read_only, tmpfs, stop_grace_period } = both.service('cache-0');
  expect({ user, read_only, tmpfs, stop_grace_period }).toEqual({ user: '999:999', read_only: true, tmpfs: undefined, stop_grace_period: '30s' });
});

test('the server is healthy when it answers a user of its own, with no error', () => {
  const both = bothOf();
  const command = ['sh', '/etc/redis/conduit/health'];
  expect(both.container('cache').readinessProbe.exec.command).toEqual(command);
  expect(both.service('cache-0').healthcheck.test).toEqual(['CMD', ...command]);
});

test('keys outlive the server, and take half of its memory; those of a cache are dropped when two thirds are full', () => {
  const [store, cache] = [{}, { cache: true }].map(more => configOf(bothOf({ memoryLimit: Size.mebibytes(512), ...more }), 'cache-configuration'));
  expect(store).toContain('\nmaxmemory 262144kb\nmaxmemory-policy noeviction\nappendonly yes\nsave ""\n');
  expect(cache).toContain('\nmaxmemory 349525kb\nmaxmemory-policy allkeys-lru\nappendonly no\nsave ""\n');
  expect(bothOf({ memoryLimit: Size.mebibytes(512) }).container('cache').resources.limits.memory).toBe('512Mi');
});

test('with TLS there is no port without it', () => {
  const both = bothOf({ tls: true });
  expect(configOf(both, 'cache-configuration')).toContain(
    'port 0\ntls-port 6379\ntls-cert-file /run/secrets/cache-tls-certificate\ntls-key-file /run/secrets/cache-tls-key\ntls-auth-clients no\n');
  expect(both.env('api').compose).toMatchObject({ ORDERS_URL: 'rediss://cache:6379', ORDERS_CA_FILE: '/run/secrets/cache-tls-authority' });
  expect(configOf(both, 'cache-provisioning-script')).toContain('\nTRUSTED=/run/secrets/cache-tls-authority\n');
  expect(both.service('cache-0').secrets).toEqual(['cache-admin', 'cache-tls-certificate', 'cache-tls-key']);
});

describe('a right', () => {
  test('to read changes nothing, and is for its keys and channels alone', () => {
    const rules = rulesOf('orders:*', READ);
    expect(rules.slice(0, 2)).toEqual(['%R~orders:*', '&orders:*']);
    expect(rules.filter(rule => /write|publish|^\+eval$|\+del/.test(rule))).toEqual([]);
  });

  test('to write is for its keys and channels alone, too', () => {
    expect(rulesOf('orders:*', READ_WRITE)).toEqual(expect.arrayContaining(['~orders:*', '&orders:*', '+@write', '+publish', '+eval', '+del']));
  });

  test.each([READ, READ_WRITE])('never concerns others, and tells no names of their keys: %s', access => {
    const rules = rulesOf('orders:*', access);
    const last = (word: string) => rules.lastIndexOf(word);
    for (const taken of ['-@dangerous', '-@admin', '-function', '-@keyspace', '-client|tracking']) expect(last(taken)).toBeGreaterThan(Math.max(last('+@read'), last('+@write'), last('+@connection')));
    expect(rules.slice(last('-@keyspace')).filter(rule => /scan|randomkey|dbsize|\+keys|flush|swapdb/.test(rule))).toEqual([]);
  });

  test('to all keys may also look through them', () => {
    const rules = rulesOf('*', READ);
    expect(rules.slice(0, 2)).toEqual(['%R~*', '&*']);
    expect(rules).toContain('-@dangerous');
    expect(rules).not.toContain('-@keyspace');
  });

  test('that changes leaves user and password as they are', () => {
    const [before, after] = [READ, READ_WRITE].map(access => shopWith({}, [{ keys: 'orders:*', access }]).cache.users[0]);
    expect([after.userName, after.password.name]).toEqual([before.userName, before.password.name]);
  });

  test('is what flows', () => {
    expect(shopWith({}, [{ keys: 'orders:*', access: READ_WRITE }, { keys: 'votes', access: READ }]).api.connections.map(({ flow }) => flow)).toEqual(
      [{ action: 'read-write', channel: 'orders:*' }, { action: 'read', channel: 'votes' }]);
  });
});

test('a further client changes the task, and nothing of the server', () => {
  const { shop, cache } = shopWith();
  cache.grantUse(new Workload(shop, 'report', { image: IMAGE }), { keys: 'orders:*', access: READ });
  const [before, after] = [bothOf(), new Both(shop)];
  const without = ({ networks, ...service }: any) => service; // a client has a network of its own to the server
  expect(without(after.service('cache-0'))).toEqual(without(before.service('cache-0')));
  expect(after.find('StatefulSet', 'cache')).toEqual(before.find('StatefulSet', 'cache'));
  expect(configOf(after, 'cache-provisioning-declarations').match(/^\S+ \S+ \S+/gm)).toEqual(
    ['cache-orders-api-use /run/secrets/cache-orders-api-use ~orders:*', 'cache-orders-report-use /run/secrets/cache-orders-report-use %R~orders:*']);
});

test('an external server has the same users, and no workload', () => {
  const external = bothOf(elsewhere());
  expect(configOf(external, 'cache-provisioning-declarations')).toBe(declaredBy().replace(/^/gm, 'shop-').replace(/shop-$/, ''));
  expect(external.names('StatefulSet')).toEqual([]);
  expect(external.env('api').kubernetes).toMatchObject({ ORDERS_HOST: 'cache.example', ORDERS_URL: 'rediss://cache.example:6379', ORDERS_CA_FILE: '/run/secrets/authority' });
  expect(configOf(external, 'cache-provisioning-script')).toMatch(/\nADMIN=admin\n[^]*\nSTORES=\n/);
});

test('an external server can be one that others provision, who are told of all users', () => {
  const both = bothOf(elsewhere({ provisioning: false, caCertificates: undefined, port: 6380, addresses: ['192.0.2.0/24'] }));
  expect(both.names('Job')).toEqual([]);
  expect(configOf(both, 'cache-declarations')).toMatch(/^shop-cache-orders-api-use \/run\/secrets\/cache-orders-api-use ~orders:\* &orders:\* \+@read /);
  expect(both.service('api').depends_on).toBeUndefined();
});

test('clients outside are told, too', () => {
  const { shop, cache } = shopWith();
  const analyst = new ExternalClient(shop, 'analyst');
  cache.grantUse(analyst, { keys: 'orders:*', access: READ });
  new Both(shop);
  expect(analyst.env.ORDERS_URL.text).toBe('redis://localhost:6379');
});

describe('refused is', () => {
  test.each<[string, () => unknown, string]>([
    ['a second grant of the same keys', () => shopWith({}, [{ keys: 'orders:*', access: READ }, { keys: 'orders:*', access: READ_WRITE }]),
      "shop/cache/orders: 'api' was granted 'use' already; grant it once"],
    ['what would have the same name', () => shopWith({}, [{ keys: 'orders', access: READ }, { keys: 'orders:*', access: READ }]),
      "shop/cache: 'orders' and 'orders:*' would both be called 'orders'; rename one of them, or use a server for each"],
    ['a right that there is not', () => shopWith({}, [{ keys: 'orders', access: 'all' as KeyAccess }]),
      "shop/cache: 'access' must be KeyAccess.READ or KeyAccess.READ_WRITE, got 'all'"],
    ['a pattern that the server would read otherwise', () => shopWith({}, [{ keys: 'o?ders', access: READ }]),
      "shop/cache: 'keys' must be the name of a key, such as 'orders', the beginning of names with a final '*', such as 'orders:*', or '*' alone, of letters, digits and _ . : { } -, got 'o?ders'"],
    ['what no server can be', () => shopWith({ memoryLimit: Size.mebibytes(32) }), "shop/cache: 'memoryLimit' must be 64 MiB or more, got 32 MiB"],
    ['how an external server runs', () => shopWith(shop => ({ cache: true, tls: true, ...elsewhere()(shop) })),
      "shop/cache: 'cache', 'tls' cannot be had of an external server; leave these out, or 'external'"],
    ['TLS that the task could not check', () => shopWith(elsewhere({ caCertificates: undefined })),
      "shop/cache: the image of the task that provisions has no CA certificates; give those of the server as 'caCertificates', or set 'provisioning: false'"],
  ])('%s', (_, make, message) => {
    expect(wholeProgram(make)).toThrow(new Error(message));
  });

  test.each(['', '**', 'a*b', 'a b', 'a"b', "a'b", 'a\nb', 'a?', '[a]', 'a\\', '-a', '..', '_', '{}*', 'a/b', '$(id)', 'ä', '~a', 'a)'])('the name of keys: %j', keys => {
    expect(findKeysProblem(keys)).toContain("'keys' must ");
  });

  test.each(['*', 'orders', 'orders:*', 'Orders', '{orders}:*', '_kombu.*', 'a', '1*'])('but not: %s', keys => {
    expect(findKeysProblem(keys)).toBeUndefined();
    expect(Object.values(keyVariables(keys)).join('')).toBe(keys.replace('*', ''));
  });
});

describe.each<[string, (application: Application) => RedisProps]>([
  ['run by the application', () => ({})],
  ['a cache', () => ({ cache: true })],
  ['by TLS', () => ({ tls: true })],
  ['external', application => ({ external: { host: 'cache.example', caCertificates: application.node.tryFindChild('authority') as Secret ?? new Secret(application, 'authority', { existing: true }) } })],
])('the contract of data stores, %s:', (_, props) => {
  const cases = StoreContract.cases({
    makeServer: (application, id) => new Redis(application, id, props(application)),
    grantAccess: (server, client, name) => (server as Redis).grantUse(client, { keys: `${name}:*`, access: READ_WRITE }),
  }, { databases: false });
  for (const each of cases) test(each.statement, () => each.check());
});
