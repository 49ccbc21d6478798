import { Application, DiscoverableService, EnvValue, HealthCheck, ImageFacts, Secret, Task, Volume, Workload, WorkloadProps } from 'cdk8s-conduit';
import { Size } from 'cdk8s';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });

/** A server with a volume at a path. */
function keeping(image: string, path: string, props: Partial<WorkloadProps> = {}): Workload {
  const workload = new Workload(shop, 'db', { image, stable: true, ...props });
  workload.main.mountVolume(new Volume(shop, 'data', { perMember: true }), path);
  return workload;
}

/** Paths that the program may write to, and lose, on either target; the volume's is not among them. */
function scratch(both: Both, name: string, service = name): { kubernetes: string[]; compose: string[] } {
  const mounts: any[] = both.container(name).volumeMounts ?? [];
  return {
    kubernetes: mounts.filter(mount => mount.name.startsWith('writable-')).map(mount => mount.mountPath),
    compose: (both.service(service).tmpfs ?? []).map((mount: string) => mount.split(':')[0]),
  };
}

const onBoth = (paths: string[]) => ({ kubernetes: paths, compose: paths });
const users = (both: Both, name: string, service = name) => {
  const { runAsUser, runAsGroup } = both.container(name).securityContext;
  return [`${runAsUser}:${runAsGroup}`, both.service(service).user];
};

describe('a database of an official image', () => {
  test('runs as its user, with its port, its check and what it writes', () => {
    keeping('postgres:18.6', '/var/lib/postgresql');
    const both = new Both(shop);
    expect(users(both, 'db', 'db-0')).toEqual(['999:999', '999:999']);
    expect(both.container('db').ports).toEqual([{ name: 'postgresql', containerPort: 5432, protocol: 'TCP' }]);
    expect(both.container('db').readinessProbe.exec.command).toEqual(['pg_isready', '--quiet', '--host=127.0.0.1']);
    expect(both.service('db-0').healthcheck.test).toEqual(['CMD', 'pg_isready', '--quiet', '--host=127.0.0.1']);
    expect(scratch(both, 'db', 'db-0')).toEqual(onBoth(['/tmp', '/var/run/postgresql']));
  });

  test('has paths in memory that belong to its user, after a restart, too, as a mode alone would not do', () => {
    keeping('postgres:18-alpine', '/var/lib/postgresql');
    const both = new Both(shop);
    expect(users(both, 'db', 'db-0')).toEqual(['70:70', '70:70']);
    for (const mount of both.service('db-0').tmpfs) expect(mount).toMatch(/:uid=70,gid=70,/);
  });

  test('is reached by the port that is known, and its URL has the scheme', () => {
    const db = keeping('postgres:18.6', '/var/lib/postgresql');
    new Workload(shop, 'web', { image: 'acme/web:1.0' }).connectTo(db.endpoint());
    const { kubernetes, compose } = new Both(shop).env('web');
    expect(kubernetes.DB_URL).toBe('postgresql://db:5432');
    expect(compose.DB_URL).toBe('postgresql://db:5432');
  });

  test('of version 17 has its data in a directory of the volume, as it takes none that belongs to others', () => {
    keeping('postgres:17.12', '/var/lib/postgresql/data');
    const { kubernetes, compose } = new Both(shop).env('db', 'db-0');
    expect(kubernetes.PGDATA).toBe('/var/lib/postgresql/data/pgdata');
    expect(compose.PGDATA).toBe('/var/lib/postgresql/data/pgdata');
  });

  test('of version 18 needs no such directory', () => {
    keeping('postgres:18.6', '/var/lib/postgresql');
    expect(new Both(shop).env('db', 'db-0').kubernetes.PGDATA).toBeUndefined();
  });

  test.each([['mysql:8.4.10', '1Gi', '1024M'], ['mariadb:11.8', '512Mi', '512M']])('has the memory that its first start needs: %s', (image, onKubernetes, onCompose) => {
    keeping(image, '/var/lib/mysql');
    const both = new Both(shop);
    expect(both.container('db').resources.limits.memory).toBe(onKubernetes);
    expect(both.service('db-0').deploy.resources.limits.memory).toBe(onCompose);
  });

  test.each([
    ['postgres:18.6', '/var/lib/postgresql/data', '/var/lib/postgresql'],
    ['postgres:17.12', '/var/lib/postgresql', '/var/lib/postgresql/data'],
    ['mysql:8.4.10', '/var/lib', '/var/lib/mysql'],
  ])('refuses a mount by which it would lose its data: %s at %s', (image, path, right) => {
    keeping(image, path);
    expect(wholeProgram(() => new Both(shop))).toThrow(`shop/db: image '${image}' keeps data at '${right}', which does not outlive the container, as volume 'data' is mounted at '${path}'; mount it at '${right}'`);
  });

  test('without a volume is refused, unless the program says that its data may be lost', () => {
    new Workload(shop, 'db', { image: 'postgres:18.6' });
    expect(wholeProgram(() => new Both(shop))).toThrow("shop/db: image 'postgres:18.6' keeps data at '/var/lib/postgresql', where nothing is mounted; "
      + "mount a volume there, or say by 'writablePaths' that the data may be lost with the container");
    shop = new Application('shop');
    new Workload(shop, 'db', { image: 'postgres:18.6', writablePaths: ['/var/lib/postgresql'] });
    expect(scratch(new Both(shop), 'db')).toEqual(onBoth(['/tmp', '/var/lib/postgresql', '/var/run/postgresql']));
  });

  test('whose program says where data are is not asked for a mount elsewhere', () => {
    keeping('postgres:17.12', '/storage', { env: { PGDATA: EnvValue.literal('/storage/pg') } });
    expect(new Both(shop).env('db', 'db-0').compose.PGDATA).toBe('/storage/pg');
  });

  test('refuses the user of somebody else', () => {
    keeping('postgres:18.6', '/var/lib/postgresql', { uid: 10001 });
    expect(wholeProgram(() => new Both(shop))).toThrow("shop/db: the files of image 'postgres:18.6' belong to user 999, got 'uid: 10001'; leave out 'uid' and 'gid'");
  });

  test('takes a secret by the variable that ends with _FILE, not by the one for the value', () => {
    const password = new Secret(shop, 'password');
    keeping('postgres:18.6', '/var/lib/postgresql', { env: { POSTGRES_PASSWORD: EnvValue.secretFile(password) } });
    expect(wholeProgram(() => new Both(shop))).toThrow("shop/db: image 'postgres:18.6' takes POSTGRES_PASSWORD for the value itself, and got the path of a secret's file; set POSTGRES_PASSWORD_FILE");
  });

  test('refuses both forms of a variable, with which it would not start', () => {
    const env = { POSTGRES_USER: EnvValue.literal('app'), POSTGRES_USER_FILE: EnvValue.secretFile(new Secret(shop, 'user')) };
    keeping('postgres:18.6', '/var/lib/postgresql', { env });
    expect(wholeProgram(() => new Both(shop))).toThrow("shop/db: image 'postgres:18.6' takes POSTGRES_USER or POSTGRES_USER_FILE, got both; leave out one of them");
  });
});

