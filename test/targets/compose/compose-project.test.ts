import { Application, BrokeredQueue, ComposeProject, ComposeProjectProps, ConfigFile, RabbitMq, Secret, Volume, Workload } from 'cdk8s-conduit';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { load } from 'js-yaml';
import { composeSchema } from '../../judges/docker-schemas';

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
const LIST = '.cdk8s-conduit.json';
const files = (of = directory) => readdirSync(of, { recursive: true, encoding: 'utf8' }).filter(name => name !== LIST).sort();
const contents = () => files().map(name => [name, statSync(join(directory, name)).isFile() && readFileSync(join(directory, name), 'utf8')]);
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
  const withTwo = shopWith('a = 1\n');
  new ConfigFile(withTwo, 'stale', { path: '/etc/stale', content: '' });
  new ComposeProject(withTwo, { directory }).save();
  mkdirSync(join(directory, 'secrets'));
  for (const name of ['configs/mine', 'secrets/key', '.env', 'compose.override.yml']) writeFileSync(join(directory, name), name);
  project('a = 2\n').save();
  expect(files()).toEqual(['.env', 'compose.override.yml', 'compose.yml', 'configs', 'configs/conf', 'configs/mine', 'secrets', 'secrets/key']);
  expect(read('configs/conf')).toBe('a = 2\n');
  expect(read('secrets/key')).toBe('secrets/key');
  expect(JSON.parse(read(LIST))).toEqual({ "compose project 'shop'": ['compose.yml', 'configs/conf'] });
});

test.each(['compose.yml', 'configs/conf'])("somebody else's %s is neither replaced nor removed, and then nothing is written", name => {
  mkdirSync(join(directory, 'configs'), { recursive: true });
  writeFileSync(join(directory, name), 'mine');
  expect(() => project().save()).toThrow(new Error(`compose project 'shop': '${name}' in '${directory}' would be replaced, and was not written by it; move it away, or set another 'directory'`));
  expect(files()).toEqual([...new Set(['configs', name])].sort());
  expect(read(name)).toBe('mine');
});

test('the directory of another project is left alone', () => {
  project('a = 1\n', { projectName: 'staging' }).save();
  const before = read('compose.yml');
  expect(() => project('a = 2\n', { projectName: 'production' }).save()).toThrow(new Error(
    `compose project 'production': 'configs/conf', 'compose.yml' in '${directory}' would be replaced, and belongs to compose project 'staging'; move it away, or set another 'directory'`));
  expect(read('compose.yml')).toBe(before);
});

test('a second project of one program needs a directory of its own', () => {
  process.env.CDK8S_OUTDIR = join(folder, 'out');
  const first = new ComposeProject(shopWith('a = 1\n'));
  const path = first.save();
  expect(() => new ComposeProject(shopWith('a = 2\n')).save()).toThrow(new Error(
    `compose project 'shop': another project of this program is in '${join(folder, 'out/compose')}'; give each a 'directory' of its own`));
  expect(readFileSync(path, 'utf8')).toBe(first.toYaml());
  expect(first.save()).toBe(path);
});

test('a list that cannot be read is not guessed', () => {
  project().save();
  writeFileSync(join(directory, LIST), '{');
  expect(() => project().save()).toThrow(`'${join(directory, LIST)}' cannot be read; remove it together with the files that it lists`);
});

test('whoever writes the files, containers of every user can read them', () => {
  const umask = process.umask(0o077);
  try {
    project().save();
  } finally {
    process.umask(umask);
  }
  expect(['compose.yml', 'configs/conf'].map(name => statSync(join(directory, name)).mode % 0o1000)).toEqual([0o644, 0o644]);
});

test('the remains of an earlier run that was killed are removed', () => {
  mkdirSync(join(directory, '.cdk8s-conduit.new/complete'), { recursive: true });
  writeFileSync(join(directory, '.cdk8s-conduit.new/complete/compose.yml'), 'half');
  project().save();
  expect(files()).toEqual(['compose.yml', 'configs', 'configs/conf']);
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

test.each(['.cdk8s-conduit.json', 'configs/conf', 'compose.yml'])('where %s cannot be replaced, all of the earlier project stays', name => {
  project('a = 1\n').save();
  rmSync(join(directory, name));
  mkdirSync(join(directory, name, 'in the way'), { recursive: true });
  const before = contents();
  expect(() => project('a = 2\n').save()).toThrow();
  expect(contents()).toEqual(before);
});

test('a file that is written takes the place of the old one at once, even of one that cannot be written to', () => {
  project('a = 1\n').save();
  chmodSync(join(directory, 'compose.yml'), 0o444);
  project('a = 2\n').save();
  expect(read('compose.yml')).toBe(project('a = 2\n').toYaml());
});

test.each<[string, string | undefined, string[], string]>([
  ['dist/compose by itself', undefined, [], 'dist/compose'],
  ['in the directory that cdk8s names', 'out', [], 'out/compose'],
  ['beside a Helm chart', 'chart/templates', ['chart/Chart.yaml'], 'chart-compose'],
])('it is written to %s', (_, outdir, present, expected) => {
  const cwd = process.cwd();
  process.chdir(folder);
  try {
    for (const file of present) { mkdirSync(resolve(file, '..'), { recursive: true }); writeFileSync(file, ''); }
    if (outdir) process.env.CDK8S_OUTDIR = outdir;
    const path = new ComposeProject(shopWith('')).save();
    expect(path).toBe(resolve(expected, 'compose.yml'));
    expect(existsSync(path)).toBe(true);
    const { file } = (load(readFileSync(path, 'utf8')) as any).secrets.key;
    expect(resolve(expected, file)).toBe(resolve('secrets/shop/key'));
  } finally {
    process.chdir(cwd);
  }
});

test('the secrets of two projects are apart, as their volumes are', () => {
  const at = (props: ComposeProjectProps) => (load(new ComposeProject(shopWith(''), props).toYaml()) as any).secrets.key.file;
  expect([at({}), at({ projectName: 'staging' }), at({ directory, secretsDirectory: 'values' })])
    .toEqual(['../../secrets/shop/key', '../../secrets/staging/key', './values/key']);
});

test.each([
  ['configs', 'a directory for secrets alone'], ['configs/secrets', 'a directory for secrets alone'], ['.', 'a directory for secrets alone'],
  ['../..', 'a directory for secrets alone'], ['', "relative to the project's directory"], ['/etc', "relative to the project's directory"],
])("the secrets' directory cannot be '%s'", (secretsDirectory, must) => {
  expect(() => project('', { secretsDirectory })).toThrow(`shop: 'secretsDirectory' must be ${must}, got '${secretsDirectory}'`);
});

test('what cdk8s empties holds no secrets', () => {
  process.env.CDK8S_OUTDIR = join(folder, 'dist');
  for (const secretsDirectory of ['secrets', '../secrets']) {
    expect(() => project('', { secretsDirectory })).toThrow(
      `shop: 'secretsDirectory' must be outside of '${join(folder, 'dist')}', which 'cdk8s synth' empties, got '${secretsDirectory}'`);
  }
  expect(() => project('', { secretsDirectory: '../../secrets' })).not.toThrow();
});

test('nothing of a project is in a Helm chart', () => {
  process.env.CDK8S_OUTDIR = join(folder, 'dist/templates');
  mkdirSync(process.env.CDK8S_OUTDIR, { recursive: true });
  writeFileSync(join(folder, 'dist/Chart.yaml'), '');
  expect(() => project()).toThrow(`shop: 'directory' must be outside of the Helm chart in '${join(folder, 'dist')}', which would be packed with it, got '${directory}'`);
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
