import { Application, Certificate, ComposeProject, ComposeProjectProps, EnvValue, Secret, Workload } from 'cdk8s-conduit';
import { spawnSync } from 'child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, relative } from 'path';
import * as fc from 'fast-check';
import { parseDotenv } from './dotenv';
import { createSecrets } from '../../src/cli/secrets';
import { writeVariables } from '../../src/cli/variables';

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
  try {
    createSecrets(directory, folder);
  } finally {
    log.mockRestore();
  }
  return `${lines.join('\n')}\n`;
}

/** Writes a project with one secret as a file and one as a variable. */
function save(props: ComposeProjectProps = {}): void {
  const shop = new Application('shop');
  const web = new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0', env: { API_KEY: EnvValue.secret(new Secret(shop, 'api-key')) } });
  web.main.mountSecret(new Secret(shop, 'session-key', { key: 'token' }));
  new ComposeProject(shop, { directory, secretsDirectory: 'secrets', ...props }).save();
}
const read = (path: string) => readFileSync(join(directory, path), 'utf8');
const mode = (path: string) => statSync(join(directory, path)).mode % 0o1000;
const bring = (path: string, text: string) => {
  mkdirSync(join(directory, path, '..'), { recursive: true });
  writeFileSync(join(directory, path), text);
};

test('each missing secret gets a random value that needs no quoting anywhere', () => {
  save();
  createAll();
  const values = ['api-key', 'session-key'].map(name => read(`secrets/${name}`));
  for (const value of values) expect(value).toMatch(VALUE);
  expect(values[0]).not.toBe(values[1]);
});

test.each([0o077, 0o022, 0o000])('whatever the umask (%i), only the owner gets at the files, and every user of a container at the one that is mounted', mask => {
  save();
  const before = process.umask(mask);
  try {
    createAll();
  } finally {
    process.umask(before);
  }
  expect([mode('secrets'), mode('secrets/api-key'), mode('secrets/session-key'), mode('.env')]).toEqual([0o700, 0o444, 0o444, 0o600]);
});

test('what was open before is closed, and what containers could not read is opened to them', () => {
  save();
  bring('secrets/api-key', 'mine');
  bring('.env', 'OTHER=1\n');
  for (const [path, open] of [['secrets', 0o755], ['secrets/api-key', 0o600], ['.env', 0o644]] as const) chmodSync(join(directory, path), open);
  createAll();
  expect([mode('secrets'), mode('secrets/api-key'), mode('.env')]).toEqual([0o700, 0o444, 0o600]);
});

test('nothing of it gets into Git', () => {
  save();
  createAll();
  expect(read('secrets/.gitignore')).toBe('*\n');
});

test('what is there is never overwritten', () => {
  save();
  bring('secrets/api-key', 'mine');
  writeFileSync(join(directory, '.env'), 'OTHER=1\nAPI_KEY=mine too\n');
  expect(createAll()).toMatch(/^kept .*secrets\/api-key\nmade .*secrets\/session-key\n/);
  const made = read('secrets/session-key');
  expect(createAll()).toMatch(/^kept .*secrets\/api-key\nkept .*secrets\/session-key\n/);
  expect([read('secrets/api-key'), read('secrets/session-key'), read('.env')]).toEqual(['mine', made, 'OTHER=1\nAPI_KEY=mine too\nCONDUIT_SECRET_API_KEY=mine\n']);
});

test('it says how a cluster gets the same values, and no value', () => {
  directory = join(folder, "it's mine");
  save();
  const { stdout, stderr } = command('secrets', directory);
  const file = (name: string) => relative(REPOSITORY, join(directory, 'secrets', name));
  const word = (text: string) => `'${text.replace("'", "'\\''")}'`;
  expect(stdout).toBe(`made ${file('api-key')}
made ${file('session-key')}
set CONDUIT_SECRET_API_KEY in .env

# the same values for a Kubernetes cluster:
kubectl create secret generic api-key --from-file=${word(`value=${file('api-key')}`)} --dry-run=client -o yaml | kubectl apply --server-side -f -
kubectl create secret generic session-key --from-file=${word(`token=${file('session-key')}`)} --dry-run=client -o yaml | kubectl apply --server-side -f -
`);
  expect(stderr).toBe('');
  for (const name of ['api-key', 'session-key']) expect(stdout).not.toContain(read(`secrets/${name}`));
});

