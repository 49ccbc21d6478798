// What is in the way of `cdk8s-conduit secrets`, or goes wrong while it runs, costs nobody a file.
import { Application, Certificate, ComposeProject, ComposeProjectProps, EnvValue, Secret, Workload } from 'cdk8s-conduit';
import { spawn } from 'child_process';
import { createPrivateKey, X509Certificate } from 'crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, join } from 'path';
import { dump, load } from 'js-yaml';
import { parseDotenv } from './dotenv';
import { createSecrets } from '../../src/cli/secrets';

let folder: string;
let working: string;
let project: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conduit-'));
  working = join(folder, 'working');
  project = join(working, 'dist/compose');
  jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Writes a project with a secret as a file, one as a variable, and a certificate. */
function save(props: ComposeProjectProps = {}): void {
  const shop = new Application('shop');
  const web = new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0', env: { API_KEY: EnvValue.secret(new Secret(shop, 'api-key')) } });
  web.main.mountSecret(new Secret(shop, 'session-key'));
  const { caCertificates, chain, key } = new Certificate(shop, 'tls', { hosts: ['web'] });
  for (const part of [caCertificates, chain, key]) web.main.mountSecret(part);
  new ComposeProject(shop, { directory: project, secretsDirectory: '../../secrets/shop', ...props }).save();
}
const run = () => createSecrets(project, working);
const secret = (name: string) => join(working, 'secrets/shop', name);
const read = (path: string) => readFileSync(path, 'utf8');

/** All that is there: texts and modes. */
function everything(): Record<string, [number, string]> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(path => join(folder, path));
  return Object.fromEntries(paths.map(path => [path, [statSync(path).mode, statSync(path).isFile() ? read(path) : '']]));
}

/** All secrets are there whole, fit together, and are in `.env`. */
function expectComplete(): void {
  expect(readdirSync(dirname(secret('x'))).sort()).toEqual(['.gitignore', 'api-key', 'session-key', 'tls-authority', 'tls-certificate', 'tls-key']);
  for (const name of ['api-key', 'session-key']) expect(read(secret(name))).toMatch(/^[A-Za-z][A-Za-z0-9]{31}$/);
  const certificate = new X509Certificate(read(secret('tls-certificate')));
  expect(certificate.verify(new X509Certificate(read(secret('tls-authority'))).publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(read(secret('tls-key'))))).toBe(true);
  expect(parseDotenv(read(join(project, '.env')))).toEqual({ CONDUIT_SECRET_API_KEY: read(secret('api-key')) });
  expect(read(join(project, '.env')).split('\n')).toHaveLength(2);
  expect(readdirSync(project).sort()).toEqual(['.cdk8s-conduit.json', '.env', 'compose.yml']);
}

test.each(['secrets', 'secrets/shop', 'secrets/shop/api-key', 'secrets/shop/session-key', 'dist/compose/.env'])('a link at %s is not followed', path => {
  save();
  run();
  const outside = join(folder, 'outside');
  renameSync(join(working, path), outside);
  symlinkSync(outside, join(working, path));
  if (path.endsWith('.env')) { rmSync(secret('api-key')); }
  const before = everything();
  expect(run).toThrow(/^'.*' must be a (file|directory), and no link to one; remove it/);
  const after = everything();
  for (const name of Object.keys(before).filter(each => each.startsWith(outside))) expect(after[name]).toEqual(before[name]);
});

const tampered: [string, Record<string, unknown>][] = [
  ['a file above', { file: '../../../../outside/key' }], ['an absolute file', { file: '/outside/key' }], ['a file in a directory of its own', { file: '../../secrets/other/key' }],
  ['a file that is none', { file: '../../secrets/shop/..' }], ['a hidden file', { file: '../../secrets/shop/.gitignore' }], ['no file', { file: 1 }],
  ['a name of two words', { name: 'x; rm -rf /' }], ['no name', { name: undefined }], ['a key of two lines', { key: 'a\nb' }],
  ['a variable of the shell', { variable: 'PATH' }], ['a variable of Compose', { variable: 'COMPOSE_FILE' }], ['two variables', { variable: 'CONDUIT_SECRET_A=1\nPATH' }],
  ['hosts that are none', { hosts: 'web' }], ['hosts that are numbers', { hosts: [1] }], ['no hosts', { hosts: [] }],
];

