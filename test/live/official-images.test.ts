import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';

jest.setTimeout(240_000);

const MINUTE = 60_000;

const sql = (text: string) => ['psql', '-qAtX', '-v', 'ON_ERROR_STOP=1', '-U', 'postgres', '-c', text];

describeLive('official images (examples/17-official-images)', engine => {
  let site: Deployment;
  beforeAll(async () => {
    site = engine.example('17-official-images');
    await site.start();
  }, 5 * MINUTE);
  afterAll(() => site.remove());

  const untilHealthy = (workload: string) => eventually(async () => {
    expect((await site.replicas(workload)).map(({ healthy }) => healthy)).toEqual([true]);
  }, { what: `${workload} is healthy`, timeoutMs: MINUTE });

  it('serve a page, with nothing said of the server but its image', async () => {
    expect(await site.visit('web')).toBe('<h1>It runs</h1>');
  });

  it('run as the users that they are made for', async () => {
    expect(await site.exec('web', 'id', '-u')).toMatch(/^101\s*$/);
    expect(await site.exec('db', 'id', '-u')).toMatch(/^999\s*$/);
    expect(await site.exec('cache', 'id', '-u')).toMatch(/^999\s*$/);
  });

  it('may write where they must, and nowhere else', async () => {
    expect(await site.exec('cache', 'redis-cli', '-e', 'save')).toMatch(/^OK/);
    await site.exec('web', 'touch', '/var/cache/nginx/there', '/run/there');
    expect((await site.tryExec('web', 'touch', '/etc/nginx/there')).stderr).toMatch(/Read-only file system/);
  });

  it('keep the data of a database, and may still write, after a crash', async () => {
    await site.exec('db', ...sql('CREATE TABLE visits (n int); INSERT INTO visits VALUES (42)'));
    for (const workload of ['db', 'cache', 'web']) await site.kill(workload);
    for (const workload of ['db', 'cache', 'web']) await untilHealthy(workload);
    expect(await site.exec('db', ...sql('SELECT n FROM visits'))).toMatch(/^42/);
    expect(await site.exec('cache', 'redis-cli', '-e', 'save')).toMatch(/^OK/);
    expect(await site.visit('web')).toBe('<h1>It runs</h1>');
  });

  it('end when they are asked to, which a cache that cannot write its data does not', async () => {
    await site.exec('cache', 'redis-cli', '-e', 'set', 'a', '1');
    const before = Date.now();
    await site.stop('cache');
    expect(Date.now() - before).toBeLessThan(20_000); // of 30 seconds, after which it would be killed
    await site.resume('cache');
    await untilHealthy('cache');
  });

  it('let clients in by the password of the secret alone', async () => {
    const { 'db-password': password } = site.secrets;
    const [{ addresses: [own] }] = await site.replicas('db'); // by localhost everyone comes in
    const ask = (word: string) => site.tryExec('db', 'env', `PGPASSWORD=${word}`, 'psql', '-h', own, '-U', 'postgres', '-qAtXc', 'SELECT 1');
    expect((await ask(password)).stdout).toMatch(/^1/);
    expect((await ask('guess')).stderr).toMatch(/password authentication failed/);
  });
});