test('a certificate with its key is a Secret of the type that controllers take', () => {
  const shop = new Application('shop');
  const web = new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0' });
  const { chain, key } = new Certificate(shop, 'own', { hosts: ['web'] });
  for (const part of [chain, key, new Secret(shop, 'other')]) web.main.mountSecret(part);
  new ComposeProject(shop, { directory, secretsDirectory: 'secrets' }).save();
  const printed = createAll();
  expect(printed).toContain('kubectl create secret generic own --type=kubernetes.io/tls --from-file=');
  expect(printed).toContain('kubectl create secret generic other --from-file=');
});

test('values that stand in variables are in .env, which Compose reads', () => {
  save();
  createAll();
  expect(read('.env')).toBe(`CONDUIT_SECRET_API_KEY=${read('secrets/api-key')}\n`);
});

test.each([
  ['a line without an end', 'OTHER=1', 'OTHER=1\n'],
  ['nothing', '', ''],
  ['a variable that only ends like it', 'MY_CONDUIT_SECRET_API_KEY=x\n', 'MY_CONDUIT_SECRET_API_KEY=x\n'],
  ['an empty line', 'A=1\n\nB=2\n', 'A=1\n\nB=2\n'],
])('%s in .env stays as it is', (_, present, expected) => {
  save();
  writeFileSync(join(directory, '.env'), present);
  createAll();
  expect(read('.env')).toBe(`${expected}CONDUIT_SECRET_API_KEY=${read('secrets/api-key')}\n`);
});

test('a variable follows the file of its secret, and goes with it', () => {
  save();
  bring('secrets/api-key', 'first');
  bring('.env', 'A=1\n');
  createAll();
  bring('.env', `${read('.env')}B=2\n`);
  rmSync(join(directory, 'secrets/api-key'));
  bring('secrets/api-key', 'second');
  expect(createAll()).toContain('set CONDUIT_SECRET_API_KEY in .env');
  expect(read('.env')).toBe('A=1\nB=2\nCONDUIT_SECRET_API_KEY=second\n');
  expect(createAll()).not.toContain('set ');
  const shop = new Application('shop');
  new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0' });
  new ComposeProject(shop, { directory }).save();
  createAll();
  expect(read('.env')).toBe('A=1\nB=2\n');
});

test.each([
  ['p@ss $word #1', '"p@ss \\$word #1"'],
  ["it's", '"it\'s"'],
  ['a\\', '"a\\\\"'],
  ['two\nlines', '"two\\nlines"'],
  ['PlainText0', 'PlainText0'],
])('the value %j of your own reaches a variable as it is', (value, quoted) => {
  save();
  bring('secrets/api-key', value);
  createAll();
  expect(read('.env')).toBe(`CONDUIT_SECRET_API_KEY=${quoted}\n`);
  expect(parseDotenv(read('.env'))).toEqual({ CONDUIT_SECRET_API_KEY: value });
});

test('a value of any characters reaches a variable as it is, and takes one line', () => {
  const pieces = fc.constantFrom('\\', '"', "'", '$', '${A}', '$$', '\n', '\r', '#', ' #', ' ', '\t', 'n', '=', '`', '0', 'é', '𝄞');
  mkdirSync(directory);
  fc.assert(fc.property(fc.string({ unit: fc.oneof(pieces, fc.string({ minLength: 1, maxLength: 1 })) }), value => {
    rmSync(join(directory, '.env'), { force: true });
    writeVariables(directory, { CONDUIT_SECRET_A: value, CONDUIT_SECRET_B: 'b' });
    expect(parseDotenv(read('.env'))).toEqual({ CONDUIT_SECRET_A: value, CONDUIT_SECRET_B: 'b' });
    expect(read('.env').split('\n')).toHaveLength(3);
    expect(writeVariables(directory, { CONDUIT_SECRET_A: value, CONDUIT_SECRET_B: 'b' })).toEqual([]);
  }));
});

test('secrets are beside the program by default, outside what cdk8s empties', () => {
  save({ secretsDirectory: '../private/shop' });
  createAll();
  expect(readdirSync(join(folder, 'private/shop')).sort()).toEqual(['.gitignore', 'api-key', 'session-key']);
  expect(existsSync(join(directory, 'secrets'))).toBe(false);
});