test.each(tampered)('a Compose file that was tampered with (%s) has nothing written elsewhere', (_, change) => {
  save();
  const file = join(project, 'compose.yml');
  const document = load(read(file)) as any;
  Object.assign(document['x-conduit'].secrets[0], change);
  writeFileSync(file, dump(document));
  const before = everything();
  expect(run).toThrow(/are not as a ComposeProject writes them|is neither below the project nor below the working directory/);
  expect(everything()).toEqual(before);
});

test.each([['/outside/secrets'], ['../../../outside'], ['../../../working-too/secrets'], ['../..'], ['../../']])('a Compose file that was tampered with (all of it in %s) has nothing written elsewhere', directory => {
  save();
  const file = join(project, 'compose.yml');
  writeFileSync(file, read(file).replaceAll('../../secrets/shop/', `${directory}/`));
  const before = everything();
  expect(run).toThrow('is neither below the project nor below the working directory; run this in a directory that both are below');
  expect(everything()).toEqual(before);
});

test.each([
  ['a file', { 'note.txt': 'mine' }], ['files that only look like it', { '.gitignore': 'dist\n', 'api-key': 'mine' }], ['the working directory', { 'package.json': '{}', 'secrets/shop/api-key': 'x' }],
])("somebody else's directory, with %s, is neither changed nor closed", (_, files) => {
  save();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(secret(name)), { recursive: true });
    writeFileSync(secret(name), text);
  }
  chmodSync(dirname(secret('x')), 0o755);
  const before = everything();
  expect(run).toThrow(/'.*' is for secrets alone, and holds '.*'; give the project another 'secretsDirectory'/);
  expect(everything()).toEqual(before);
});

test('values that somebody brings make a directory for secrets alone', () => {
  save();
  mkdirSync(dirname(secret('x')), { recursive: true });
  writeFileSync(secret('api-key'), 'a'.repeat(32));
  run();
  expectComplete();
});

/** The module itself, whose functions can be replaced. */
const fs = jest.requireActual<typeof import('fs')>('fs');
const CALLS = ['writeFileSync', 'fsyncSync', 'linkSync', 'renameSync'] as const;

test.each(CALLS)('a run that is interrupted at any %s leaves nothing half, and the next one makes the rest', call => {
  save();
  let interrupted = 0;
  for (let nth = 1; ; nth++) {
    rmSync(join(working, 'secrets'), { recursive: true, force: true });
    rmSync(join(project, '.env'), { force: true });
    const real = fs[call] as (...args: unknown[]) => void;
    let count = 0;
    const full = jest.spyOn(fs, call).mockImplementation((...args: unknown[]) => {
      if (++count !== nth) return real(...args);
      if (call === 'writeFileSync') real(args[0], ''); // what is left of a text on a full disk
      throw new Error('ENOSPC: no space left on device');
    });
    let error: Error | undefined;
    try {
      run();
    } catch (thrown) {
      error = thrown as Error;
    }
    full.mockRestore();
    if (!error) break;
    interrupted++;
    expect(error.message).toBe('ENOSPC: no space left on device');
    for (const name of existsSync(dirname(secret('x'))) ? readdirSync(dirname(secret('x'))) : []) expect([basename(name), read(secret(name))]).not.toEqual([name, '']);
    run();
    expectComplete();
  }
  expect(interrupted).toBeGreaterThanOrEqual(call === 'renameSync' ? 2 : 5);
});

test('many runs at once are like one', async () => {
  save();
  const script = `require('./src/cli/secrets').createSecrets(${JSON.stringify(project)}, ${JSON.stringify(working)})`;
  const one = () => new Promise<string>(resolve => {
    const child = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', script], {
      cwd: join(__dirname, '../..'), env: { ...process.env, TS_NODE_PROJECT: 'test/tsconfig.json' },
    });
    let said = '';
    child.stderr.on('data', data => { said += data; });
    child.once('close', status => resolve(`${status}${said}`));
  });
  expect(await Promise.all(Array.from({ length: 6 }, one))).toEqual(Array(6).fill('0'));
  expectComplete();
});
