// A receiver of later days is new lines only: those of the example's README, put into its program as it stands.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { EXAMPLES } from './synthesize';

const example = join(EXAMPLES, '05-ecommerce');
const read = (path: string) => readFileSync(join(example, path), 'utf8');

test('analytics is added to the shop without touching the frontend or another receiver', () => {
  const [, lines] = /```ts\n([\s\S]*?)```/.exec(read('README.md'))!;
  const [before, after] = read('main.ts').split('const app = new App();');
  const dist = join(EXAMPLES, '../dist'); // within the repository, where the library's name resolves
  mkdirSync(dist, { recursive: true });
  const folder = mkdtempSync(join(dist, 'analytics-'));
  process.env.CDK8S_OUTDIR = folder;
  try {
    writeFileSync(join(folder, 'main.ts'), `${before}${lines}\nconst app = new App();${after}`);
    jest.isolateModules(() => jest.requireActual(join(folder, 'main.ts')));
    const objects = (text: string) => new Map(loadAll(text).map((object: any) => [`${object.kind}/${object.metadata.name}`, object]));
    const [old, now] = [objects(read('expected/shop.k8s.yaml')), objects(readFileSync(join(folder, 'shop.k8s.yaml'), 'utf8'))];
    const [oldServices, services] = [read('expected/compose/compose.yml'), readFileSync(join(folder, 'compose/compose.yml'), 'utf8')]
      .map(text => (load(text) as any).services);

    expect([...now.keys()].filter(key => !old.has(key)).sort()).toEqual(['Deployment/analytics', 'NetworkPolicy/analytics']);
    expect([...old.keys()].filter(key => !now.has(key))).toEqual([]);
    for (const receiver of ['frontend', 'inventory', 'shipping', 'notification']) {
      expect(now.get(`Deployment/${receiver}`)).toEqual(old.get(`Deployment/${receiver}`));
      const { build: _, ...service } = services[receiver];
      const { build: __, ...oldService } = oldServices[receiver];
      expect(service).toEqual(oldService);
    }
    expect(services.analytics.environment).toHaveProperty('ORDERS_QUEUE', 'orders.analytics');
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(folder, { recursive: true });
  }
});
