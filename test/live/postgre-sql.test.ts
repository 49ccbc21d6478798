import { Application, DatabaseAccess, PostgreSql, Workload } from 'cdk8s-conduit';
import type { Deployment, Program } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';

jest.setTimeout(300_000);

const { OWN, READ, READ_WRITE } = DatabaseAccess;

interface Shop {
  readonly tls?: boolean;
  /** Major version of the server, by the image that has it. */
  readonly reference?: string;
  /** Whether one more client may use a database, and one may do more than before. */
  readonly grown?: boolean;
  /** A database that cannot be had, as somebody else made it. */
  readonly taken?: string;
}

/** A program of the server's image, with its client. */
const CLIENT = { image: 'postgres:18.6', uid: 999, gid: 999, command: ['sleep', 'infinity'], writablePaths: ['/tmp'] };

function build({ tls, reference, grown, taken }: Shop = {}): Application {
  const application = new Application(tls ? 'secured' : 'shop', { images: reference ? { replace: { postgres: reference } } : undefined });
  const db = new PostgreSql(application, 'db', { tls });
  const [api, worker, report, blog] = ['api', 'worker', 'report', 'blog'].map(id => new Workload(application, id, CLIENT));
  db.grantUse(api, { database: 'orders', access: OWN });
  db.grantUse(worker, { database: 'orders', access: READ_WRITE });
  db.grantUse(report, { database: 'orders', access: READ });
  db.grantUse(blog, { database: 'blog-posts', access: OWN });
  if (grown) {
    db.grantUse(blog, { database: 'orders', access: OWN });
    db.grantUse(report, { database: 'blog-posts', access: READ });
  }
  if (taken !== undefined) db.grantUse(api, { database: taken, access: OWN });
  return application;
}

/** Logs in by a client's variables, and runs what is given. */
const LOGIN = `host=$1_HOST user=$1_USER file=$1_PASSWORD_FILE authority=$1_CA_FILE
export PGPASSWORD="$(cat "\${!file}")" PGHOST="\${!host}" PGUSER="\${!user}" PGDATABASE="$2"
[ -z "\${!authority-}" ] || export PGSSLMODE=verify-full PGSSLROOTCERT="\${!authority}"
exec psql -qAtX -v ON_ERROR_STOP=1 -c "$3"`;

class Clients {
  public constructor(private readonly deployment: () => Deployment) {}

  /** What the server answers a client, or why it does not. */
  public async ask(client: Program, sql: string, { prefix = 'ORDERS', database = 'orders' } = {}): Promise<string> {
    const { code, stdout, stderr } = await this.deployment().tryExec(client, 'bash', '-c', LOGIN, 'login', prefix, database, sql);
    return code === 0 ? stdout : stderr;
  }

  /** As the superuser, by the server's own socket. */
  public administer(sql: string): Promise<string> {
    return this.deployment().exec('db', 'bash', '-c', 'PGPASSWORD=$(cat /run/secrets/db-admin) exec psql -qAtX -U postgres -c "$1"', 'administer', sql);
  }
}

