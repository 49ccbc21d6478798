import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, AppProps, Chart, Include, JsonPatch, Lazy, Size, YamlOutputType } from 'cdk8s';
import { ConfigMap, Deployment } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { loadAll } from 'js-yaml';
import { parseAllDocuments } from 'yaml';
import { Application, KubernetesChart, SinglePassApp, Workload } from '../../../src';

let directory: string;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'single-pass-')); });
afterEach(() => rmSync(directory, { recursive: true }));

function object(scope: Construct, id: string, data?: unknown): ApiObject {
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'Thing', metadata: { name: id }, ...(data === undefined ? {} : { data }) });
}

/** What lies in a directory: the documents of each YAML file, as every parser reads them, and the text of every other file. */
function read(folder: string): Record<string, unknown> {
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter(name => statSync(join(folder, name)).isFile()).sort();
  return Object.fromEntries(names.map(name => {
    const text = readFileSync(join(folder, name), 'utf8');
    return [name, name.endsWith('.json') ? JSON.parse(text) : parse(text)];
  }));
}

function parse(text: string): unknown[] {
  const documents = loadAll(text);
  for (const version of ['1.1', '1.2'] as const) {
    expect(parseAllDocuments(text, { version, merge: true }).map(document => document.toJS({ maxAliasCount: 0 }))).toEqual(documents);
  }
  return documents;
}

/** Builds the same app twice, and expects what SinglePassApp writes to be what App writes. */
function expectSame(build: (app: App) => void, props: AppProps = {}): Record<string, unknown> {
  const [stock, single] = [App, SinglePassApp].map(Type => {
    const outdir = mkdtempSync(join(directory, 'out-'));
    const app = new Type({ outdir, ...props });
    build(app);
    app.synth();
    return { app, files: read(outdir) };
  });
  expect(single.files).toEqual(stock.files);
  expect(parse(single.app.synthYaml())).toEqual(loadAll(stock.app.synthYaml()));
  return single.files;
}

function threeCharts(app: App): void {
  const last = new Chart(app, 'last');
  const nested = new Chart(last, 'nested');
  const first = new Chart(app, 'first');
  const [web, worker] = [object(last, 'web'), object(nested, 'worker')];
  const group = new Construct(first, 'group');
  const [database, cache] = [object(group, 'database'), object(group, 'cache')];
  web.addDependency(group);
  database.addDependency(cache);
  worker.addDependency(database);
}

test.each([
  ['one file for the app', YamlOutputType.FILE_PER_APP, ['app.k8s.yaml']],
  ['a file for each chart', YamlOutputType.FILE_PER_CHART, ['0000-first.k8s.yaml', '0001-last-nested-c8f7ea6a.k8s.yaml', '0002-last.k8s.yaml']],
  ['a file for each object', YamlOutputType.FILE_PER_RESOURCE,
    ['Thing.cache.k8s.yaml', 'Thing.database.k8s.yaml', 'Thing.web.k8s.yaml', 'Thing.worker.k8s.yaml']],
  ['a folder for each chart', YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
    ['0000-first/Thing.cache.k8s.yaml', '0000-first/Thing.database.k8s.yaml', '0001-last-nested-c8f7ea6a/Thing.worker.k8s.yaml', '0002-last/Thing.web.k8s.yaml']],
])('writes %s as App does', (_, yamlOutputType, names) => {
  expect(Object.keys(expectSame(threeCharts, { yamlOutputType }))).toEqual(names);
});

test('writes what others need first', () => {
  const files = expectSame(threeCharts, { yamlOutputType: YamlOutputType.FILE_PER_APP });
  expect((files['app.k8s.yaml'] as any[]).map(({ metadata }) => metadata.name)).toEqual(['cache', 'database', 'worker', 'web']);
});

test('numbers no files where charts do not depend on each other', () => {
  const files = expectSame(app => ['b', 'a'].forEach(id => object(new Chart(app, id), 'thing')));
  expect(Object.keys(files)).toEqual(['a.k8s.yaml', 'b.k8s.yaml']);
});

test('an app without charts writes nothing', () => {
  for (const yamlOutputType of [YamlOutputType.FILE_PER_APP, YamlOutputType.FILE_PER_CHART]) expect(expectSame(() => {}, { yamlOutputType })).toEqual({});
});

test('a chart without objects is an empty file', () => {
  expect(expectSame(app => { new Chart(app, 'empty'); })).toEqual({ 'empty.k8s.yaml': [] });
});