describe('a cache of an official image', () => {
  test('may write its data, as it could not be stopped otherwise', () => {
    new Workload(shop, 'cache', { image: 'redis:8.0-alpine' });
    const both = new Both(shop);
    expect(users(both, 'cache')).toEqual(['999:1000', '999:1000']);
    expect(scratch(both, 'cache')).toEqual(onBoth(['/data']));
    expect(both.service('cache').tmpfs[0]).toMatch(/^\/data:uid=999,gid=1000,/);
  });

  test('is asked so that an error is a failure', () => {
    new Workload(shop, 'cache', { image: 'redis:8.6' });
    const both = new Both(shop);
    expect(both.container('cache').readinessProbe.exec.command).toEqual(['redis-cli', '-e', 'ping']);
    expect(both.service('cache').healthcheck.test).toEqual(['CMD', 'redis-cli', '-e', 'ping']);
  });

  test('keeps its data on a volume, if there is one', () => {
    keeping('valkey/valkey:9.0', '/data');
    const both = new Both(shop);
    expect(scratch(both, 'db', 'db-0')).toEqual(onBoth([]));
    expect(both.service('db-0').volumes).toEqual([expect.objectContaining({ target: '/data' })]);
  });
});

test('a web server of an official image listens on port 80, without root, and writes where it must', () => {
  new Workload(shop, 'web', { image: 'nginx:stable-alpine' });
  const both = new Both(shop);
  expect(users(both, 'web')).toEqual(['101:101', '101:101']);
  expect(both.container('web').ports).toEqual([{ name: 'http', containerPort: 80, protocol: 'TCP' }]);
  expect(both.pod('web').securityContext.sysctls).toEqual([{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }]);
  expect(scratch(both, 'web')).toEqual(onBoth(['/run', '/tmp', '/var/cache/nginx']));
});

test('a service of an official image needs no port said', () => {
  const cache = new DiscoverableService(shop, 'cache', { image: 'redis:8.6' });
  expect(cache.url).toBe('redis://cache:6379');
  expect(new Both(shop).container('cache').ports).toEqual([{ name: 'redis', containerPort: 6379, protocol: 'TCP' }]);
  const blog = new Application('blog');
  expect(wholeProgram(() => new DiscoverableService(blog, 'other', { image: 'redis:8.6', command: ['sleep', 'infinity'] }))).toThrow("blog/other: a service needs a port that others connect to; set 'port' or 'ports'");
});

