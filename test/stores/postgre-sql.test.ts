import { Application, DatabaseAccess, ExternalClient, ExternalPostgreSql, GrantDatabaseOptions, PostgreSql, PostgreSqlProps, Secret, StoreContract, Workload } from 'cdk8s-conduit';
import { Size } from 'cdk8s';
import { findDatabaseProblem, renderUsers } from '../../src/stores/postgre-sql/users';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

const { OWN, READ, READ_WRITE } = DatabaseAccess;
const IMAGE = 'registry.example/acme/app:1.0';

interface Shop { readonly shop: Application; readonly db: PostgreSql; readonly api: Workload }

function shopWith(props: PostgreSqlProps | ((shop: Application) => PostgreSqlProps) = {}, grants: GrantDatabaseOptions[] = [{ database: 'orders', access: READ_WRITE }]): Shop {
  const shop = new Application('shop');
  const db = new PostgreSql(shop, 'db', typeof props === 'function' ? props(shop) : props);
  const api = new Workload(shop, 'api', { image: IMAGE });
  for (const grant of grants) db.grantUse(api, grant);
  return { shop, db, api };
}
const bothOf = (...given: Parameters<typeof shopWith>) => new Both(shopWith(...given).shop);
const elsewhere = (more: Partial<ExternalPostgreSql> = {}) => (shop: Application): PostgreSqlProps =>
  ({ external: { host: 'db.example', caCertificates: new Secret(shop, 'authority', { existing: true }), ...more } });
const configOf = (both: Both, name: string): string => both.find('ConfigMap', name).data.content;

test('a client is told where its database is, and who it is there', () => {
  const { kubernetes, compose } = bothOf().env('api');
  expect(kubernetes).toEqual(compose);
  expect(kubernetes).toEqual({
    ORDERS_HOST: 'db',
    ORDERS_PORT: '5432',
    ORDERS_URL: 'postgresql://db:5432/orders',
    ORDERS_DATABASE: 'orders',
    ORDERS_USER: 'db-orders-api-use',
    ORDERS_PASSWORD_FILE: '/run/secrets/db-orders-api-use',
  });
});

test('another prefix is another beginning of all variables', () => {
  expect(Object.keys(bothOf({}, [{ database: 'orders', access: READ, prefix: 'DATABASE' }]).env('api').compose).sort()).toEqual(
    ['DATABASE_DATABASE', 'DATABASE_HOST', 'DATABASE_PASSWORD_FILE', 'DATABASE_PORT', 'DATABASE_URL', 'DATABASE_USER']);
});

test('a client starts when the server runs and its database is there', () => {
  const both = bothOf();
  expect(both.service('api').depends_on).toEqual({ 'db-0': { condition: 'service_healthy' }, 'db-provisioning': { condition: 'service_completed_successfully' } });
  expect(both.containerNames('api').init).toEqual(['conduit-wait', 'conduit-tools', 'conduit-await-db-provisioning']);
});

test('the server is one member with storage of its own, below which it makes its directory', () => {
  const both = bothOf({ storage: Size.gibibytes(20), storageClass: 'fast' });
  const { spec } = both.find('StatefulSet', 'db');
  expect([spec.replicas, spec.volumeClaimTemplates[0].spec.resources.requests.storage, spec.volumeClaimTemplates[0].spec.storageClassName]).toEqual([1, '20Gi', 'fast']);
  expect(both.container('db').volumeMounts).toContainEqual({ name: 'volume-db-data', mountPath: '/var/lib/postgresql', subPath: 'data' });
  expect(both.service('db-0').volumes).toEqual([{ type: 'volume', source: 'db-data_0', target: '/var/lib/postgresql', volume: { nocopy: true } }]);
  expect(configOf(both, 'db-start')).toContain('\nDATA=/var/lib/postgresql/conduit\n');
});

