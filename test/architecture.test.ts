// House rules that a compiler does not know.
import { execFileSync } from 'child_process';
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..');

/** Files of the repository, tracked or about to be, and not deleted. */
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  .split('\0').filter(path => path && existsSync(join(ROOT, path)));
const sources = files.filter(path => path.endsWith('.ts') && !path.endsWith('.generated.ts'));

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** `path:line: text` of each line that matches. */
function linesWith(paths: string[], pattern: RegExp, textOf = read): string[] {
  return paths.flatMap(path => textOf(path).split('\n').flatMap((line, index) => pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []));
}

/** Comments replaced by as many empty lines; what looks like one within quotes stays. */
function withoutComments(text: string): string {
  return text.replace(/('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/.*/g, (comment, quoted) => quoted ?? comment.replace(/[^\n]/g, ''));
}

test('nothing above the targets names one of them, except in comments', () => {
  const above = sources.filter(path => /^src\/(model|patterns|brokers|servers)\//.test(path));
  const textOf = (path: string) => withoutComments(read(path)).replaceAll('docker-entrypoint.sh', ''); // a program in RabbitMQ's image
  expect(linesWith(above, /\b(pods?|namespaces?|ingress|kube\w*|compose|swarm|docker)\b/i, textOf)).toEqual([]);
  expect(above.length).toBeGreaterThan(20);
});

test('what servers share knows nothing of what one of them is for', () => {
  const shared = sources.filter(path => path.startsWith('src/servers/'));
  expect(linesWith(shared, /\b(brokers?|queues?|topics?|streams?|messages?|databases?)\b/i, path => withoutComments(read(path)))).toEqual([]);
  expect(shared.length).toBeGreaterThan(4);
});

test('no product is named where all of them meet', () => {
  const shared = sources.filter(path => /^src\/(patterns|servers|contracts|brokers)\/[^/]+$/.test(path));
  expect(linesWith(shared, /rabbit|kafka|\bnats\b|redis|postgres|maria|consul|etcd/i, path => withoutComments(read(path)))).toEqual([]);
  expect(shared.length).toBeGreaterThan(25);
});

test('no source file has more than 300 lines', () => {
  const long = sources.map(path => ({ path, lines: read(path).split('\n').length - 1 })).filter(({ lines }) => lines > 300);
  expect(long).toEqual([]);
});

test('ESLint keeps the layers apart', () => {
  const { rules } = JSON.parse(withoutComments(read('.eslintrc.json')));
  const [level, { zones }] = rules['import/no-restricted-paths'];
  expect(level).toBe('error');
  const allowed = Object.fromEntries(zones.filter((zone: any) => zone.from === './src').map(({ target, except }: any) => [target, except]));
  expect(allowed).toEqual({
    './src/private': ['./private'],
    './src/model': ['./model', './private'],
    './src/servers': ['./servers', './model', './private'],
    './src/brokers': ['./brokers', './servers', './model', './private'],
    './src/patterns': ['./patterns', './brokers', './servers', './model', './private'],
    './src/targets': ['./targets', './model', './private'],
    './src/operators': ['./operators', './brokers', './servers', './targets', './model', './private'],
  });
  expect(zones).toContainEqual({ target: './src/targets/kubernetes', from: './src/targets/compose' });
  expect(zones).toContainEqual({ target: './src/targets/compose', from: './src/targets/kubernetes' });
  expect(rules['import/no-cycle']).toBe('error');
});

test('every directory of src is one that the layers know', () => {
  const directories = new Set(sources.flatMap(path => /^src\/([^/]+)\//.exec(path)?.[1] ?? []));
  expect([...directories].sort()).toEqual(['brokers', 'cli', 'contracts', 'model', 'operators', 'patterns', 'private', 'servers', 'targets']);
});

test('nothing is left to be done, and no test is left out without a reason', () => {
  const own = 'test/architecture.test.ts'; // names what it looks for
  const checked = sources.filter(path => path !== own);
  expect(linesWith(checked, /\b(TODO|FIXME|XXX)\b/)).toEqual([]);
  expect(linesWith(checked, /\b(describe|test|it)\.only\(|\b[fx](describe|test|it)\(/)).toEqual([]);
  // a reason stands on the line or on the one before
  const skipped = checked.flatMap(path => {
    const lines = read(path).split('\n');
    return lines.flatMap((line, index) => /\.skip\(/.test(line) && !/reason/.test(`${lines[index - 1] ?? ''}${line}`) ? [`${path}:${index + 1}`] : []);
  });
  expect(skipped).toEqual([]);
});

test('nothing refers to what is outside the repository', () => {
  const text = files.filter(path => !/\.(png|svg|tgz)$/.test(path) && path !== 'package-lock.json');
  const outside = new RegExp(['\\.\\./' + 'shared', '/wo' + 'rk/'].join('|'));
  expect(linesWith(text, outside)).toEqual([]);
});