test('what is known of an image can be asked for', () => {
  expect(shop.images.factsOf('docker.io/library/nginx:1.30')).toMatchObject({ name: 'nginx', uid: 101 });
  expect(shop.images.factsOf('acme/nginx:1.30')).toBeUndefined();
});

test('what writes beside files of its image has a copy of them, which its own user makes', () => {
  new Workload(shop, 'web', { image: 'nginx:1.30' }).main.mountCopy('/etc/nginx/conf.d');
  const both = new Both(shop);
  expect(both.containerNames('web').init).toContain('copy-0');
  expect(both.container('web', 'copy-0')).toMatchObject({ command: ['cp', '-R', '/etc/nginx/conf.d/.', '/copy'], securityContext: { runAsUser: 101 } });
  expect(both.service('web_copy-0')).toMatchObject({ image: 'nginx:1.30', entrypoint: ['cp', '-R', '/etc/nginx/conf.d/.', '/copy'], user: '101:101' });
  expect(both.service('web').depends_on['web_copy-0']).toEqual({ condition: 'service_completed_successfully' });
  const mounted = (mounts: any[], key: string) => mounts.filter(mount => mount[key] === '/copy' || mount[key] === '/etc/nginx/conf.d').map(mount => mount.source ?? mount.name);
  expect(new Set([...mounted(both.service('web').volumes, 'target'), ...mounted(both.service('web_copy-0').volumes, 'target')]).size).toBe(1);
  expect(new Set([...mounted(both.container('web').volumeMounts, 'mountPath'), ...mounted(both.container('web', 'copy-0').volumeMounts, 'mountPath')]).size).toBe(1);
});

test('a directory to copy is an absolute path', () => {
  const { main } = new Workload(shop, 'web', { image: 'nginx:1.30' });
  expect(wholeProgram(() => main.mountCopy('conf.d'))).toThrow("shop/web: a directory to copy must be an absolute path without a final slash, '..', ':' and '$', got 'conf.d'");
});

describe('what the program says wins', () => {
  test('for each option', () => {
    const health = HealthCheck.tcp(8080);
    new Workload(shop, 'web', { image: 'nginx:1.30', uid: 33, gid: 34, ports: [{ name: 'web', number: 8080 }], health, resources: { memoryLimit: Size.mebibytes(64) } });
    const both = new Both(shop);
    expect(users(both, 'web')).toEqual(['33:34', '33:34']);
    expect(both.container('web').ports).toEqual([{ name: 'web', containerPort: 8080, protocol: 'TCP' }]);
    expect(both.service('web').deploy.resources.limits.memory).toBe('64M');
  });

  test('and a check that asks the usual port is left out with that port', () => {
    keeping('postgres:18.6', '/var/lib/postgresql', { ports: [{ name: 'db', number: 5433 }], args: ['postgres', '-p', '5433'] });
    expect(new Both(shop).container('db').readinessProbe.tcpSocket).toEqual({ port: 5433 });
  });

  test('and its writable paths are added to what the image needs', () => {
    new Workload(shop, 'web', { image: 'nginx:1.30', writablePaths: ['/uploads', '/tmp'] });
    expect(scratch(new Both(shop), 'web')).toEqual(onBoth(['/run', '/tmp', '/uploads', '/var/cache/nginx']));
  });

  test('and its own variables are kept', () => {
    keeping('postgres:17.12', '/var/lib/postgresql/data', { env: { PGDATA: EnvValue.literal('/var/lib/postgresql/data/other') } });
    expect(new Both(shop).env('db', 'db-0').compose.PGDATA).toBe('/var/lib/postgresql/data/other');
  });
});

describe('what runs another program of the image', () => {
  test('by a command of its own has the image\'s user, and nothing of its server', () => {
    new Workload(shop, 'web', { image: 'postgres:18.6', command: ['sleep', 'infinity'] });
    const both = new Both(shop);
    expect(users(both, 'web')).toEqual(['999:999', '999:999']);
    expect(both.container('web').ports).toBeUndefined();
    expect(both.container('web').readinessProbe).toBeUndefined();
    expect(scratch(both, 'web')).toEqual(onBoth([]));
  });

  test('as a task or an init container serves nothing, and needs no data', () => {
    new Task(shop, 'dump', { image: 'postgres:18.6', args: ['pg_dump'] });
    new Workload(shop, 'web', { image: 'acme/web:1.0' }).addInitContainer('wait', { image: 'postgres:18.6', args: ['psql'] });
    const both = new Both(shop);
    expect(both.container('dump').ports).toBeUndefined();
    expect(both.service('dump').healthcheck).toBeUndefined();
    expect(both.container('web', 'wait').ports).toBeUndefined();
    expect(both.container('web', 'wait').securityContext.runAsUser).toBe(999);
  });
});