describeLive('a PostgreSQL server', engine => {
  let shop: Deployment;
  const clients = new Clients(() => shop);
  const { ask, administer } = { ask: clients.ask.bind(clients), administer: clients.administer.bind(clients) };
  const healthy = () => eventually(async () => (await shop.replicas('db'))[0].healthy, { what: 'the server to be healthy again', timeoutMs: 90_000 });
  const idsOf = async (...workloads: string[]) => (await Promise.all(workloads.map(workload => shop.replicas(workload)))).flat().map(({ id }) => id);

  beforeAll(async () => {
    shop = engine.application(build());
    await shop.start();
    expect(await ask('api', "CREATE TABLE jobs (id serial PRIMARY KEY, what text); INSERT INTO jobs (what) VALUES ('first')")).toBe('');
  });
  afterAll(() => shop?.remove());

  it('is told by an URL which database it is, and by the file which password', async () => {
    expect(await shop.exec('worker', 'bash', '-c', 'PGUSER=$ORDERS_USER PGPASSWORD=$(cat "$ORDERS_PASSWORD_FILE") psql -qAtX "$ORDERS_URL" -c "SELECT current_database(), what FROM jobs"')).toBe('orders|first');
  });

  it('lets a writer write rows, and make nothing', async () => {
    expect(await ask('worker', "INSERT INTO jobs (what) VALUES ('second') RETURNING id")).toBe('2');
    expect(await ask('worker', "UPDATE jobs SET what = 'changed' WHERE id = 2 RETURNING what")).toBe('changed');
    expect(await ask('worker', 'CREATE TABLE mine (id int)')).toContain('permission denied for schema public');
    expect(await ask('worker', 'DROP TABLE jobs')).toContain('must be owner of table jobs');
    expect(await ask('worker', 'SET ROLE orders_owner')).toContain('permission denied to set role');
  });

  it('lets a reader read, and change nothing', async () => {
    expect(await ask('report', 'SELECT what FROM jobs ORDER BY id')).toBe('first\nchanged');
    for (const sql of ["INSERT INTO jobs (what) VALUES ('x')", "UPDATE jobs SET what = 'x'", 'DELETE FROM jobs', 'TRUNCATE jobs']) {
      expect(await ask('report', sql)).toContain('permission denied for table jobs');
    }
    expect(await ask('report', 'CREATE TABLE mine (id int)')).toContain('permission denied for schema public');
    expect(await ask('report', 'CREATE TEMP TABLE mine (id int)')).toContain('permission denied to create temporary tables');
  });

  it('gives readers and writers their rights to what an owner makes later, in any schema', async () => {
    expect(await ask('api', "CREATE SCHEMA later; CREATE TABLE later.items (id serial, what text); INSERT INTO later.items (what) VALUES ('new')")).toBe('');
    expect(await ask('worker', "INSERT INTO later.items (what) VALUES ('more') RETURNING id")).toBe('2');
    expect(await ask('report', 'SELECT count(*) FROM later.items')).toBe('2');
    expect(await ask('report', "INSERT INTO later.items (what) VALUES ('x')")).toContain('permission denied for table items');
  });

  it('keeps every client out of databases that it was not granted', async () => {
    for (const database of ['blog-posts', 'postgres', 'template1']) expect(await ask('api', 'SELECT 1', { database })).toContain(`permission denied for database "${database}"`);
    expect(await ask('blog', 'SELECT 1', { prefix: 'BLOG_POSTS', database: 'orders' })).toContain('permission denied for database "orders"');
    expect(await ask('api', 'SELECT rolpassword FROM pg_authid')).toContain('permission denied for table pg_authid');
    expect(await ask('api', "COPY jobs TO PROGRAM 'cat'")).toContain('permission denied to COPY to or from an external program');
  });

  it('lets in nobody without the right password, not even by its socket', async () => {
    const guess = (from: string, ...options: string[]) => shop.tryExec(from, 'env', 'PGPASSWORD=guess', 'psql', '-U', 'postgres', ...options);
    const [{ addresses: [own] }] = await shop.replicas('db');
    for (const options of [[], ['-h', 'localhost'], ['-h', own]]) expect((await guess('db', ...options)).stderr).toContain('password authentication failed');
    expect((await guess('api', '-h', 'db')).stderr).toContain('password authentication failed');
    expect(await administer('SELECT DISTINCT auth_method FROM pg_hba_file_rules')).toBe('scram-sha-256');
    expect(await administer("SELECT count(*) FROM pg_authid WHERE rolcanlogin AND rolpassword NOT LIKE 'SCRAM-SHA-256$%'")).toBe('0');
  });

  it('keeps data when it is killed', async () => {
    await shop.kill('db');
    await healthy();
    expect(await ask('report', 'SELECT count(*) FROM jobs')).toBe('2');
  });

  it('leaves nothing but its data and secrets when it is deleted, and has its data when it comes back', async () => {
    expect(await shop.delete()).toEqual({ left: [], lost: [] });
    await shop.start();
    expect(await ask('report', 'SELECT count(*) FROM jobs')).toBe('2');
  });

  it('stops by itself, with everything written', async () => {
    await shop.stop('db');
    await shop.resume('db');
    await healthy();
    const last = (await shop.logs('db')).map(({ text }) => text).join('\n').split('starting PostgreSQL').at(-1);
    expect(last).toContain('database system was shut down at'); // a server that was killed would say 'interrupted', or 'not properly shut down'
    expect(last).not.toContain('not properly shut down');
  });

  it('gets further grants while it runs, and keeps what there is', async () => {
    const before = await idsOf('db', 'api', 'worker');
    await shop.update(build({ grown: true }));
    expect(await idsOf('db', 'api', 'worker')).toEqual(before);
    expect(await ask('report', 'SELECT count(*) FROM jobs')).toBe('2');
    expect(await ask('blog', 'ALTER TABLE jobs ADD COLUMN done boolean; SELECT count(*) FROM jobs')).toBe('2'); // which another owner made
    expect(await ask('report', 'SELECT 1', { prefix: 'BLOG_POSTS', database: 'blog-posts' })).toBe('1');
  });

  it('takes the login of a grant that is no more, and gives it back', async () => {
    await shop.update(build());
    expect(await administer("SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname LIKE 'db-%-blog-use' ORDER BY 1")).toBe('db-blog-posts-blog-use|t\ndb-orders-blog-use|f');
    await shop.update(build({ grown: true }));
    expect(await ask('blog', 'SELECT count(*) FROM jobs')).toBe('2');
  });

  it('sets each password again, whatever it was', async () => {
    await administer('ALTER ROLE "db-orders-report-use" PASSWORD \'lost\'');
    expect(await ask('report', 'SELECT 1')).toContain('password authentication failed');
    expect(await shop.runOnce('db-provisioning', 'bash', '/etc/postgresql/conduit/provision')).toContain('every database and user is as declared');
    expect(await ask('report', 'SELECT 1')).toBe('1');
  });

  it('is provisioned by an administrator who is no superuser, as those of managed servers are', async () => {
    await administer("CREATE ROLE manager LOGIN CREATEROLE CREATEDB PASSWORD 'of-manager'; GRANT CONNECT ON DATABASE postgres TO manager");
    const managed = new Application('managed');
    const db = new PostgreSql(managed, 'db', { external: { host: 'db', tls: false, administrator: 'manager' } });
    db.grantUse(new Workload(managed, 'maker', CLIENT), { database: 'shipments', access: OWN });
    db.grantUse(new Workload(managed, 'viewer', CLIENT), { database: 'shipments', access: READ });
    const textOf = (path: string) => db.provisioning!.main.configFiles.find(file => file.path === `/etc/postgresql/conduit/${path}`)!.content;
    const program = textOf('provision').replace(/^(DECLARATIONS|ADMIN_PASSWORD_FILE)=.*$/mg, (_, name) => `${name}=/tmp/${name}`);
    const provision = () => shop.runOnce('db-provisioning', 'bash', '-c', 'printf %s of-manager > /tmp/ADMIN_PASSWORD_FILE && printf %s "$1" > /tmp/DECLARATIONS && exec bash -c "$2"',
      'provision', textOf('declarations').replace(/\/run\/secrets\/\S+/g, '/tmp/ADMIN_PASSWORD_FILE'), program);
    for (let times = 0; times < 2; times++) expect(await provision()).toContain('every database and user is as declared');
    const as = (user: string, sql: string) => shop.tryExec('api', 'env', 'PGPASSWORD=of-manager', 'psql', '-qAtX', '-h', 'db', '-U', `managed-db-shipments-${user}-use`, 'shipments', '-c', sql);
    expect(await as('maker', 'CREATE TABLE parcels AS SELECT 1 AS id; SELECT tableowner FROM pg_tables WHERE tablename = \'parcels\'')).toMatchObject({ code: 0, stdout: 'shipments_owner' });
    expect(await as('viewer', 'SELECT id FROM parcels')).toMatchObject({ code: 0, stdout: '1' });
    expect((await as('viewer', 'DELETE FROM parcels')).stderr).toContain('permission denied for table parcels');
    expect(await ask('api', 'SELECT 1', { database: 'shipments' })).toContain('permission denied for database "shipments"');
  });

  it('does not touch a database that somebody else made, nor anything else then', async () => {
    await administer('CREATE DATABASE elsewhere');
    await shop.update(build({ taken: 'elsewhere' }), { except: ['db-provisioning', 'api'] }).catch(() => {}); // as its task fails
    await eventually(async () => expect((await shop.logs('db-provisioning')).map(({ text }) => text)).toContain(
      'refused: database elsewhere belongs to postgres, so somebody else made it; give yours another name. Nothing was changed',
    ), { what: 'the refusal', timeoutMs: 60_000 });
    expect(await administer("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'db-orders-blog-use'")).toBe('t');
    expect(await administer("SELECT count(*) FROM pg_roles WHERE rolname LIKE '%elsewhere%'")).toBe('0');
  });

  it('shows no secret to whoever may inspect, read the files or the logs', async () => {
    const visible = await shop.visible();
    for (const [name, value] of Object.entries(shop.secrets)) expect(`${name} ${visible.includes(value)}`).toBe(`${name} false`);
  });
});

