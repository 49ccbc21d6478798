import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { load, loadAll } from 'js-yaml';

const ROOT = resolve(__dirname, '..');
const MINUTE = 60_000;
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund'];
const AGAIN = 'npx ts-node --transpile-only main.ts'; // its types were checked the first time

// the second application: what it imports is not there when this repository's own types are checked
const PORTAL = `
import { App } from 'cdk8s';
import { Application, ComposeProject, DiscoverableService, KubernetesChart } from 'cdk8s-conduit';
import { CachedService } from 'conduit-extensions';

const portal = new Application('portal');
const catalogue = new CachedService(portal, 'catalogue', { image: 'registry.example/acme/catalogue:1.0.0', port: 8080 });
const web = new DiscoverableService(portal, 'web', { image: 'registry.example/acme/web:1.0.0', port: 8080 });
web.connectTo(catalogue.endpoint());

const app = new App();
new KubernetesChart(app, 'portal', { application: portal });
app.synth();
new ComposeProject(portal).save();
`;

function run(directory: string, command: string, ...args: string[]): string {
  try {
    const env = { ...process.env, CDK8S_CHECK_UPGRADE: 'false' }; // asks the network, and tells of it on standard output
    return execFileSync(command, args, { cwd: directory, env, encoding: 'utf8', stdio: 'pipe', timeout: 4 * MINUTE, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`in ${directory}: ${message}\n${stdout ?? ''}\n${stderr ?? ''}`);
  }
}

const npx = (directory: string, ...args: string[]) => run(directory, 'npx', '--no', ...args);

function findRegistry(): { reachable: boolean; reason: string } {
  try {
    run(ROOT, 'npm', 'view', 'constructs', 'version', '--prefer-online', '--fetch-retries=0', '--fetch-timeout=15000');
    return { reachable: true, reason: '' };
  } catch {
    return { reachable: false, reason: 'npm reaches no registry, so the package cannot be installed anywhere' };
  }
}

function filesBelow(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
}

/** Whether `lib` is what the compiler would make of `src` now: nothing older, and nothing left of what was renamed. */
function isCompiled(): boolean {
  const manifest = join(ROOT, '.jsii'); // what the compiler writes last
  if (!existsSync(manifest)) return false;
  const compiledAt = statSync(manifest).mtimeMs;
  const left = filesBelow(join(ROOT, 'lib')).map(file => sourceOf(file.slice(ROOT.length + 1)));
  return left.length > 0 && left.every(source => existsSync(join(ROOT, source)))
    && filesBelow(join(ROOT, 'src')).every(source => statSync(source).mtimeMs <= compiledAt);
}

function sourceOf(compiled: string): string {
  return compiled.replace(/^lib/, 'src').replace(/(\.d\.ts|\.js)$/, '.ts');
}

/** The first program that a user sees must be one that works. */
function programOfReadme(): string {
  return /^```ts\n(.*?)^```/ms.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))![1];
}

/** Packs the package in `directory`, and returns the path of the tarball. */
function pack(directory: string, destination: string): string {
  const [{ filename }] = JSON.parse(run(directory, 'npm', 'pack', '--json', '--pack-destination', destination));
  return join(destination, filename);
}

/** The versions that this repository is tested with. They are in npm's cache, and nothing breaks when a new one comes out. */
function withVersions(...names: string[]): string[] {
  return names.map(name => `${name}@${JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version}`);
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: any;
  readonly data: Record<string, string>;
}

function manifests(yaml: string): Manifest[] {
  return (loadAll(yaml) as Manifest[]).filter(document => document);
}

const registry = findRegistry();
if (!registry.reachable && !process.env.CI) console.log(`skipped: ${registry.reason}`);
const describeOnline = registry.reachable || process.env.CI ? describe : describe.skip;

