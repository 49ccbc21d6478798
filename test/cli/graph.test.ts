// Draws what a program defines, in whatever process it does so, and throws away what it writes.
import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const REPOSITORY = join(__dirname, '../..');
const TS_NODE = join(REPOSITORY, 'node_modules/ts-node/register/transpile-only');

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'graph-')); });
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command in the folder, as a user does. */
function command(...args: string[]) {
  const env = { ...process.env, NODE_OPTIONS: `--require ${TS_NODE}`, TS_NODE_PROJECT: join(REPOSITORY, 'test/tsconfig.json'), CDK8S_OUTDIR: undefined };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(REPOSITORY, 'src/cli/cdk8s-conduit.ts'), ...args], { cwd: folder, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

/** Writes a program, and says how it is run. */
function program(text: string): string {
  writeFileSync(join(folder, 'main.js'), text);
  return 'node main.js';
}

// to load the library takes seconds where nothing is compiled
const SHOP = `const { Application, ComposeProject, Workload } = require('${REPOSITORY}/src');
const shop = new Application('shop');
new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0' });
`;

test('the program that cdk8s.yaml names is run, and all its applications are drawn', () => {
  const app = program(`${SHOP}new Workload(new Application('bank'), 'teller', { image: 'registry.example/acme/web:1.0' });\n`);
  writeFileSync(join(folder, 'cdk8s.yaml'), `language: typescript\napp: ${app}\n`);
  expect(command('graph')).toEqual({ status: 0, stdout: 'drew dist/topology/shop.html\ndrew dist/topology/bank.html\n', stderr: '' });
  expect(readdirSync(join(folder, 'dist/topology')).sort()).toEqual(['.cdk8s-conduit.json', 'bank.html', 'bank.mmd', 'bank.svg', 'shop.html', 'shop.mmd', 'shop.svg']);
  expect(readFileSync(join(folder, 'dist/topology/shop.svg'), 'utf8')).toContain('>web</text>');
});

test('another program starts the one that defines them, and what that writes by itself is thrown away', () => {
  const other = program(`${SHOP}new ComposeProject(shop).save();\n`);
  writeFileSync(join(folder, 'first.js'), `require('child_process').execSync('${other}');`);
  expect(command('graph', '--app', 'node first.js', '--output', 'pictures').stdout).toBe('drew pictures/shop.html\n');
  expect(readdirSync(folder).sort()).toEqual(['first.js', 'main.js', 'pictures']);
});

test.each<[string, string[], string, string]>([
  ['without a program', [], '', "cdk8s-conduit: there is no cdk8s.yaml that names a program here; give the command that runs it with '--app'\n"],
  ['of a program that defines nothing', ['--app', 'node main.js'], '', "cdk8s-conduit: 'node main.js' defined no Application, so there is nothing to draw\n"],
  ['of a program that fails', ['--app', 'node main.js'], 'process.exit(3);', "cdk8s-conduit: 'node main.js' failed, so nothing can be drawn\n"],
  ['of an application with problems', ['--app', 'node main.js'], `${SHOP}new Workload(shop, 'b', { name: 'web', image: 'registry.example/acme/web:1.0' });`,
    "application 'shop' has a problem:\nshop/b: the name 'web' is taken by shop/web; choose another id or set 'name'\ncdk8s-conduit: 'node main.js' failed, so nothing can be drawn\n"],
])('nothing is drawn %s, and it says why', (_, args, text, message) => {
  program(text);
  expect(command('graph', ...args)).toEqual({ status: 1, stdout: '', stderr: message });
  expect(existsSync(join(folder, 'dist'))).toBe(false);
});

test('with other arguments it explains its use, and fails', () => {
  const { status, stderr } = command('graph', 'shop');
  expect([status, stderr.split('\n')[1]]).toEqual([2, '       cdk8s-conduit graph [--app <command>] [--output <directory>]']);
});
