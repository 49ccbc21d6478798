import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import * as fc from 'fast-check';
import { SinglePassApp } from '../../../src';

let directory: string;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'dependency-order-')); });
afterEach(() => rmSync(directory, { recursive: true }));

function object(scope: Construct, id: string): ApiObject {
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'Thing', metadata: { name: id } });
}

/** The names of the objects in each file, in the order in which they are written. */
function written(outdir: string): [string, string[]][] {
  return readdirSync(outdir).sort().map(file => [file, [...readFileSync(join(outdir, file), 'utf8').matchAll(/^  name: (.+)$/gm)].map(match => match[1])]);
}

/** Constructs below one another, and edges between them; the numbers are taken modulo what there is. */
interface Recipe {
  readonly nodes: { readonly kind: number; readonly parent: number }[];
  readonly edges: [number, number][];
}

const recipes: fc.Arbitrary<Recipe> = fc.record({
  nodes: fc.array(fc.record({ kind: fc.nat(4), parent: fc.nat() }), { minLength: 1, maxLength: 12 }),
  edges: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 6 }),
});

function cook(app: App, { nodes, edges }: Recipe): void {
  const made: Construct[] = [];
  nodes.forEach(({ kind, parent }, index) => {
    const scope: Construct = [app, ...made][parent % (made.length + 1)];
    const inChart = scope.node.scopes.some(Chart.isChart);
    if (kind === 0 || !inChart) made.push(new Chart(scope, `chart${index}`));
    else made.push(kind === 1 ? new Construct(scope, `construct${index}`) : object(scope, `object${index}`));
  });
  for (const [from, to] of edges) {
    const [source, target] = [made[from % made.length], made[to % made.length]];
    if (source !== target) source.node.addDependency(target); // App drops a chart that depends on itself
  }
}

function outcome(Type: typeof App, recipe: Recipe) {
  const app = new Type({ outdir: mkdtempSync(join(directory, 'out-')) });
  cook(app, recipe);
  try {
    app.synth();
  } catch {
    return 'refused';
  }
  return { files: written(app.outdir), charts: app.charts.map(chart => chart.node.path) };
}

test('the order is that of App, whatever depends on whatever', () => {
  let refused = 0;
  fc.assert(fc.property(recipes, recipe => {
    const expected = outcome(App, recipe);
    if (expected === 'refused') refused++;
    expect(outcome(SinglePassApp, recipe)).toEqual(expected);
  }), { numRuns: 400 });
  expect(refused).toBeLessThan(300);
});

test.each([
  ['of objects', (a: IConstruct, b: IConstruct) => [[a, b], [b, a]], 'Dependency cycle detected: one/a => one/b => one/a'],
  ['of one object', (a: IConstruct) => [[a, a]], 'Dependency cycle detected: one/a => one/a'],
  ['of charts', (a: IConstruct, b: IConstruct, c: IConstruct) => [[a, c], [c, b]], 'Dependency cycle detected: one => two => one'],
])('a cycle %s is an error that names it', (_, edges, message) => {
  const app = new SinglePassApp({ outdir: directory });
  const [one, two] = [new Chart(app, 'one'), new Chart(app, 'two')];
  for (const [from, to] of edges(object(one, 'a'), object(one, 'b'), object(two, 'c'))) from.node.addDependency(to);
  expect(() => app.synth()).toThrow(message);
  expect(() => app.charts).toThrow(message);
});

test('dependencies that fan out layer by layer take no longer than others', () => {
  const app = new SinglePassApp({ outdir: directory });
  const chart = new Chart(app, 'layers');
  let below: ApiObject[] = [];
  for (let layer = 0; layer < 30; layer++) {
    const objects = Array.from({ length: 4 }, (_, index) => object(chart, `layer-${layer}-${index}`));
    for (const upper of objects) upper.addDependency(...below);
    below = objects;
  }
  app.synth();
  const [[, names]] = written(directory);
  expect(names).toEqual(Array.from({ length: 120 }, (_, index) => `layer-${Math.floor(index / 4)}-${index % 4}`));
});

test('a long chain overflows no stack', () => {
  const app = new SinglePassApp({ outdir: directory });
  const chart = new Chart(app, 'chain');
  const links = Array.from({ length: 10_000 }, (_, index) => object(chart, `link-${index}`));
  links.slice(1).forEach((link, index) => links[index].addDependency(link));
  app.synth();
  const [[, names]] = written(directory);
  expect([names.length, names[0], names[9_999]]).toEqual([10_000, 'link-9999', 'link-0']);
});

test('large charts that depend on each other take linear time', () => {
  const app = new SinglePassApp({ outdir: directory });
  const charts = ['upper', 'lower'].map(id => new Chart(app, id));
  for (const chart of charts) {
    for (let index = 0; index < 5_000; index++) object(chart, `${chart.node.id}-${index}`);
  }
  charts[0].addDependency(charts[1]);
  app.synth(); // a pair of objects at a time it would be 25 million steps, for each of which App searches all of them
  expect(written(directory).map(([file, names]) => [file, names.length])).toEqual([['0000-lower.k8s.yaml', 5_000], ['0001-upper.k8s.yaml', 5_000]]);
});