describe('an image is the official one', () => {
  test.each(['redis:8.6', 'docker.io/redis:8.6', 'docker.io/library/redis:8.6', `redis:8.6@sha256:${'0'.repeat(64)}`])('by each of its names: %s', image => {
    expect(new Workload(shop, 'cache', { image }).main.uid).toBe(999);
  });

  test('behind the mirror of the application', () => {
    shop = new Application('shop', { images: { mirror: 'mirror.example/hub' } });
    expect(new Workload(shop, 'cache', { image: 'mirror.example/hub/redis:8.6' }).main.uid).toBe(999);
    expect(new Workload(shop, 'other', { image: 'mirror.example/hub/library/redis:8.6' }).main.uid).toBe(999);
    expect(new Workload(shop, 'else', { image: 'elsewhere.example/redis:8.6' }).main.uid).toBe(10001);
  });

  test('and no other, which keeps the usual user', () => {
    for (const [index, image] of ['acme/redis:8.6', 'registry.example/library/redis:8.6', 'redis-stack:8.6', 'quay.io/redis:8.6'].entries()) {
      const { main } = new Workload(shop, `web-${index}`, { image });
      expect([main.uid, main.gid, main.ports, main.writablePaths, main.facts]).toEqual([10001, 10001, [], [], undefined]);
    }
  });

  test('only with a version, where it depends on that how it is run', () => {
    expect(wholeProgram(() => new Workload(shop, 'db', { image: 'postgres:alpine' })))
      .toThrow("shop/db: 'image' must have a tag that begins with a version, as how 'postgres' is run depends on that, got the tag 'alpine'");
    expect(wholeProgram(() => new Workload(shop, 'other', { image: `postgres@sha256:${'0'.repeat(64)}` }))).toThrow("how 'postgres' is run depends on that, got no tag");
  });

  test('of the flavour that its tag names', () => {
    const userOf = (id: string, image: string) => new Workload(shop, id, { image }).main.uid;
    expect(userOf('a', 'wordpress:6.9-php8.4-apache')).toBe(33);
    expect(userOf('b', 'wordpress:6.9-php8.4-fpm-alpine')).toBe(82);
    expect(userOf('c', 'wordpress:6.9-php8.4-fpm')).toBe(33);
    expect(userOf('d', 'wordpress:cli-2.11')).toBe(82);
  });
});

describe('an image of one\'s own', () => {
  const ORDERS: ImageFacts = { name: 'acme/orders', uid: 1234, gid: 1235, ports: [{ name: 'http', number: 3000 }], writablePaths: ['/cache'], source: 'its Dockerfile', date: '2026-11-28' };

  test('is described once, and then run as described', () => {
    shop.images.describe(ORDERS);
    new Workload(shop, 'orders', { image: 'acme/orders:1.0' });
    const both = new Both(shop);
    expect(users(both, 'orders')).toEqual(['1234:1235', '1234:1235']);
    expect(both.container('orders').ports).toEqual([{ name: 'http', containerPort: 3000, protocol: 'TCP' }]);
    expect(scratch(both, 'orders')).toEqual(onBoth(['/cache']));
  });

  test('comes before what the library knows of the same name', () => {
    shop.images.describe({ ...ORDERS, name: 'redis' });
    expect(new Workload(shop, 'cache', { image: 'redis:8.6' }).main.uid).toBe(1234);
  });

  test('is described before it is used, and not twice', () => {
    new Workload(shop, 'orders', { image: 'acme/orders:1.0' });
    expect(wholeProgram(() => shop.images.describe(ORDERS))).toThrow("image catalogue: a container of 'acme/orders' is there already; describe the image before it is used");
    shop = new Application('shop');
    shop.images.describe(ORDERS);
    expect(wholeProgram(() => shop.images.describe({ ...ORDERS, uid: 5 }))).toThrow("there are facts of 'acme/orders' for the same tags already");
    shop.images.describe({ ...ORDERS, flavour: 'alpine' });
  });

  test('with malformed values is refused, with all of them', () => {
    expect(wholeProgram(() => shop.images.describe({ ...ORDERS, name: 'acme/orders:1', uid: 0, gid: -1, writablePaths: ['cache'], date: 'today' }))).toThrow([
      "image catalogue: facts must have the name of an image without tag, got 'acme/orders:1'",
      "image catalogue: 'uid' of 'acme/orders:1' must be a number other than 0, which is root, got 0",
      "image catalogue: 'gid' of 'acme/orders:1' must be a number, got -1",
      "image catalogue: paths of 'acme/orders:1' must be an absolute path without a final slash, '..', ':' and '$', got 'cache'",
      "image catalogue: the date of 'acme/orders:1' must be a day such as 2026-11-28, got 'today'",
    ].join('\n'));
  });
});