test('takes the directory and the sorting of keys from the environment', () => {
  process.env.CDK8S_OUTDIR = join(directory, 'from-environment');
  process.env.CDK8S_DISABLE_SORT = 'yes';
  try {
    const app = new SinglePassApp();
    object(new Chart(app, 'shop'), 'thing', { b: '1', a: '2' });
    app.synth();
    expect(readFileSync(join(directory, 'from-environment', 'shop.k8s.yaml'), 'utf8').split('\n').slice(-4)).toEqual(['data:', '  b: "1"', '  a: "2"', '']);
  } finally {
    delete process.env.CDK8S_OUTDIR;
    delete process.env.CDK8S_DISABLE_SORT;
  }
});

test('names files with the extension that was asked for', () => {
  expect(Object.keys(expectSame(app => object(new Chart(app, 'shop'), 'thing'), { outputFileExtension: '.yaml' }))).toEqual(['shop.yaml']);
});

test('records the paths of constructs on request', () => {
  expect(expectSame(threeCharts, { recordConstructMetadata: true })['construct-metadata.json']).toEqual({
    version: '1.0.0',
    resources: {
      cache: { path: 'first/group/cache' }, database: { path: 'first/group/database' }, web: { path: 'last/web' }, worker: { path: 'last/nested/worker' },
    },
  });
});

test('applies resolvers, lazy values and JSON patches', () => {
  const resolvers = [{ resolve: (context: any) => { if (context.value === 'old') context.replaceValue('new'); } }];
  const files = expectSame(app => {
    const thing = object(new Chart(app, 'shop', { namespace: 'market', labels: { team: 'a' } }), 'thing', { word: 'old', late: Lazy.any({ produce: () => 'now' }) });
    thing.addJsonPatch(JsonPatch.add('/data/patched', null), JsonPatch.replace('/kind', 'Other'));
  }, { resolvers, yamlOutputType: YamlOutputType.FILE_PER_RESOURCE });
  expect(files).toEqual({
    'Other.thing.k8s.yaml': [{
      apiVersion: 'v1', kind: 'Other', metadata: { name: 'thing', namespace: 'market', labels: { team: 'a' } }, data: { word: 'new', late: 'now', patched: null },
    }],
  });
});

test('writes objects of others beside ours as the chart itself renders them', () => {
  const included = join(directory, 'included.yaml');
  writeFileSync(included, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: included}\ndata: {time: "22:22"}\n');
  const build = (app: App) => {
    const shop = new Application('shop');
    const back = new Workload(shop, 'back', { image: 'back:1', ports: [{ name: 'http', number: 8080 }] });
    new Workload(shop, 'front', { image: 'front:1', replicas: 2 }).connectTo(back.endpoint());
    const chart = new KubernetesChart(app, 'shop', { application: shop });
    new Include(chart, 'include', { url: included });
    const config = new ConfigMap(chart, 'config', { data: { a: 'b' } });
    const deployment = new Deployment(chart, 'plus', { containers: [{ image: 'plus:1', resources: { memory: { limit: Size.mebibytes(64) } } }] });
    ApiObject.of(deployment).addDependency(config);
    return chart;
  };
  const files = expectSame(build);
  expect(files).toEqual({ 'shop.k8s.yaml': build(new App()).toJson() });
});

test('texts that App leaves to each parser to interpret are quoted', () => {
  const app = new SinglePassApp();
  object(new Chart(app, 'chart'), 'thing', { '<<': '0o17' });
  expect(app.synthYaml()).toBe('apiVersion: v1\nkind: Thing\nmetadata:\n  name: thing\ndata:\n  "<<": "0o17"\n');
});

test.each(Object.values(YamlOutputType).filter(type => typeof type === 'number'))('an object that is left out is left out as by App (output type %s)', yamlOutputType => {
  class Nothing extends ApiObject {
    public toJson(): any { return undefined; }
  }
  const texts = [App, SinglePassApp].map(Type => {
    const app = new Type({ outdir: mkdtempSync(join(directory, 'out-')), yamlOutputType });
    new Nothing(new Chart(app, 'chart'), 'nothing', { apiVersion: 'v1', kind: 'Nothing' });
    app.synth();
    return readdirSync(app.outdir, { recursive: true }).map(name => statSync(join(app.outdir, `${name}`)).isFile() && readFileSync(join(app.outdir, `${name}`), 'utf8'));
  });
  expect(texts[1]).toEqual(texts[0]);
});

test('one object in many places is written out in each', () => {
  const shared = { a: ['b'] };
  const files = expectSame(app => object(new Chart(app, 'chart'), 'thing', Array.from({ length: 200 }, () => shared)));
  expect((files['chart.k8s.yaml'] as any)[0].data).toHaveLength(200);
});

