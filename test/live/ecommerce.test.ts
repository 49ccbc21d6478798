import { CLOSED, Deployment } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';

jest.setTimeout(300_000);

describeLive('a shop (examples/05-ecommerce)', engine => {
  let shop: Deployment;
  beforeAll(async () => {
    shop = engine.example('05-ecommerce');
    await shop.start();
  });
  afterAll(() => shop.remove());

  const order = (...items: string[]) => shop.exec('frontend', 'python', 'order.py', ...items);
  const handled = (receiver: string, item: string) =>
    eventually(async () => (await shop.logs(receiver)).some(({ text }) => text.endsWith(`: ${item}`)), { what: `${receiver} to handle '${item}'` });

  it('hands an order to every receiver', async () => {
    expect(await order('book')).toMatch(/^201 /);
    for (const service of ['inventory', 'shipping', 'notification']) await handled(service, 'book');
  });

  it('loses nothing while shipping is down', async () => {
    await shop.stop('shipping');
    await order('pen', 'ink', 'paper');
    for (const item of ['pen', 'ink', 'paper']) await handled('inventory', item);
    await shop.resume('shipping');
    for (const item of ['pen', 'ink', 'paper']) await handled('shipping', item);
  });

  it('takes no order that it could lose', async () => {
    await shop.stop('broker');
    expect((await shop.tryExec('frontend', 'python', 'order.py', 'lost')).stderr).toContain('503');
    await shop.resume('broker');
    await eventually(async () => (await order('after')).startsWith('201'), { what: 'orders to be taken again', timeoutMs: 60_000 });
    for (const service of ['inventory', 'shipping', 'notification']) await handled(service, 'after');
  });

  it('closes every connection that was not declared', async () => {
    const [{ addresses: [address] }] = await shop.replicas('frontend');
    for (const host of ['frontend', address, '192.0.2.1']) {
      const attempt = await shop.tryExec('inventory', 'python', '-c', `import socket; socket.create_connection(('${host}', 8080), timeout=2)`);
      expect(attempt.code).not.toBe(0);
      expect(attempt.stderr).toMatch(CLOSED);
    }
  });

  it('leaves nothing but its data and secrets when it is deleted', async () => {
    expect(await shop.delete()).toEqual({ left: [], lost: [] });
  });
});