describeOnline('the published package', () => {
  let scratch: string;
  let tarball: string;
  let project: string;
  const read = (...path: string[]) => readFileSync(join(project, ...path), 'utf8');

  /** Compiles the package `test/package` against the published library, and installs it as it would be published. */
  function installExtensions(): void {
    const source = join(scratch, 'extensions');
    cpSync(join(__dirname, 'package'), source, { recursive: true, filter: path => !path.endsWith('.test.ts') });
    symlinkSync(join(project, 'node_modules'), join(source, 'node_modules')); // saves a second download
    run(source, process.execPath, join(project, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.');
    run(project, 'npm', ...INSTALL, pack(source, scratch));
  }

  beforeAll(() => {
    if (!registry.reachable) throw new Error(registry.reason);
    if (!isCompiled()) {
      rmSync(join(ROOT, 'lib'), { recursive: true, force: true });
      npx(ROOT, 'projen', 'compile');
    }
    scratch = mkdtempSync(join(tmpdir(), 'conduit-package-'));
    tarball = pack(ROOT, scratch);
    project = join(scratch, 'shop');
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "private": true }');
    writeFileSync(join(project, 'cdk8s.yaml'), 'language: typescript\napp: npx ts-node main.ts\n');
    writeFileSync(join(project, 'main.ts'), programOfReadme());
    run(project, 'npm', ...INSTALL, tarball,
      ...withVersions('cdk8s', 'cdk8s-cli', 'cdk8s-plus-27', 'constructs', 'typescript', 'ts-node', '@types/node'));
    // the settings that `cdk8s init typescript-app` gives a project
    cpSync(join(project, 'node_modules', 'cdk8s-cli', 'templates', 'typescript-app', 'tsconfig.json'), join(project, 'tsconfig.json'));
  }, 5 * MINUTE);

  afterAll(() => {
    if (scratch) rmSync(scratch, { recursive: true, force: true });
  });

  it('holds what users need and nothing else', () => {
    const files = run(scratch, 'tar', '-tzf', tarball).trim().split('\n').map(file => file.replace(/^package\//, ''));
    const compiled = files.filter(file => /^lib\/.*(\.d\.ts|\.js)$/.test(file));
    const bundled = files.filter(file => file.startsWith('node_modules/'));
    expect(files.filter(file => !compiled.includes(file) && !bundled.includes(file)).sort())
      .toEqual(['.jsii', 'API.md', 'LICENSE', 'README.md', 'package.json']);
    expect(compiled.filter(file => !existsSync(join(ROOT, sourceOf(file))))).toEqual([]);
    expect(compiled).toEqual(expect.arrayContaining(['lib/index.js', 'lib/index.d.ts', 'lib/cli/cdk8s-conduit.js']));
    expect(run(scratch, 'tar', '-tvzf', tarball, 'package/lib/cli/cdk8s-conduit.js')).toMatch(/^-rwxr-xr-x /);
    expect([...new Set(bundled.map(file => file.split('/')[1]))].sort()).toEqual(['@dagrejs', 'argparse', 'js-yaml', 'node-forge']);
  });

  it('lets cdk8s synth write both targets of the program in the README', () => {
    npx(project, 'cdk8s', 'synth');
    const documents = manifests(read('dist', 'shop.k8s.yaml'));
    expect(documents.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Deployment', 'NetworkPolicy', 'Service', 'StatefulSet']));
    const compose = load(read('dist', 'compose', 'compose.yml')) as any;
    for (const { metadata } of documents.filter(({ kind }) => kind === 'Deployment')) expect(Object.keys(compose.services)).toContain(metadata.name);
    for (const { file } of Object.values<any>(compose.configs)) expect(existsSync(join(project, 'dist', 'compose', file))).toBe(true);
  }, 2 * MINUTE);

  it('makes the secrets of that project', () => {
    npx(project, 'cdk8s-conduit', 'secrets', 'dist/compose');
    const compose = load(read('dist', 'compose', 'compose.yml')) as any;
    const secrets = Object.values<any>(compose.secrets).map(({ file }) => read('dist', 'compose', file));
    expect(secrets).toHaveLength(2);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9]{32}$/);
  }, MINUTE);

  it('draws that program from outside as it draws itself', () => {
    expect(npx(project, 'cdk8s-conduit', 'graph', '--output', 'pictures')).toBe('drew pictures/shop.html\n');
    for (const file of ['shop.html', 'shop.svg', 'shop.mmd']) expect(read('pictures', file)).toBe(read('dist', 'topology', file));
  }, 2 * MINUTE);

  it('keeps the Compose file out of what is piped to kubectl', () => {
    const documents = manifests(npx(project, 'cdk8s', 'synth', '--stdout', '--app', AGAIN));
    expect(documents).toEqual(manifests(read('dist', 'shop.k8s.yaml')));
    for (const document of documents) expect(document).toEqual(expect.objectContaining({ apiVersion: expect.any(String), kind: expect.any(String) }));
  }, 2 * MINUTE);

  it('keeps the Compose project out of a Helm chart', () => {
    const before = manifests(read('dist', 'shop.k8s.yaml'));
    const format = ['--format', 'helm', '--chart-api-version', 'v2', '--chart-version', '1.0.0'];
    npx(project, 'cdk8s', 'synth', '--app', AGAIN, ...format, '--output', 'chart');
    expect(filesBelow(join(project, 'chart')).map(path => relative(project, path)).sort()).toEqual(['chart/Chart.yaml', 'chart/README.md', 'chart/templates/shop.k8s.yaml']);
    expect(manifests(read('chart', 'templates', 'shop.k8s.yaml'))).toEqual(before);
    expect(existsSync(join(project, 'chart-compose', 'compose.yml'))).toBe(true);
  }, 2 * MINUTE);

  describe("with a second package, of somebody else's", () => {
    let documents: Manifest[];
    let compose: any;
    const find = (kind: string, name: string) => documents.find(document => document.kind === kind && document.metadata.name === name)!;

    beforeAll(() => {
      installExtensions();
      writeFileSync(join(project, 'portal.ts'), PORTAL);
      npx(project, 'cdk8s', 'synth', '--app', 'npx ts-node portal.ts', '--output', 'portal');
      documents = manifests(read('portal', 'portal.k8s.yaml'));
      compose = load(read('portal', 'compose', 'compose.yml'));
    }, 4 * MINUTE);

    it('finds the one copy of the library that the application has', () => {
      expect(existsSync(join(project, 'node_modules', 'conduit-extensions', 'lib', 'index.js'))).toBe(true);
      expect(existsSync(join(project, 'node_modules', 'conduit-extensions', 'node_modules'))).toBe(false);
    });

    it('writes what that package adds for both targets', () => {
      expect(find('Deployment', 'catalogue-cache')).toBeDefined();
      const [network] = Object.keys(compose.services['catalogue-cache'].networks);
      expect(Object.keys(compose.services).filter(name => network in (compose.services[name].networks ?? {})).sort()).toEqual(['catalogue', 'catalogue-cache']);
    });
  });
});
