import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';

jest.setTimeout(400_000);

describeLive('a cluster of three nodes (examples/09-three-node-cluster)', engine => {
  let factory: Deployment;
  beforeAll(async () => {
    factory = engine.example('09-three-node-cluster');
    await factory.start();
  });
  afterAll(() => factory.remove());

  const order = (...jobs: string[]) => factory.exec('office', 'python', 'order.py', ...jobs);
  const done = (job: string) => eventually(async () => (await factory.logs('machine')).some(({ text }) => text === `done ${job}`), { what: `'${job}' to be done`, timeoutMs: 60_000 });

  it('does every job', async () => {
    await order('wheel', 'axle');
    await done('wheel');
    await done('axle');
  });

  it('takes and does jobs while a node restarts that was killed, whichever it is', async () => {
    for (const replica of [0, 1, 2]) {
      const killing = factory.kill({ workload: 'broker', replica });
      await order(`roof ${replica}`);
      await done(`roof ${replica}`);
      await killing;
      await eventually(async () => (await factory.replicas('broker')).every(({ healthy }) => healthy), { what: 'all nodes to be healthy', timeoutMs: 120_000 });
    }
  });

  it('leaves nothing but its data and secrets when it is deleted', async () => {
    expect(await factory.delete()).toEqual({ left: [], lost: [] });
  });
});
