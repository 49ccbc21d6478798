// The programs that a PostgreSQL server's containers run, with stand-ins for the server and its clients.
import { Application, DatabaseAccess, PostgreSql, PostgreSqlProps, Workload } from 'cdk8s-conduit';
import { Sandbox } from '../programs/sandbox';

const { OWN, READ } = DatabaseAccess;

let sandbox: Sandbox;
beforeEach(() => { sandbox = new Sandbox(); });
afterEach(() => sandbox.remove());

function build(props: PostgreSqlProps = {}): { readonly db: PostgreSql; readonly client: Workload } {
  const shop = new Application('shop');
  const db = new PostgreSql(shop, 'db', props);
  const client = new Workload(shop, 'client', { image: 'registry.example/acme/client:1.0' });
  db.grantUse(client, { database: 'orders', access: OWN });
  db.grantUse(client, { database: 'returns', access: READ });
  return { db, client };
}

describe('the start of a server', () => {
  const DATA = '/var/lib/postgresql/conduit';
  beforeEach(() => {
    sandbox.tool('initdb', 'for word; do case $word in --pgdata=*) mkdir "${word#*=}" && echo 18 > "${word#*=}/PG_VERSION" ;; esac; done');
    sandbox.tool('postgres', 'case "$1" in --version) echo "postgres (PostgreSQL) 18.6 (Debian 18.6-3)" ;; --single) cat > told ;; esac');
  });

  function start(props: PostgreSqlProps = {}) {
    const { main } = build(props).db.workload!;
    sandbox.mount(main);
    return sandbox.run(main.command!);
  }

  test('makes storage that is new, where nobody may connect to what is nobody\'s, and becomes the server', async () => {
    expect(await start()).toEqual({ status: 0, stdout: '', stderr: '' });
    const [, made, , served] = sandbox.calls.map(call => call.replaceAll(sandbox.path(''), ''));
    expect(made).toBe(`initdb --pgdata=${DATA}.new --username=postgres --pwfile=/run/secrets/db-admin --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8`);
    expect(served).toBe(`postgres -D ${DATA} -c config_file=/etc/postgresql/conduit/postgresql.conf`);
    expect(sandbox.read('/told')).toBe('REVOKE CONNECT ON DATABASE postgres FROM PUBLIC\nREVOKE CONNECT ON DATABASE template1 FROM PUBLIC\n');
    expect(sandbox.read(`${DATA}/PG_VERSION`)).toBe('18\n');
  });

  test('makes it anew where an earlier start was broken off, and never where there is any', async () => {
    sandbox.write(`${DATA}.new/PG_VERSION`, '18\n');
    expect((await start()).status).toBe(0);
    expect(sandbox.read(`${DATA}.new/PG_VERSION`)).toBeUndefined();
    expect((await start()).status).toBe(0);
    expect(sandbox.calls.filter(call => call.startsWith('initdb'))).toHaveLength(1);
  });

  test('makes nothing that would look complete when it fails', async () => {
    sandbox.tool('initdb', 'for word; do case $word in --pgdata=*) mkdir "${word#*=}" && echo 18 > "${word#*=}/PG_VERSION" ;; esac; done; exit 1');
    expect((await start()).status).toBe(1);
    expect(sandbox.read(`${DATA}/PG_VERSION`)).toBeUndefined();
  });

  test.each(['17', '19', '9.6'])('leaves data of version %s as they are, and says what to do', async version => {
    sandbox.write(`${DATA}/PG_VERSION`, `${version}\n`);
    const { status, stderr } = await start();
    expect(status).toBe(1);
    expect(stderr).toBe(`refused: what is stored here is of PostgreSQL ${version}, which PostgreSQL 18 cannot read. Give the image of ${version} back by `
      + "'images: { replace: { postgres: … } }'; to upgrade, have pg_dumpall write everything, and psql read it into new storage. Nothing was changed\n");
    expect(sandbox.calls).toEqual(['postgres --version']);
    expect(sandbox.read(`${DATA}/PG_VERSION`)).toBe(`${version}\n`);
  });

  test('gives the server a key that nobody else can read', async () => {
    expect((await start({ tls: true })).status).toBe(0);
    expect(['crt', 'key'].map(ending => sandbox.read(`/var/run/postgresql/server.${ending}`))).toEqual(['value-of-db-tls-certificate', 'value-of-db-tls-key']);
    expect((await sandbox.run(['stat', '-c', '%a', '/var/run/postgresql/server.key'])).stdout).toBe('600\n');
  });
});

