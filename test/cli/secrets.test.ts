import { Application, ComposeProject, ComposeProjectProps, EnvValue, Secret, Workload } from 'cdk8s-conduit';
import { spawnSync } from 'child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, relative } from 'path';
import { createSecrets } from '../../src/cli/secrets';

const VALUE = /^[A-Za-z][A-Za-z0-9]{31}$/;
const REPOSITORY = join(__dirname, '../..');

let folder: string;
let directory: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conduit-'));
  directory = join(folder, 'compose');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command as a user does. */
function command(...args: string[]) {
  const script = ['-r', 'ts-node/register/transpile-only', 'src/cli/cdk8s-conduit.ts'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...script, ...args], {
    cwd: REPOSITORY, encoding: 'utf8', env: { ...process.env, TS_NODE_PROJECT: 'test/tsconfig.json' },
  });
  return { status, stdout, stderr };
}

/** What the command does, within this process; returns what it prints. */
function createAll(): string {
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation(line => { lines.push(line); });
  createSecrets(directory);
  log.mockRestore();
  return `${lines.join('\n')}\n`;
}

/** Writes a project with one secret as a file and one as a variable. */
function save(props: ComposeProjectProps = {}): void {
  const shop = new Application('shop');
  const web = new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0', env: { API_KEY: EnvValue.secret(new Secret(shop, 'api-key')) } });
  web.main.mountSecret(new Secret(shop, 'session-key', { key: 'token' }));
  new ComposeProject(shop, { directory, ...props }).save();
}
const read = (path: string) => readFileSync(join(directory, path), 'utf8');
const mode = (path: string) => statSync(join(directory, path)).mode % 0o1000;

test('each missing secret gets a random value that needs no quoting anywhere', () => {
  save();
  createAll();
  const values = ['api-key', 'session-key'].map(name => read(`secrets/${name}`));
  for (const value of values) expect(value).toMatch(VALUE);
  expect(values[0]).not.toBe(values[1]);
});

test('only the owner gets at the files, and every user of a container at the one that is mounted', () => {
  save();
  createAll();
  expect([mode('secrets'), mode('secrets/api-key'), mode('secrets/session-key'), mode('.env')]).toEqual([0o700, 0o444, 0o444, 0o600]);
});

test('a directory that was open before is closed', () => {
  save();
  mkdirSync(join(directory, 'secrets'));
  chmodSync(join(directory, 'secrets'), 0o755);
  createAll();
  expect(mode('secrets')).toBe(0o700);
});

test('what is there is never overwritten', () => {
  save();
  mkdirSync(join(directory, 'secrets'));
  writeFileSync(join(directory, 'secrets/api-key'), 'mine');
  writeFileSync(join(directory, '.env'), 'OTHER=1\nAPI_KEY=mine too\n');
  expect(createAll()).toContain('kept secrets/api-key\nmade secrets/session-key\n');
  const made = read('secrets/session-key');
  expect(createAll()).toContain('kept secrets/api-key\nkept secrets/session-key\n');
  expect([read('secrets/api-key'), read('secrets/session-key'), read('.env')]).toEqual(['mine', made, 'OTHER=1\nAPI_KEY=mine too\n']);
});

test('it says how a cluster gets the same values, and no value', () => {
  save();
  const { stdout, stderr } = command('secrets', directory);
  const file = (name: string) => relative(REPOSITORY, join(directory, 'secrets', name));
  expect(stdout).toBe(`made secrets/api-key
made secrets/session-key
set API_KEY in .env

# the same values for a Kubernetes cluster:
kubectl create secret generic api-key --from-file=value=${file('api-key')}
kubectl create secret generic session-key --from-file=token=${file('session-key')}
`);
  expect(stderr).toBe('');
  for (const name of ['api-key', 'session-key']) expect(stdout).not.toContain(read(`secrets/${name}`));
});

test('values that stand in variables are in .env, which Compose reads', () => {
  save();
  createAll();
  expect(read('.env')).toBe(`API_KEY=${read('secrets/api-key')}\n`);
});

test.each([
  ['a line without an end', 'OTHER=1', 'OTHER=1\n'],
  ['nothing', '', ''],
  ['a variable that only ends like it', 'MY_API_KEY=x\n', 'MY_API_KEY=x\n'],
])('%s in .env stays as it is', (_, present, expected) => {
  save();
  writeFileSync(join(directory, '.env'), present);
  createAll();
  expect(read('.env')).toBe(`${expected}API_KEY=${read('secrets/api-key')}\n`);
});

test.each([
  ['p@ss $word #1', "'p@ss $word #1'"],
  ["it's", "'it\\'s'"],
  ['PlainText0', 'PlainText0'],
])('the value %s of your own reaches a variable as it is', (value, quoted) => {
  save();
  mkdirSync(join(directory, 'secrets'));
  writeFileSync(join(directory, 'secrets/api-key'), value);
  createAll();
  expect(read('.env')).toBe(`API_KEY=${quoted}\n`);
});

test('secrets can be kept outside what cdk8s empties', () => {
  save({ secretsDirectory: '../private' });
  createAll();
  expect(readdirSync(join(folder, 'private')).sort()).toEqual(['api-key', 'session-key']);
  expect(existsSync(join(directory, 'secrets'))).toBe(false);
});

test('a project without secrets needs nothing', () => {
  const shop = new Application('shop');
  new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0' });
  new ComposeProject(shop, { directory }).save();
  expect(command('secrets', directory)).toEqual({ status: 0, stdout: 'this project has no secrets\n', stderr: '' });
  expect(readdirSync(directory)).toEqual(['compose.yml']);
});

test('a directory without a project is refused', () => {
  expect(command('secrets', directory)).toEqual({
    status: 1, stdout: '', stderr: `cdk8s-conduit: there is no compose.yml in '${directory}'; write the project first, and give its directory\n`,
  });
});

test.each([[[]], [['secret', '.']], [['secrets']], [['secrets', '.', 'more']]])('with the arguments %j it explains its use, and fails', args => {
  const { status, stdout, stderr } = command(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^usage: cdk8s-conduit secrets <compose-directory>\n/);
});

test('it explains its use when asked', () => {
  const { status, stdout } = command('--help');
  expect([status, stdout.split('\n')[0]]).toEqual([0, 'usage: cdk8s-conduit secrets <compose-directory>']);
});

test('an unknown option is refused', () => {
  const { status, stderr } = command('secrets', directory, '--force');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^cdk8s-conduit: Unknown option '--force'/);
});

test('what is known elsewhere is not made, but asked for, and taken when it is there', () => {
  const shop = new Application('shop');
  const web = new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0' });
  for (const [name, key] of [['admin', 'password'], ['authority', 'ca.crt']]) web.main.mountSecret(new Secret(shop, name, { key, existing: true }));
  web.main.mountSecret(new Secret(shop, 'session-key'));
  new ComposeProject(shop, { directory }).save();
  expect(() => createAll()).toThrow('what is known elsewhere cannot be made here: write the values of admin (password) to secrets/admin, authority (ca.crt) to secrets/authority, and run this again');
  expect(readdirSync(join(directory, 'secrets'))).toEqual(['session-key']);
  writeFileSync(join(directory, 'secrets/admin'), 'known');
  expect(() => createAll()).toThrow('write the values of authority (ca.crt) to secrets/authority, and');
  writeFileSync(join(directory, 'secrets/authority'), 'PEM');
  expect(createAll()).toContain('kept secrets/admin');
  expect([read('secrets/admin'), read('secrets/authority')]).toEqual(['known', 'PEM']);
});
