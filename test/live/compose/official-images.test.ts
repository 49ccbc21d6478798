// What leaves Pod Security 'restricted' does not start where the cluster's suites run, so this is shown on Compose.
import { Application, EnvValue, Privileges, Secret, Volume, Workload } from 'cdk8s-conduit';
import type { Deployment } from '../deployment';
import { describeLive } from '../describe-live';
import { eventually } from '../eventually';

jest.setTimeout(240_000);

const MINUTE = 60_000;

const sql = (text: string) => ['psql', '-qAtX', '-v', 'ON_ERROR_STOP=1', '-U', 'app', '-c', text];

/** A server of the version before the data moved, and caches with and without a volume. */
function buildOthers(): Application {
  const application = new Application('others');
  const password = EnvValue.secretFile(new Secret(application, 'password'));
  const env = { POSTGRES_PASSWORD_FILE: password, POSTGRES_USER: EnvValue.literal('app') };
  const db = new Workload(application, 'db', { image: 'postgres:17.12', stable: true, env });
  db.main.mountVolume(new Volume(application, 'db-data', { perMember: true }), '/var/lib/postgresql/data');
  const kept = new Workload(application, 'kept', { image: 'redis:8.0-alpine', stable: true });
  kept.main.mountVolume(new Volume(application, 'kept-data', { perMember: true }), '/data');
  const scratch = new Workload(application, 'scratch', { image: 'postgres:18.6', env, writablePaths: ['/var/lib/postgresql'] });
  const rooted = new Workload(application, 'rooted', { image: 'postgres:18.6', stable: true, env, privileges: Privileges.rootThenDrop({ reason: 'as the image is made' }) });
  rooted.main.mountVolume(new Volume(application, 'rooted-data', { perMember: true }), '/var/lib/postgresql');
  new Workload(application, 'web', { image: 'nginx:1.30.6' }).main.mountCopy('/etc/nginx/conf.d');
  for (const server of [db, kept, rooted]) scratch.connectTo(server.endpoint());
  return application;
}

describeLive('official images of other versions, with volumes and without', engine => {
  let others: Deployment;
  beforeAll(async () => {
    others = engine.application(buildOthers());
    await others.start();
  }, 5 * MINUTE);
  afterAll(() => others.remove());

  it('keep the data of PostgreSQL 17 in a directory of the volume', async () => {
    await others.exec('db', ...sql('CREATE TABLE visits (n int)'));
    expect(await others.exec('db', ...sql('SHOW data_directory'))).toMatch(/^\/var\/lib\/postgresql\/data\/pgdata/);
    await others.replace('db');
    await eventually(async () => expect(await others.exec('db', ...sql('SELECT count(*) FROM visits'))).toMatch(/^0/), { what: 'the table is there' });
  });

  it('keep a cache on its volume', async () => {
    await others.exec('kept', 'redis-cli', '-e', 'set', 'a', '1');
    await others.exec('kept', 'redis-cli', '-e', 'save');
    await others.replace('kept');
    await eventually(async () => expect(await others.exec('kept', 'redis-cli', '-e', 'get', 'a')).toMatch(/^1/), { what: 'the value is there' });
  });

  it('start as root where a program insists, and go on as their user', async () => {
    const owners = 'for process in /proc/[0-9]*; do if [ "$(cat $process/comm)" = postgres ]; then stat -c %u $process; fi; done | sort -u';
    expect(await others.exec('rooted', 'bash', '-c', owners)).toMatch(/^999\s*$/);
    expect(await others.exec('rooted', 'sh', '-c', 'grep CapBnd /proc/self/status')).toMatch(/\b00000000000000cb\s*$/); // the five, and no other
    expect((await others.tryExec('rooted', 'touch', '/etc/there')).stderr).toMatch(/Read-only file system/);
  });

  it('may write beside the files of the image, in a copy of them', async () => {
    expect(await others.exec('web', 'sh', '-c', 'cd /etc/nginx/conf.d && grep -c listen default.conf && cp default.conf other.conf && ls')).toMatch(/^[1-9]\d*\s+default\.conf\s+other\.conf\s*$/);
  });

  it('run a database whose data may be lost', async () => {
    expect(await others.exec('scratch', ...sql('SELECT 1'))).toMatch(/^1/);
  });
});
