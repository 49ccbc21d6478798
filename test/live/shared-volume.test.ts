import { describeLive, eventually } from './docker';
import { prepareExample, Prepared } from './example';

jest.setTimeout(240_000);

describeLive('shared volumes (examples/02-shared-volume)', () => {
  let archive: Prepared;
  beforeAll(async () => {
    archive = prepareExample('02-shared-volume');
    await archive.project.up({ wait: true });
  });
  afterAll(() => archive.remove());

  it('shows the collector what each writer wrote', async () => {
    for (const writer of ['orders', 'payments']) {
      const line = await eventually(() => archive.project.exec('collector', 'grep', '-m1', writer, `/logs/${writer}/service.log`), { what: `a line of ${writer}` });
      expect(line).toMatch(new RegExp(`^${writer} `));
    }
  });

  it('shows a writer nothing of the others', async () => {
    expect(await archive.project.exec('orders', 'ls', '/var/log/app')).toBe('service.log');
  });

  it('refuses what a reader writes', async () => {
    const written = await archive.project.tryExec('collector', 'sh', '-c', 'echo x > /logs/orders/service.log');
    expect(written.code).not.toBe(0);
    expect(written.stderr).toContain('Read-only file system');
    const removed = await archive.project.tryExec('collector', 'rm', '/logs/payments/service.log');
    expect(removed.stderr).toContain('Read-only file system');
  });

  it('keeps what was written when the writer is killed', async () => {
    const lines = async () => Number(await archive.project.exec('collector', 'sh', '-c', 'wc -l < /logs/orders/service.log'));
    const before = await lines();
    await archive.project.kill9('orders');
    await eventually(async () => await lines() > before, { what: 'the log to grow again' });
    expect(await archive.project.exec('collector', 'sh', '-c', 'head -n 1 /logs/orders/service.log')).toContain('orders');
  });

  it('serves the site that the builder made, from every replica', async () => {
    for (const index of [1, 2]) {
      const page = await archive.project.exec({ service: 'web', index }, '/conduit/busybox', 'wget', '-qO-', 'http://127.0.0.1:8080/pages/one.html');
      expect(page).toBe('page');
    }
    expect((await archive.project.tryExec('web', 'sh', '-c', 'echo x > /usr/share/nginx/html/index.html')).stderr).toContain('Read-only file system');
  });

  it('leaves programs no way to the network that nobody declared', async () => {
    const collector = await archive.project.inspect('collector');
    expect(collector.HostConfig.NetworkMode).toBe('none');
  });
});