test.each([
  ['', 'is empty; write the value, or remove the file to have it made anew'],
  ['password\n', 'ends with a line break, which some programs take for a part of the value; write it without one'],
  ['a\0b', 'contains a zero byte, which no variable can hold; write it without one'],
])('the value %j is not taken', (value, problem) => {
  save();
  bring('secrets/api-key', value);
  bring('secrets/session-key', value);
  expect(createAll).toThrow(new Error(['api-key', 'session-key'].map(name => `secrets/${name} ${problem}`).map(line => `${relative(folder, directory)}/${line}`).join('\n')));
  expect(existsSync(join(directory, '.env'))).toBe(false);
});

test('a text of several lines ends with one', () => {
  save();
  bring('secrets/api-key', '-----BEGIN\n-----END\n');
  createAll();
  expect(parseDotenv(read('.env'))).toEqual({ CONDUIT_SECRET_API_KEY: '-----BEGIN\n-----END\n' });
});

test('a project without secrets needs nothing', () => {
  const shop = new Application('shop');
  new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0' });
  new ComposeProject(shop, { directory }).save();
  expect(command('secrets', directory)).toEqual({ status: 0, stdout: 'this project has no secrets\n', stderr: '' });
  expect(readdirSync(directory).sort()).toEqual(['.cdk8s-conduit.json', 'compose.yml']);
});

test('a directory without a project is refused', () => {
  expect(command('secrets', directory)).toEqual({
    status: 1, stdout: '', stderr: `cdk8s-conduit: there is no compose.yml and no stack.yml in '${directory}'; write the project first, and give its directory\n`,
  });
});

test.each([[[]], [['secret', '.']], [['secrets']], [['secrets', '.', 'more']]])('with the arguments %j it explains its use, and fails', args => {
  const { status, stdout, stderr } = command(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^usage: cdk8s-conduit secrets <directory>\n/);
});

test('it explains its use when asked', () => {
  const { status, stdout } = command('--help');
  expect([status, stdout.split('\n')[0]]).toEqual([0, 'usage: cdk8s-conduit secrets <directory>']);
});

test('an unknown option is refused', () => {
  const { status, stderr } = command('secrets', directory, '--force');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^cdk8s-conduit: Unknown option '--force'/);
});

test('a brought value that stands in a URL is refused where it has characters with a meaning there', () => {
  const shop = new Application('shop');
  const key = EnvValue.secret(new Secret(shop, 'key', { existing: true, urlSafe: true }));
  new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0', env: { URL: EnvValue.template('amqp://app:{key}@mq', { key }) } });
  new ComposeProject(shop, { directory, secretsDirectory: 'secrets' }).save();
  expect(() => createAll()).toThrow('write the values of key (value) to');
  writeFileSync(join(directory, 'secrets/key'), 'p@ss');
  expect(() => createAll()).toThrow('compose/secrets/key stands in a URL, and holds characters that have a meaning there; write it percent-encoded');
  writeFileSync(join(directory, 'secrets/key'), 'p%40ss');
  expect(createAll()).toContain('set CONDUIT_SECRET_KEY in .env');
  expect(read('.env')).toBe('CONDUIT_SECRET_KEY="p%40ss"\n');
});

test('an existing secret is not made, but asked for, and taken when it is there', () => {
  const shop = new Application('shop');
  const web = new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0' });
  for (const [name, key] of [['admin', 'password'], ['authority', 'ca.crt']]) web.main.mountSecret(new Secret(shop, name, { key, existing: true }));
  web.main.mountSecret(new Secret(shop, 'session-key'));
  new ComposeProject(shop, { directory, secretsDirectory: 'secrets' }).save();
  expect(() => createAll()).toThrow('existing secrets cannot be made here: write the values of admin (password) to compose/secrets/admin, '
    + 'authority (ca.crt) to compose/secrets/authority, and run this again');
  expect(readdirSync(join(directory, 'secrets'))).toEqual(['.gitignore', 'session-key']);
  writeFileSync(join(directory, 'secrets/admin'), 'known');
  expect(() => createAll()).toThrow('write the values of authority (ca.crt) to compose/secrets/authority, and');
  writeFileSync(join(directory, 'secrets/authority'), 'PEM');
  expect(createAll()).toContain('kept compose/secrets/admin');
  expect([read('secrets/admin'), read('secrets/authority')]).toEqual(['known', 'PEM']);
});