describe('a synthesis that fails', () => {
  function failing(outdir: string, spoil: (chart: Chart) => void): SinglePassApp {
    const app = new SinglePassApp({ outdir });
    object(new Chart(app, 'a-good'), 'new');
    spoil(new Chart(app, 'bad'));
    return app;
  }

  test.each([
    ['an invalid construct', (chart: Chart) => chart.node.addValidation({ validate: () => ['is bad', 'is worse'] }),
      'Validation failed with the following errors:\n  [bad] is bad\n  [bad] is worse'],
    ['an object that cannot be resolved', (chart: Chart) => object(chart, 'thing', new Map()),
      "Failed serializing construct at path 'bad/thing' with name 'thing': Error: can't render non-simple object of type 'Map'"],
  ])('because of %s leaves the earlier files as they were', (_, spoil, message) => {
    writeFileSync(join(directory, 'a-good.k8s.yaml'), 'kind: Old\n');
    expect(() => failing(directory, spoil).synth()).toThrow(message);
    expect(read(directory)).toEqual({ 'a-good.k8s.yaml': [{ kind: 'Old' }] });
  });

  test('because of the disk leaves the earlier files as they were, and none of its own', () => {
    writeFileSync(join(directory, 'a-good.k8s.yaml'), 'kind: Old\n');
    const app = new SinglePassApp({ outdir: directory, outputFileExtension: '.yaml', yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
    object(new Chart(app, 'a-good'), 'new');
    object(new Chart(app, 'bad'), 'new');
    writeFileSync(join(directory, 'bad'), 'a file where a folder must be');
    expect(() => app.synth()).toThrow(/EEXIST|ENOTDIR/);
    expect(readdirSync(directory, { recursive: true }).sort()).toEqual(['a-good', 'a-good.k8s.yaml', 'bad']);
  });
});

test.each([['App', App], ['SinglePassApp', SinglePassApp]])('%s refuses to write an object over another one, and writes nothing', (_, Type) => {
  const app = new Type({ outdir: join(directory, 'dist'), yamlOutputType: YamlOutputType.FILE_PER_RESOURCE });
  for (const namespace of ['staging', 'production']) {
    const shop = new Application('shop');
    new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0' });
    new KubernetesChart(app, namespace, { application: shop, namespace });
  }
  expect(() => app.synth()).toThrow("[staging] only one of 'staging/ServiceAccount-shop', 'production/ServiceAccount-shop' would be left in 'ServiceAccount.shop.k8s.yaml', and 3 more files of several objects; "
    + "use another 'yamlOutputType', or an App for each chart");
  expect(existsSync(join(directory, 'dist')) && readdirSync(join(directory, 'dist'))).toEqual(Type === App && []);
});

test.each(Object.values(YamlOutputType).filter(type => typeof type === 'number'))('two applications in one App are written whole, or not at all (output type %s)', yamlOutputType => {
  const app = new SinglePassApp({ outdir: directory, yamlOutputType });
  for (const namespace of ['staging', 'production']) {
    const shop = new Application('shop');
    new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0', replicas: 2 });
    new KubernetesChart(app, namespace, { application: shop, namespace });
  }
  const objects = app.node.findAll().filter(ApiObject.isApiObject).length;
  let written = 0;
  try {
    app.synth();
    written = objects;
  } catch (error) {
    expect((error as Error).message).toContain("use another 'yamlOutputType'");
  }
  expect(Object.values(read(directory)).flat()).toHaveLength(written);
  expect(written > 0).toBe(yamlOutputType !== YamlOutputType.FILE_PER_RESOURCE);
});

test('charts and objects of others are not written over each other, either', () => {
  const app = new SinglePassApp({ outdir: directory, yamlOutputType: YamlOutputType.FILE_PER_RESOURCE });
  for (const id of ['a', 'b']) new ApiObject(new Chart(app, id), 'thing', { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'same' } });
  expect(() => app.synth()).toThrow("two charts or objects would be written to 'Thing.same.k8s.yaml'; use another 'yamlOutputType', or an App for each chart");
  expect(readdirSync(directory)).toEqual([]);
});

test('validates each construct once, however many charts there are', () => {
  const app = new SinglePassApp({ outdir: directory });
  let validations = 0;
  let resolutions = 0;
  for (let number = 0; number < 20; number++) {
    const thing = object(new Chart(app, `chart-${number}`), 'thing', { a: Lazy.any({ produce: () => { resolutions++; return 'b'; } }) });
    thing.node.addValidation({ validate: () => { validations++; return []; } });
  }
  app.synth();
  expect([validations, resolutions]).toEqual([20, 20]);
});

test('writes into a directory that is not there yet and replaces earlier files', () => {
  const outdir = join(directory, 'deep', 'dist');
  for (const kind of ['first', 'second']) {
    const app = new SinglePassApp({ outdir });
    object(new Chart(app, 'shop'), kind);
    app.synth();
  }
  expect(read(outdir)).toEqual({ 'shop.k8s.yaml': [{ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'second' } }] });
});
