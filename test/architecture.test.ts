// House rules that a compiler does not know.
import { execFileSync } from 'child_process';
import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import * as ts from 'typescript';
import { runningTargets } from '../src/targets/running';

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
  const above = files.filter(path => /^src\/(model|patterns|brokers|proxies|servers|stores)\/.*\.(ts|sh|erl|escript)$/.test(path));
  const textOf = (path: string) => withoutComments(read(path)).replaceAll('docker-entrypoint.sh', ''); // a program in RabbitMQ's image
  expect(linesWith(above, /\b(pods?|namespaces?|ingress|kube\w*|compose|swarm|docker)\b/i, textOf)).toEqual([]);
  expect(above.length).toBeGreaterThan(20);
});

/** What a user may choose or leave. The tools that targets lend are no product but a part of what they write. */
const PRODUCTS = ['activemq', 'artemis', 'caddy', 'cassandra', 'consul', 'envoy', 'etcd', 'grafana', 'haproxy', 'jetstream', 'kafka', 'keda', 'kong', 'mariadb',
  'memcached', 'minio', 'mongo', 'mongodb', 'mosquitto', 'mysql', 'nack', 'nats', 'nginx', 'postgres', 'postgresql', 'prometheus', 'pulsar', 'rabbit', 'rabbitmq',
  'redis', 'strimzi', 'traefik', 'valkey', 'vault', 'zookeeper'];

test('no product is named in what all of them share, except in comments', () => {
  const shared = sources.filter(path => /^src\/(model|patterns|targets|servers)\/|^src\/(brokers|contracts)\/[^/]+$/.test(path));
  const words = (path: string) => withoutComments(read(path)).replace(/([a-z0-9])(?=[A-Z])/g, '$1 '); // RabbitMq, natsUrl
  const found = linesWith(shared, new RegExp(`(?<![a-z])(${PRODUCTS.join('|')})(?![a-z])`, 'i'), words);
  expect(found).toEqual([]);
  expect(shared.length).toBeGreaterThan(40);
});

test('what servers share knows nothing of what one of them is for', () => {
  const shared = sources.filter(path => path.startsWith('src/servers/'));
  expect(linesWith(shared, /\b(brokers?|queues?|topics?|streams?|messages?|databases?)\b/i, path => withoutComments(read(path)))).toEqual([]);
  expect(shared.length).toBeGreaterThan(4);
});

test('providers read of the model and of brokers what anybody may read', () => {
  const providers = sources.filter(path => path.startsWith('src/operators/'));
  expect(linesWith(providers, /\b_[a-z]\w*/, path => withoutComments(read(path)))).toEqual([]);
  expect(providers.length).toBeGreaterThan(5);
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
    './src/images': ['./images', './model', './private'],
    './src/servers': ['./servers', './model', './private'],
    './src/brokers': ['./brokers', './servers', './model', './private'],
    './src/proxies': ['./proxies', './servers', './model', './private'],
    './src/stores': ['./stores', './servers', './model', './private'],
    './src/patterns': ['./patterns', './brokers', './proxies', './servers', './model', './private'],
    './src/targets': ['./targets', './model', './private'],
    './src/operators': ['./operators', './patterns', './brokers', './proxies', './servers', './targets', './model', './private'],
  });
  const running = runningTargets().map(({ name }) => `./src/targets/${name.toLowerCase()}`);
  for (const target of running) expect(zones).toContainEqual({ target, from: expect.arrayContaining(running.filter(other => other !== target)) });
  expect(rules['import/no-cycle']).toBe('error');
});

interface Import {
  readonly path: string;
  readonly ofTypes: boolean;
}

/** Names of the folders in a folder. */
function foldersOf(folder: string): string[] {
  return [...new Set(files.flatMap(path => path.startsWith(`${folder}/`) ? /^([^/]+)\//.exec(path.slice(folder.length + 1))?.[1] ?? [] : []))].sort();
}

/** What a file imports of the repository. */
function importsOf(path: string): Import[] {
  const { statements } = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest);
  return statements.flatMap(statement => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { text = '' } = (statement.moduleSpecifier ?? {}) as Partial<ts.StringLiteral>;
    const ofTypes = (ts.isImportDeclaration(statement) ? statement.importClause : statement)?.isTypeOnly ?? false;
    return text.startsWith('.') ? [{ path: `${join(dirname(path), text)}.ts`, ofTypes }] : [];
  });
}

/** For each file all that it leads to. */
function reachable(imports: Map<string, string[]>): Map<string, Set<string>> {
  return new Map([...imports.keys()].map(path => {
    const found = new Set<string>();
    const next = [path];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      for (const each of imports.get(at) ?? []) if (!found.has(each)) next.push(each) && found.add(each);
    }
    return [path, found];
  }));
}

test('imports go in no circle, and those of types in none that leaves a folder', () => {
  const all = new Map(sources.filter(path => path.startsWith('src/')).map(path => [path, importsOf(path)]));
  const circles = (imports: Map<string, string[]>) => {
    const reached = reachable(imports);
    return [...reached.keys()].map(path => [...reached.get(path)!].filter(other => reached.get(other)?.has(path))).filter(circle => circle.length > 0);
  };
  expect(circles(new Map([...all].map(([path, imports]) => [path, imports.filter(({ ofTypes }) => !ofTypes).map(each => each.path)])))).toEqual([]);
  const ofTypes = circles(new Map([...all].map(([path, imports]) => [path, imports.map(each => each.path)])));
  expect(ofTypes.filter(circle => new Set(circle.map(path => dirname(path))).size > 1)).toEqual([]);
  expect(ofTypes.flat()).toContain('src/model/endpoint.ts'); // an endpoint tells its workload, and a workload its endpoints
});

