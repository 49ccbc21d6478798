// What somebody else adds to the library: compiled and judged in a package of its own, which has the packed library and no other part of this repository.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { SUITES } from './src/suites';

const ROOT = resolve(__dirname, '../..');
const MODULES = join(ROOT, 'node_modules');
/** What users have beside the library. */
const BESIDE = ['@types/node', 'cdk8s', 'cdk8s-plus-27', 'constructs'];

interface Found {
  readonly suite: string;
  readonly statement: string;
  readonly problem?: string;
}

let scratch: string;
let found: Found[];

function run(directory: string, command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { cwd: directory, encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`in ${directory}: ${message}\n${stdout ?? ''}\n${stderr ?? ''}`);
  }
}

const compile = (directory: string, ...args: string[]) => run(directory, process.execPath, join(MODULES, 'typescript/bin/tsc'), ...args);

const manifestOf = (directory: string) => JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));

/** Packages with all that they depend on. */
function closure(names: string[]): string[] {
  return names.flatMap(name => [name, ...closure(Object.keys(manifestOf(join(MODULES, name)).dependencies ?? {}))]);
}

/** The build's way of joining the modules. */
const [bundler, ...flags] = JSON.parse(readFileSync(join(ROOT, '.projen/tasks.json'), 'utf8')).tasks.bundle.steps[0].exec.split(' ');

/** The library's tarball, of what its sources are now. */
function pack(): string {
  const library = join(scratch, 'library');
  compile(ROOT, '-p', 'tsconfig.json', '--outDir', join(library, 'lib'), '--rootDir', 'src');
  run(library, join(MODULES, '.bin', bundler), ...flags);
  for (const file of ['package.json', '.npmignore', 'README.md', 'LICENSE']) cpSync(join(ROOT, file), join(library, file));
  for (const name of closure(manifestOf(ROOT).bundledDependencies)) cpSync(join(MODULES, name), join(library, 'node_modules', name), { recursive: true });
  const [{ filename }] = JSON.parse(run(library, 'npm', 'pack', '--json', '--offline', '--pack-destination', scratch));
  return join(scratch, filename);
}

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'conduit-extensions-'));
  const project = join(scratch, 'project');
  cpSync(__dirname, project, { recursive: true, filter: path => !path.endsWith('.test.ts') });
  const installed = join(project, 'node_modules', 'cdk8s-conduit');
  mkdirSync(installed, { recursive: true });
  run(installed, 'tar', '-xzf', pack(), '--strip-components=1');
  for (const name of BESIDE) {
    mkdirSync(dirname(join(project, 'node_modules', name)), { recursive: true });
    symlinkSync(join(MODULES, name), join(project, 'node_modules', name));
  }
  compile(project, '-p', '.');
  found = run(project, process.execPath, 'lib/check.js').trim().split('\n').map(line => JSON.parse(line));
}, 120_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test.each(Object.entries(SUITES))('%s: everything is true of it in a package of its own', (suite, cases) => {
  const own = found.filter(each => each.suite === suite);
  expect(own.map(({ statement }) => statement)).toEqual(cases.map(({ statement }) => statement));
  expect(own.filter(({ problem }) => problem !== undefined)).toEqual([]);
  expect(own.length).toBeGreaterThan(2);
});
