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
import { CachedService } from 'conduit-cached-service';

const portal = new Application('portal');
const catalogue = new CachedService(portal, 'catalogue', { image: 'registry.example/acme/catalogue:1.0.0', port: 8080 });
const web = new DiscoverableService(portal, 'web', { image: 'registry.example/acme/web:1.0.0', port: 8080 });
web.connectTo(catalogue.endpoint());

const app = new App();
new KubernetesChart(app, 'portal', { application: portal });
app.synth();
new ComposeProject(portal).save();
`;

const CONTRACT = `
import { BrokerContract } from 'cdk8s-conduit';
import { RedisStreams } from 'conduit-redis-streams';

for (const each of BrokerContract.cases({ makeBroker: (application, id) => new RedisStreams(application, id) })) {
  each.check();
  console.log(each.statement);
}
`;

const SAFE = `
import { Application, BrokeredQueue, KubernetesChart, RabbitMq, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { SafeOperator } from 'conduit-safe-secrets';

const shop = new Application('shop');
new BrokeredQueue(shop, 'orders', { broker: new RabbitMq(shop, 'broker') }).grantSend(new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0.0' }));
const app = new App({ outdir: 'safe' });
const { fidelity } = new KubernetesChart(app, 'shop', { application: shop, namespace: 'prod', providers: [new SafeOperator({ safe: 'prod', namespace: 'safes' })] });
app.synth();
console.log(fidelity.filter(({ feature }) => feature === 'secret of a safe').map(({ path }) => path).join(' '));
`;

const TARGET = `
import { Application, TargetContract, TestOutput, Workload } from 'cdk8s-conduit';
import { Graphviz } from 'conduit-graphviz';

for (const each of TargetContract.cases(new Graphviz())) {
  each.check();
  console.log(each.statement);
}
const shop = new Application('shop');
new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0.0' });
console.log(JSON.stringify(TestOutput.of(shop, new Graphviz())));
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

  /** Compiles a package of `test/package` against the published library, and installs it as it would be published. */
  function install(name: string): void {
    const source = join(scratch, name);
    cpSync(join(__dirname, 'package', name), source, { recursive: true });
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
    expect([...new Set(bundled.map(file => file.split('/')[1]))].sort()).toEqual(['argparse', 'js-yaml', 'node-forge']);
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

  it("lets a broker of somebody else's, in a package of its own, pass the contract", () => {
    install('broker');
    writeFileSync(join(project, 'contract.ts'), CONTRACT);
    const statements = npx(project, 'ts-node', 'contract.ts').trim().split('\n');
    expect(statements.length).toBeGreaterThan(40);
    expect(statements).toContain('a client reaches the broker, and nothing else');
    expect(existsSync(join(project, 'node_modules', 'conduit-redis-streams', 'node_modules'))).toBe(false);
  }, 2 * MINUTE);

  it("lets a provider of somebody else's, in a package of its own, make secrets", () => {
    install('provider');
    writeFileSync(join(project, 'safe.ts'), SAFE);
    expect(npx(project, 'ts-node', 'safe.ts').trim()).toBe('shop/orders/web-send');
    const entries = manifests(read('safe', 'shop.k8s.yaml')).filter(({ kind }) => kind === 'SafeEntry');
    expect(entries.map(({ spec }) => spec.path)).toEqual(['shop/orders-web-send']);
    expect(existsSync(join(project, 'node_modules', 'conduit-safe-secrets', 'node_modules'))).toBe(false);
  }, 2 * MINUTE);

  it("lets a target of somebody else's, in a package of its own, pass the contract", () => {
    install('target');
    writeFileSync(join(project, 'target.ts'), TARGET);
    const lines = npx(project, 'ts-node', 'target.ts').trim().split('\n');
    expect(lines.length).toBeGreaterThan(30);
    expect(lines).toContain('it changes nothing of the application');
    expect(JSON.parse(lines.at(-1)!)).toEqual({
      target: 'Graphviz', output: { files: { 'graphviz/shop.dot': 'digraph {\n  "web" [shape=box]\n}\n' }, fidelity: [{ path: 'shop/web', level: 'exact' }] },
    });
  }, 2 * MINUTE);

  describe("with a second package, a pattern of somebody else's", () => {
    let documents: Manifest[];
    let compose: any;
    const find = (kind: string, name: string) => documents.find(document => document.kind === kind && document.metadata.name === name)!;

    beforeAll(() => {
      install('pattern');
      writeFileSync(join(project, 'portal.ts'), PORTAL);
      npx(project, 'cdk8s', 'synth', '--app', 'npx ts-node portal.ts', '--output', 'portal');
      documents = manifests(read('portal', 'portal.k8s.yaml'));
      compose = load(read('portal', 'compose', 'compose.yml'));
    }, 4 * MINUTE);

    it('finds the one copy of the library that the application has', () => {
      expect(existsSync(join(project, 'node_modules', 'conduit-cached-service', 'lib', 'index.js'))).toBe(true);
      expect(existsSync(join(project, 'node_modules', 'conduit-cached-service', 'node_modules'))).toBe(false);
    });

    it('tells the service where its cache is', () => {
      const [container] = find('Deployment', 'catalogue').spec.template.spec.containers;
      expect(container.env).toEqual(expect.arrayContaining([{ name: 'CACHE_HOST', value: 'catalogue-cache' }, { name: 'CACHE_PORT', value: '6379' }]));
      expect(compose.services.catalogue.environment).toMatchObject({ CACHE_HOST: 'catalogue-cache', CACHE_PORT: '6379' });
    });

    it('starts the cache first', () => {
      const waits = find('Deployment', 'catalogue').spec.template.spec.initContainers.map((container: any) => container.command.join(' '));
      expect(waits).toContainEqual(expect.stringContaining('catalogue-cache:6379'));
      expect(compose.services.catalogue.depends_on['catalogue-cache']).toEqual({ condition: 'service_healthy' });
    });

    it('lets nobody but the service reach the cache', () => {
      const { podSelector, ingress } = find('NetworkPolicy', 'catalogue-cache').spec;
      expect(podSelector).toEqual(find('Deployment', 'catalogue-cache').spec.selector);
      expect(ingress.flatMap((rule: any) => rule.from)).toEqual([{ podSelector: find('Deployment', 'catalogue').spec.selector }]);
      const [network, ...others] = Object.keys(compose.services['catalogue-cache'].networks);
      expect(others).toEqual([]);
      const members = Object.keys(compose.services).filter(name => network in (compose.services[name].networks ?? {}));
      expect(members.sort()).toEqual(['catalogue', 'catalogue-cache']);
    });

    it('gives the cache its settings', () => {
      const text = expect.stringContaining('maxmemory 64mb');
      const path = '/etc/redis/redis.conf';
      const { containers, volumes } = find('Deployment', 'catalogue-cache').spec.template.spec;
      const mount = containers[0].volumeMounts.find((candidate: any) => candidate.mountPath === path);
      const { configMap } = volumes.find((volume: any) => volume.name === mount.name);
      expect(find('ConfigMap', configMap.name).data[mount.subPath]).toEqual(text);
      const { source } = compose.services['catalogue-cache'].configs.find((config: any) => config.target === path);
      expect(read('portal', 'compose', compose.configs[source].file)).toEqual(text);
    });
  });
});
