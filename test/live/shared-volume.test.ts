import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';

jest.setTimeout(240_000);

describeLive('shared volumes (examples/02-shared-volume)', engine => {
  let archive: Deployment;
  beforeAll(async () => {
    archive = engine.example('02-shared-volume');
    await archive.start();
  });
  afterAll(() => archive.remove());

  it('shows the collector what each writer wrote', async () => {
    for (const writer of ['orders', 'payments']) {
      const line = await eventually(() => archive.exec('collector', 'grep', '-m1', writer, `/logs/${writer}/service.log`), { what: `a line of ${writer}` });
      expect(line).toMatch(new RegExp(`^${writer} `));
    }
  });

  it('shows a writer nothing of the others', async () => {
    expect(await archive.exec('orders', 'ls', '/var/log/app')).toBe('service.log');
  });

  it('refuses what a reader writes', async () => {
    const written = await archive.tryExec('collector', 'sh', '-c', 'echo x > /logs/orders/service.log');
    expect(written.code).not.toBe(0);
    expect(written.stderr).toContain('Read-only file system');
    const removed = await archive.tryExec('collector', 'rm', '/logs/payments/service.log');
    expect(removed.stderr).toContain('Read-only file system');
  });

  it('keeps what was written when the writer is killed', async () => {
    const lines = async () => Number(await archive.exec('collector', 'sh', '-c', 'wc -l < /logs/orders/service.log'));
    const before = await lines();
    await archive.kill('orders');
    await eventually(async () => await lines() > before, { what: 'the log to grow again' });
    expect(await archive.exec('collector', 'sh', '-c', 'head -n 1 /logs/orders/service.log')).toContain('orders');
  });

  it('keeps what was written when all replicas are made anew', async () => {
    const first = await archive.exec('collector', 'sh', '-c', 'head -n 1 /logs/orders/service.log');
    await archive.replace('orders');
    await archive.replace('collector');
    expect(await archive.exec('collector', 'sh', '-c', 'head -n 1 /logs/orders/service.log')).toBe(first);
  });

  it('serves the site that the builder made, from every replica', async () => {
    for (const replica of [0, 1]) {
      const page = await archive.exec({ workload: 'web', replica }, 'bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/8080; printf "GET /pages/one.html HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3');
      expect(page).toMatch(/\r\n\r\npage$/);
    }
    expect((await archive.tryExec('web', 'sh', '-c', 'echo x > /usr/share/nginx/html/index.html')).stderr).toContain('Read-only file system');
  });

  it('leaves programs without connections no way to the network', async () => {
    const [{ addresses: [address] }] = await archive.replicas('web');
    const attempts = address ? [`${address} 8080`, '192.0.2.1 80'] : ['192.0.2.1 80'];
    for (const attempt of attempts) expect((await archive.tryExec('collector', 'sh', '-c', `nc -w 2 ${attempt} < /dev/null`)).code).not.toBe(0);
    expect((await archive.tryExec('collector', 'nslookup', 'web')).code).not.toBe(0);
  });

  it('leaves nothing but its data and secrets when it is deleted', async () => {
    expect(await archive.delete()).toEqual({ left: [], lost: [] });
  });
});