test('the server is nobody that may do much, has what it needs to write to, and ends when it is asked', () => {
  const both = bothOf();
  expect(both.container('db').securityContext).toMatchObject({ runAsUser: 999, runAsGroup: 999, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
  const { user, read_only, tmpfs, stop_signal } = both.service('db-0');
  expect({ user, read_only, stop_signal }).toEqual({ user: '999:999', read_only: true, stop_signal: 'SIGINT' });
  expect(tmpfs.map((path: string) => path.split(':')[0])).toEqual(['/tmp', '/var/run/postgresql']);
  expect(both.container('db').lifecycle.preStop.exec.command[2]).toContain('SIGNAL=INT');
});

test('the server is healthy when clients can connect, not when it is being made', () => {
  const both = bothOf();
  const command = ['pg_isready', '--quiet', '--host=127.0.0.1', '--port=5432', '--username=postgres', '--dbname=postgres'];
  expect(both.container('db').readinessProbe.exec.command).toEqual(command);
  expect(both.service('db-0').healthcheck.test).toEqual(['CMD', ...command]);
});

test('everybody needs a password, which nobody can read on its way', () => {
  const both = bothOf();
  expect(configOf(both, 'db-access')).toBe('local all all scram-sha-256\nhost all all all scram-sha-256\n');
  const secured = bothOf({ tls: true });
  expect(configOf(secured, 'db-access')).toBe('local all all scram-sha-256\nhostssl all all all scram-sha-256\n');
  expect(secured.env('api').compose).toMatchObject({ ORDERS_CA_FILE: '/run/secrets/db-tls-authority' });
  expect(configOf(secured, 'db-provisioning-script')).toContain('MODE=verify-full\nTRUSTED=/run/secrets/db-tls-authority\n');
  expect(secured.service('db-0').secrets).toEqual(['db-admin', 'db-tls-certificate', 'db-tls-key']);
});

test('memory and connections are what the program says', () => {
  const both = bothOf({ memoryLimit: Size.gibibytes(2), maxConnections: 300 });
  expect(configOf(both, 'db-configuration')).toMatch(/max_connections = 300\nshared_buffers = 512MB\n/);
  expect(both.container('db').resources.limits.memory).toBe('2Gi');
});

test('a further client changes the task, and nothing of the server', () => {
  const { shop, db } = shopWith();
  db.grantUse(new Workload(shop, 'report', { image: IMAGE }), { database: 'orders', access: READ });
  const [before, after] = [bothOf(), new Both(shop)];
  const without = ({ networks, ...service }: any) => service; // a client has a network of its own to the server
  expect(without(after.service('db-0'))).toEqual(without(before.service('db-0')));
  expect(after.find('StatefulSet', 'db')).toEqual(before.find('StatefulSet', 'db'));
  expect(configOf(after, 'db-provisioning-declarations')).toBe(
    'orders db-orders-api-use writer /run/secrets/db-orders-api-use\norders db-orders-report-use reader /run/secrets/db-orders-report-use\n');
});

test('a right that changes leaves user and password as they are', () => {
  const [before, after] = [READ, OWN].map(access => shopWith({}, [{ database: 'orders', access }]).db.users[0]);
  expect([after.userName, after.password.name]).toEqual([before.userName, before.password.name]);
  expect([before, after].map(user => renderUsers([user]).split(' ')[2])).toEqual(['reader', 'owner']);
});

test('what flows is the right on the database', () => {
  expect(shopWith({}, [{ database: 'orders', access: OWN }, { database: 'returns', access: READ }]).api.connections.map(({ flow }) => flow)).toEqual(
    [{ action: 'own', channel: 'orders' }, { action: 'read', channel: 'returns' }]);
});

test('an external server has the same databases and users, and no workload', () => {
  const [own, external] = [bothOf(), bothOf(elsewhere())];
  expect(configOf(external, 'db-provisioning-declarations')).toBe(configOf(own, 'db-provisioning-declarations').replace(/ (db-\S+-use) /g, ' shop-$1 '));
  expect(external.names('StatefulSet')).toEqual([]);
  expect(external.env('api').kubernetes).toMatchObject({ ORDERS_HOST: 'db.example', ORDERS_URL: 'postgresql://db.example:5432/orders', ORDERS_CA_FILE: '/run/secrets/authority' });
  expect(configOf(external, 'db-provisioning-script')).toContain('ADMIN=admin\n');
});

test('an external server can be one that others provision, who are told of all users', () => {
  const both = bothOf(elsewhere({ provisioning: false, caCertificates: undefined, port: 6432, addresses: ['192.0.2.0/24'] }));
  expect(both.names('Job')).toEqual([]);
  expect(configOf(both, 'db-declarations')).toBe('orders shop-db-orders-api-use writer /run/secrets/db-orders-api-use\n');
  expect(both.service('api').depends_on).toBeUndefined();
});

test('clients outside are told, too', () => {
  const { shop, db } = shopWith();
  const analyst = new ExternalClient(shop, 'analyst');
  db.grantUse(analyst, { database: 'orders', access: READ });
  new Both(shop);
  expect(analyst.env.ORDERS_URL.text).toBe('postgresql://localhost:5432/orders');
});

describe('refused is', () => {
  test.each<[string, () => unknown, string]>([
    ['a second grant of the same database', () => shopWith({}, [{ database: 'orders', access: READ }, { database: 'orders', access: OWN }]),
      "shop/db/orders: 'api' was granted 'use' already; grant it once"],
    ['a right that there is not', () => shopWith({}, [{ database: 'Orders', access: 'all' as DatabaseAccess }]),
      "shop/db: 'access' must be DatabaseAccess.READ or DatabaseAccess.READ_WRITE or DatabaseAccess.OWN, got 'all'"],
    ['a name of a database that has capital letters', () => shopWith({}, [{ database: 'Orders', access: READ }]),
      "shop/db: 'database' must be at most 56 lower-case letters, digits, '_' and '-', beginning with a letter and not ending with a sign, got 'Orders'"],
    ['a name that the server would cut off', () => {
      const { shop, db } = shopWith();
      db.grantUse(new Workload(shop, 'a-client-with-a-rather-long-names', { image: IMAGE }), { database: 'with-a-rather-long-name', access: READ });
    }, "shop/db/with-a-rather-long-name: PostgreSQL takes names of at most 63 characters, and the user 'db-with-a-rather-long-name-a-client-with-a-rather-long-names-use' has 64; give the server, the database or the client a shorter one"],
    ['what no server can be', () => shopWith({ maxConnections: 1, memoryLimit: Size.mebibytes(64) }),
      "shop/db: 'maxConnections' must be a whole number from 10 to 10000, got 1\nshop/db: 'memoryLimit' must be 128 MiB or more, got 64 MiB"],
    ['how an external server runs', () => shopWith(shop => ({ storage: Size.gibibytes(1), tls: true, ...elsewhere()(shop) })),
      "shop/db: 'storage', 'tls' cannot be had of an external server; leave these out, or 'external'"],
    ['TLS that the task could not check', () => shopWith(elsewhere({ caCertificates: undefined })),
      "shop/db: the image of the task that provisions has no CA certificates; give those of the server as 'caCertificates', or set 'provisioning: false'"],
  ])('%s', (_, make, message) => {
    expect(wholeProgram(make)).toThrow(new Error(message));
  });

  test.each(['postgres', 'template1', 'pg_orders', '', '9lives', 'a b', 'a"b', "a'; DROP DATABASE x; --", 'a\nb', 'orders-', 'ORDERS', 'ä', 'a/b', '$(id)', 'x'.repeat(57)])('the name of a database: %j', database => {
    expect(findDatabaseProblem(database)).toContain("'database' must ");
  });

  test.each(['orders', 'blog-posts', 'a', 'a_1', 'select', 'x'.repeat(56)])('but not: %s', database => {
    expect(findDatabaseProblem(database)).toBeUndefined();
  });
});

describe.each<[string, (application: Application) => PostgreSqlProps]>([
  ['run by the application', () => ({})],
  ['by TLS', () => ({ tls: true })],
  ['external', application => ({ external: { host: 'db.example', caCertificates: application.node.tryFindChild('authority') as Secret ?? new Secret(application, 'authority', { existing: true }) } })],
])('the contract of data stores, %s:', (_, props) => {
  const cases = StoreContract.cases({
    makeServer: (application, id) => new PostgreSql(application, id, props(application)),
    grantAccess: (server, client, database) => (server as PostgreSql).grantUse(client, { database, access: READ_WRITE }),
  });
  for (const each of cases) test(each.statement, () => each.check());
});