/** Words by which a shell's or Erlang's programs are known. */
const PROGRAM = /^#!|^set -[a-z]|[;\n]\s*(do|then|done|fi|esac)\b|\b(while|until) (read|\[|"\$)|\$\(|"\$[@\w{]|\bcase \$|^\w+\(\) \{|^-module\(|->\n|^main\(/m;

/** Strings of a source in which programs stand that have several lines, or values put into them; as `line: text`. */
function programsWithin(text: string): string[] {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    const mixed = ts.isTemplateExpression(node);
    if (mixed || ts.isStringLiteralLike(node)) {
      // what is put in counts as a word
      const written = mixed ? [node.head, ...node.templateSpans.map(span => span.literal)].map(part => part.text).join('x') : node.text;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      if ((mixed || written.trim().includes('\n')) && PROGRAM.test(written)) found.push(`${line + 1}: ${written.trim().split('\n')[0]}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test('a program of more than a line is a file, and no value is put into the text of one', () => {
  const within = sources.filter(path => path.startsWith('src/')).flatMap(path => programsWithin(read(path)).map(program => `${path}:${program}`));
  expect(within).toEqual([]);
});

test('programs in strings are found', () => {
  const programs = [
    '`#!/usr/bin/env escript\nmain(_) -> ok.\n`', '`set -eu\ncd ${path}\n`', "'set -e\\ncd /run\\n'", '`while read -r name; do\n  echo "$name"\ndone < ${path}`', '`kill -s ${signal} 1; while kill -0 1; do sleep 1; done`',
    '`until </dev/tcp/127.0.0.1/${port}; do sleep 0.1; done`', '`[ "$(rabbitmqctl list_queues | wc -l)" -ge ${queues} ]`', '`login() {\n  echo ${user}\n}`', '`\nCheck = fun(${name}) ->\n  ok\nend.`',
    '`case $answer in\n  ${cases}\nesac`', '`exec server "$@" ${more}`',
  ];
  for (const program of programs) expect(`${program} ${programsWithin(`const script = ${program};`).length}`).toBe(`${program} 1`);
  for (const other of ["'until \"$@\"; do sleep 1; done'", '`a list:\n- ${one}\n`', '`key=${value}\n`', "'what is there\\nwhen it is done'"]) expect(programsWithin(`const text = ${other};`)).toEqual([]);
});

test('every directory of src is one that the layers know', () => {
  const directories = new Set(sources.flatMap(path => /^src\/([^/]+)\//.exec(path)?.[1] ?? []));
  expect([...directories].sort()).toEqual(['brokers', 'cli', 'contracts', 'images', 'model', 'operators', 'patterns', 'private', 'proxies', 'servers', 'stores', 'targets']);
});

describe('the table of what one writes, in ARCHITECTURE.md,', () => {
  /** Names of what there is already, by the first cell of a row. */
  const names: Record<string, string[]> = {
    'a pattern': [...read('README.md').matchAll(/^\| \[`\w+`\]\(docs\/(.+?)\.md\) \|/gm)].map(([, name]) => name),
    'a broker': foldersOf('src/brokers'),
    'an engine of proxies': foldersOf('src/proxies'),
    'a data store of the library\'s own': foldersOf('src/stores'),
    'another server': ['whatever it is'],
    'a target': foldersOf('src/targets'),
    'a target by which programs run': runningTargets().map(({ name }) => name.toLowerCase()),
    'a provider': files.flatMap(path => /^test\/operators\/(.+)\.test\.ts$/.exec(path)?.[1] ?? []),
  };
  const [, table] = /^## What you write\n\n(.*?)\n\n/ms.exec(read('ARCHITECTURE.md'))!;
  const rows = table.split('\n').slice(2).map(row => ({ kind: row.split('|')[1].trim(), paths: [...row.matchAll(/`((?:src|test|docs)\/[^`]*)`/g)].map(([, path]) => path) }));

  test('has a row for everything that can be added, of which there is some', () => {
    expect(rows.map(({ kind }) => kind)).toEqual(Object.keys(names));
    expect(Object.values(names).map(each => each.length > 0)).not.toContain(false);
    expect(names['a pattern']).toContain('sidecar-pair');
  });

  test.each(rows)('names the files of each that is there: $kind', ({ kind, paths }) => {
    const wanted = names[kind].flatMap(name => paths.map(path => path.replaceAll('<name>', name)));
    expect(wanted.filter(path => !files.some(file => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`)))).toEqual([]);
    expect(paths.length).toBeGreaterThan(1);
  });

  test('is right that below the commands, contracts and providers only the lists of targets know them', () => {
    const others = sources.filter(path => path.startsWith('src/') && !/^src\/(targets\/(compose|kubernetes|swarm|topology)|cli|contracts|operators|index|test-output)/.test(path));
    const naming = others.filter(path => importsOf(path).some(each => foldersOf('src/targets').some(name => each.path.startsWith(`src/targets/${name}/`))));
    expect(naming).toEqual(['src/targets/running.ts', 'src/targets/targets.ts']);
  });
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
  const outside = new RegExp(['\\.\\./' + 'shared', '(?<![\\w.])/wo' + 'rk/'].join('|'));
  expect(linesWith(text, outside)).toEqual([]);
});