describeLive('a PostgreSQL server by TLS', engine => {
  let secured: Deployment;
  const clients = new Clients(() => secured);
  beforeAll(async () => {
    secured = engine.application(build({ tls: true }));
    await secured.start();
  });
  afterAll(() => secured?.remove());

  it('is checked by its name and its authority', async () => {
    expect(await clients.ask('worker', 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toBe('t');
  });

  it('takes nobody who does not use it', async () => {
    const { stderr } = await secured.tryExec('api', 'bash', '-c', 'PGPASSWORD=$(cat "$ORDERS_PASSWORD_FILE") psql "host=$ORDERS_HOST user=$ORDERS_USER dbname=orders sslmode=disable"');
    expect(stderr).toContain('no pg_hba.conf entry');
  });
});

describeLive('a PostgreSQL server of another major version', engine => {
  let shop: Deployment;
  const clients = new Clients(() => shop);
  const count = () => clients.ask('report', 'SELECT count(*) FROM kept');
  beforeAll(async () => {
    shop = engine.application(build({ reference: 'postgres:17.12' }));
    await shop.start();
    await clients.ask('api', 'CREATE TABLE kept AS SELECT 1 AS id');
  });
  afterAll(() => shop?.remove());

  it('runs, as versions of before do', async () => {
    expect(await clients.ask('api', 'SHOW server_version')).toMatch(/^17\./);
    expect(await count()).toBe('1');
  });

  it('is not upgraded behind anyone\'s back, and everything is there when it is given back', async () => {
    await shop.update(build(), { except: ['db', 'db-provisioning', 'api', 'worker', 'report', 'blog'] }).catch(() => {}); // as the server does not start
    await eventually(async () => expect((await shop.logs('db')).map(({ text }) => text).join('\n')).toContain(
      'refused: what is stored here is of PostgreSQL 17, which PostgreSQL 18 cannot read.',
    ), { what: 'the refusal', timeoutMs: 60_000 });
    await shop.update(build({ reference: 'postgres:17.12' }));
    expect(await count()).toBe('1');
  });
});

describeLive('a database of two programs (examples/15-database)', engine => {
  let bicycles: Deployment;
  beforeAll(async () => {
    bicycles = engine.example('15-database');
    await bicycles.start();
  });
  afterAll(() => bicycles?.remove());

  it('is written by one, and read by the other', async () => {
    const order = "import urllib.request; print(urllib.request.urlopen('http://localhost:8080', b'a red one').read().decode())";
    expect(await bicycles.exec('api', 'python', '-c', order)).toBe('1 a red one');
    expect(await bicycles.visit('api')).toBe('1 a red one');
    await eventually(async () => expect((await bicycles.logs('report')).map(({ text }) => text)).toContain('1 orders'), { what: 'the report to say so' });
  });
});
