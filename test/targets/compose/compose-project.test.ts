import { Application, BrokeredQueue, ComposeProject, ComposeProjectProps, ConfigFile, RabbitMq, Secret, Volume, Workload } from 'cdk8s-conduit';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { load } from 'js-yaml';
import { composeSchema } from '../../judges/judges';

let folder: string;
let directory: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conduit-'));
  directory = join(folder, 'dist/compose');
});
afterEach(() => {
  delete process.env.CDK8S_OUTDIR;
  rmSync(folder, { recursive: true });
});

/** A shop whose one program reads a config file of that content. */
function shopWith(content: string): Application {
  const shop = new Application('shop');
  const web = new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0' });
  web.main.mountConfigFile(new ConfigFile(shop, 'conf', { path: '/etc/conf', content }));
  web.main.mountSecret(new Secret(shop, 'key'));
  return shop;
}
const project = (content = 'a = 1\n', props: ComposeProjectProps = {}) => new ComposeProject(shopWith(content), { directory, ...props });
const files = (of = directory) => readdirSync(of, { recursive: true, encoding: 'utf8' }).sort();
const configs = () => readdirSync(join(directory, 'configs'));
const read = (path: string) => readFileSync(join(directory, path), 'utf8');

test('a project is its Compose file and the config files that it names', () => {
  const path = project().save();
  expect(path).toBe(join(directory, 'compose.yml'));
  const [config] = configs();
  expect(files()).toEqual(['compose.yml', 'configs', `configs/${config}`]);
  expect(read(`configs/${config}`)).toBe('a = 1\n');
  expect(Object.values<any>((load(read('compose.yml')) as any).configs)).toEqual([{ file: `./configs/${config}` }]);
});

test('what is written is what toYaml says', () => {
  const written = project();
  written.save();
  expect(read('compose.yml')).toBe(written.toYaml());
});

test('writing it again replaces what is stale, and nothing else', () => {
  project('a = 1\n').save();
  mkdirSync(join(directory, 'secrets'));
  for (const name of ['configs/stale', 'secrets/key', '.env', 'compose.override.yml']) writeFileSync(join(directory, name), name);
  project('a = 2\n').save();
  expect(files()).toEqual(['.env', 'compose.override.yml', 'compose.yml', 'configs', 'configs/conf', 'secrets', 'secrets/key']);
  expect(read('configs/conf')).toBe('a = 2\n');
  expect(read('secrets/key')).toBe('secrets/key');
});

test('the remains of an earlier run that failed are removed', () => {
  mkdirSync(join(directory, 'configs'), { recursive: true });
  writeFileSync(join(directory, 'configs/conf_0.4711.new'), 'half');
  project().save();
  expect(configs()).toHaveLength(1);
});

test('an application with problems leaves the earlier project as it was', () => {
  project('a = 1\n').save();
  const before = [files(), read('compose.yml')];
  const broken = shopWith('a = 2\n');
  new Volume(broken, 'data');
  expect(() => new ComposeProject(broken, { directory }).save()).toThrow('nothing mounts this volume');
  expect(() => project('a = 2\n', { networkBlock: 'none' }).save()).toThrow("'networkBlock' must be");
  expect([files(), read('compose.yml')]).toEqual(before);
});

test('a project that cannot be written whole leaves the earlier Compose file', () => {
  project('a = 1\n').save();
  const before = read('compose.yml');
  rmSync(join(directory, 'configs'), { recursive: true });
  writeFileSync(join(directory, 'configs'), 'in the way');
  expect(() => project('a = 2\n').save()).toThrow(/EEXIST|ENOTDIR/);
  expect(read('compose.yml')).toBe(before);
});

test('a file that is written takes the place of the old one at once, even of one that cannot be written to', () => {
  project('a = 1\n').save();
  chmodSync(join(directory, 'compose.yml'), 0o444);
  project('a = 2\n').save();
  expect(read('compose.yml')).toBe(project('a = 2\n').toYaml());
  expect(files().filter(name => name.endsWith('.new'))).toEqual([]);
});

test.each<[string, string | undefined, string[], string]>([
  ['dist/compose by itself', undefined, [], 'dist/compose'],
  ['in the directory that cdk8s names', 'out', [], 'out/compose'],
  ['beside the templates of a Helm chart', 'chart/templates', ['chart/Chart.yaml'], 'chart/compose'],
])('it is written to %s', (_, outdir, present, expected) => {
  const cwd = process.cwd();
  process.chdir(folder);
  try {
    for (const file of present) { mkdirSync(resolve(file, '..'), { recursive: true }); writeFileSync(file, ''); }
    if (outdir) process.env.CDK8S_OUTDIR = outdir;
    const path = new ComposeProject(shopWith('')).save();
    expect(path).toBe(resolve(expected, 'compose.yml'));
    expect(existsSync(path)).toBe(true);
  } finally {
    process.chdir(cwd);
  }
});

test('its name is that of the application, or its own', () => {
  const named = (props: ComposeProjectProps) => (load(project('', props).toYaml()) as any).name;
  expect([named({}), named({ projectName: 'staging-2' })]).toEqual(['shop', 'staging-2']);
  expect(project('', { projectName: 'staging-2' }).projectName).toBe('staging-2');
});

test('a project has no more than it needs', () => {
  const shop = new Application('shop');
  new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0' });
  const small = new ComposeProject(shop, { directory });
  expect(Object.keys(load(small.toYaml()) as any)).toEqual(['name', 'services']);
  small.save();
  expect(files()).toEqual(['compose.yml']);
});

test('every text is quoted, so that no parser takes it for something else', () => {
  const text = project().toYaml();
  const values = text.split('\n').map(line => /^ *(?:- )?(?:[\w./-]+: )?([^:]*)$/.exec(line)?.[1]).filter(value => value !== undefined && value !== '');
  for (const value of values) expect(value).toMatch(/^(".*"|true|false|null|\d+|\{\}|.*:)$/);
  expect(text).not.toContain("'");
});

test('it meets the published schema, with every kind of entry', () => {
  const shop = shopWith('');
  const queue = new BrokeredQueue(shop, 'orders', { broker: new RabbitMq(shop, 'broker') });
  queue.grantSend(new Workload(shop, 'client', { image: 'registry.example/acme/client:1.0', replicas: 2, ports: [{ name: 'http', number: 80 }] }));
  const file = load(new ComposeProject(shop, { directory }).toYaml()) as any;
  expect(composeSchema(file)).toEqual([]);
  expect(Object.keys(file)).toEqual(['name', 'services', 'networks', 'volumes', 'configs', 'secrets', 'x-conduit']);
});

test('names of the language itself are names like any other', () => {
  const shop = new Application('shop');
  const server = new Workload(shop, 'server', { name: 'constructor', image: 'registry.example/acme/web:1.0', ports: [{ name: 'http', number: 80 }] });
  new Workload(shop, 'client', { name: 'valueof', image: 'registry.example/acme/web:1.0' }).connectTo(server.endpoint());
  const { services, networks } = load(new ComposeProject(shop, { directory }).toYaml()) as any;
  expect(Object.keys(services)).toEqual(['conduit-setup', 'constructor', 'valueof']);
  expect(Object.keys(networks)).toEqual(['constructor_valueof']);
});
