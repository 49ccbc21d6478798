import { describeLive, eventually, Project } from './docker';
import { prepareExample, Prepared } from './example';

jest.setTimeout(300_000);

describeLive('a shop (examples/05-ecommerce)', () => {
  let shop: Prepared;
  let project: Project;
  beforeAll(async () => {
    shop = prepareExample('05-ecommerce');
    project = shop.project;
    await project.up({ build: true, wait: true });
  });
  afterAll(() => shop.remove());

  const order = (...items: string[]) => project.exec('frontend', 'python', 'order.py', ...items);
  const handled = (service: string, item: string) => eventually(async () => (await project.logs(service)).includes(`: ${item}\n`)
    || (await project.logs(service)).endsWith(`: ${item}`), { what: `${service} to handle '${item}'` });

  it('hands an order to every receiver', async () => {
    expect(await order('book')).toMatch(/^201 /);
    for (const service of ['inventory', 'shipping', 'notification']) await handled(service, 'book');
  });

  it('loses nothing while shipping is down', async () => {
    await project.stop('shipping');
    await order('pen', 'ink', 'paper');
    for (const item of ['pen', 'ink', 'paper']) await handled('inventory', item);
    await project.start('shipping');
    for (const item of ['pen', 'ink', 'paper']) await handled('shipping', item);
  });

  it('takes no order that it could lose', async () => {
    await project.stop('broker-0');
    expect((await project.tryExec('frontend', 'python', 'order.py', 'lost')).stderr).toContain('503');
    await project.start('broker-0');
    await eventually(async () => (await order('after')).startsWith('201'), { what: 'orders to be taken again', timeoutMs: 60_000 });
    for (const service of ['inventory', 'shipping', 'notification']) await handled(service, 'after');
  });

  it('closes every connection that was not declared', async () => {
    const { NetworkSettings } = await project.inspect('frontend');
    const address = Object.values(NetworkSettings.Networks)[0].IPAddress;
    const connect = (host: string) => project.tryExec('inventory', 'python', '-c', `import socket; socket.create_connection(('${host}', 8080), timeout=2)`);
    const byName = await connect('frontend');
    expect(byName.code).not.toBe(0);
    expect(byName.stderr).toMatch(/gaierror/);
    const byAddress = await connect(address);
    expect(byAddress.code).not.toBe(0);
    expect(byAddress.stderr).toMatch(/TimeoutError|timed out|unreachable/);
  });

  it('leaves the host out of reach', async () => {
    const gateways = Object.values((await project.inspect('frontend')).NetworkSettings.Networks).map(network => network.Gateway).filter(Boolean);
    expect(gateways).toEqual([]);
    const outside = await project.tryExec('frontend', 'python', '-c', "import socket; socket.create_connection(('192.0.2.1', 80), timeout=2)");
    expect(outside.stderr).toMatch(/unreachable/);
  });
});