describe('the task', () => {
  beforeEach(() => {
    sandbox.tool('pg_isready');
    sandbox.tool('setsid', 'exec "$@"');
    // answers what the test says to the check, and notes what it was told otherwise
    sandbox.tool('psql', `for word; do file=\${word#--file=}; done
if [ "$file" = - ]; then cat > asked; else cat "$file" > asked; fi
case $(cat asked) in
  *'the server is PostgreSQL'*) cat answer 2> /dev/null; exit 0 ;;
  *'\\password'*) cat > passwords; if [ -e fails ]; then echo 'psql: no connection' >&2; exit 1; fi ;;
esac
cat asked >> told; true`);
  });

  function provision(props: PostgreSqlProps = {}) {
    const { main } = build(props).db.provisioning!;
    sandbox.mount(main);
    const env = Object.fromEntries(Object.entries(main.env).map(([name, { text }]) => [name, text!]));
    return { run: () => sandbox.run(main.command!, { env }) };
  }

  test('checks first, then makes databases and users, and gives each its password by the client', async () => {
    expect(await provision().run()).toEqual({ status: 0, stdout: 'every database and user is as declared\n', stderr: '' });
    expect(sandbox.calls.map(call => call.split(' ')[0])).toEqual(['pg_isready', ...Array(5).fill('psql'), 'setsid', 'psql']);
    expect(sandbox.read('/told')).toContain('\\password "db-orders-client-use"\n\\password "db-returns-client-use"\n');
    expect(sandbox.read('/passwords')).toBe('value-of-db-orders-client-use\nvalue-of-db-orders-client-use\nvalue-of-db-returns-client-use\nvalue-of-db-returns-client-use\n');
  });

  test('hands no password to anybody but by what the client reads', async () => {
    await provision().run();
    expect(`${sandbox.calls.join('\n')}${sandbox.read('/told')}`).not.toContain('value-of-');
    expect(sandbox.read('/run/conduit/passwords')).toBeUndefined();
  });

  test('changes nothing where something cannot be had, and says all of it', async () => {
    sandbox.write('/answer', 'database orders belongs to x\nrole y was made by z\n');
    expect(await provision().run()).toEqual({ status: 1, stdout: '', stderr: 'refused: database orders belongs to x. Nothing was changed\nrefused: role y was made by z. Nothing was changed\n' });
    expect(sandbox.read('/told')).toBeUndefined();
  });

  test.each([['nothing', ''], ['an end of line', 'a\n'], ['two lines', 'a\nb']])('takes no password that is %s, before it changes anything', async (_, password) => {
    const { run } = provision();
    sandbox.write('/run/secrets/db-orders-client-use', password);
    expect(await run()).toMatchObject({ status: 1, stderr: 'secret db-orders-client-use: a password must have no end of line, as clients take it for a part of it, and must not be empty\n' });
    expect(sandbox.calls).toEqual([]);
  });

  test('says why a password could not be set', async () => {
    sandbox.write('/fails', '');
    expect(await provision().run()).toMatchObject({ status: 1, stderr: 'psql: no connection\n' });
  });

  test('drops nothing', () => {
    const { content } = build().db.provisioning!.main.configFiles.find(({ path }) => path.endsWith('/provision'))!;
    expect(content).not.toMatch(/\b(DROP|TRUNCATE|DELETE FROM)\b/);
  });
});

describe('who waits', () => {
  const env = (more: Record<string, string> = {}) => ({
    ORDERS_HOST: 'db',
    ORDERS_PORT: '5432',
    ORDERS_USER: 'db-orders-client-use',
    ORDERS_PASSWORD_FILE: '/run/secrets/own',
    ORDERS_DATABASE: 'orders',
    OTHERS_HOST: 'elsewhere',
    OTHERS_PORT: '5432',
    OTHERS_DATABASE: 'others',
    ...more,
  });
  beforeEach(() => {
    sandbox.write('/run/secrets/own', 's3cret');
    sandbox.tool('psql', 'echo "$PGPASSWORD $PGSSLMODE $PGSSLROOTCERT" > secured; exit "$(cat status)"');
  });

  test.each([0, 1])('logs in to each of its databases on this server, and to no other: %d', async status => {
    sandbox.write('/status', `${status}`);
    expect((await sandbox.run(build().db.provisioning!.completionCheck!, { env: env() })).status).toBe(status);
    expect(sandbox.calls).toEqual(['psql --no-psqlrc --quiet --host=db --port=5432 --username=db-orders-client-use --dbname=orders --command=SELECT']);
    expect(sandbox.read('/secured')).toBe('s3cret disable \n');
  });

  test('checks the server where there is TLS', async () => {
    sandbox.write('/status', '0');
    expect((await sandbox.run(build({ tls: true }).db.provisioning!.completionCheck!, { env: env() })).status).toBe(0);
    expect(sandbox.read('/secured')).toBe('s3cret verify-full /run/secrets/db-tls-authority\n');
  });
});
