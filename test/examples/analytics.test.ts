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
    const objectsOf = (text: string) => new Map(loadAll(text).map((object: any) => [`${object.kind}/${object.metadata.name}`, object]));
    const [old, now] = [objectsOf(read('expected/shop.k8s.yaml')), objectsOf(readFileSync(join(folder, 'shop.k8s.yaml'), 'utf8'))];
    const [oldServices, services] = [read('expected/compose/compose.yml'), readFileSync(join(folder, 'compose/compose.yml'), 'utf8')]
      .map(text => (load(text) as any).services);

    const configuration = ['ConfigMap/broker-definitions', 'ConfigMap/broker-immutable']; // of new content, which is in the name
    const onlyIn = (objects: Map<string, unknown>, others: Map<string, unknown>) =>
      [...objects.keys()].filter(key => !others.has(key)).map(key => key.replace(/-[0-9a-f]{10}$/, '')).sort();
    expect(onlyIn(now, old)).toEqual([...configuration, 'Deployment/analytics', 'NetworkPolicy/analytics']);
    expect(onlyIn(old, now)).toEqual(configuration);
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
