// Programs in other languages stand in files of their own, which are checked as they are, and embedded as they are.
import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { readdirSync, readFileSync } from 'fs';
import { basename, dirname, extname, join } from 'path';
import { judgesPath, judgeTest } from '../judges/judges';

const SRC = join(__dirname, '../../src');
const programs = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(path => ['.sh', '.escript', '.erl', '.css', '.js'].includes(extname(path))).sort();
const classes = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(path => extname(path) === '.java').sort();
const shell = programs.filter(path => extname(path) === '.sh');
const textOf = (path: string) => readFileSync(join(SRC, path), 'utf8');

test('there are programs in shell, in Erlang, in Java, and for browsers', () => {
  expect(classes).not.toEqual([]);
  expect(shell.length).toBeGreaterThan(10);
  for (const ending of ['.erl', '.css', '.js']) expect(programs.filter(path => extname(path) === ending)).not.toEqual([]);
});

test.each(programs)('%s is embedded as it is; if this fails, run `npx projen`', path => {
  const name = basename(path, extname(path)).replaceAll('-', '_').toUpperCase();
  const embedded: string = jest.requireActual(join(SRC, dirname(path), 'programs.generated'))[name];
  expect(embedded.length).toBeGreaterThan(50);
  const text = textOf(path);
  expect(text.slice(-embedded.length)).toBe(embedded);
  // what is left out are comments
  expect(text.slice(0, -embedded.length).split('\n').filter(line => !/^(([#%]|\/\/|\/\*).*)?$/.test(line))).toEqual([]);
});

test.each(classes)('the class of %s is embedded; if this fails, run `npx projen`', path => {
  const generated = textOf(path.replace('.java', '.generated.ts'));
  expect(generated).toContain(` sum: ${createHash('sha256').update(textOf(path)).digest('hex')}\n`);
});

test.each(programs)('%s may be a part of a Helm chart, where two braces begin a template', path => {
  expect(textOf(path)).not.toContain('{{');
});

judgeTest('ShellCheck has nothing to say about any program', 'shellcheck', () => {
  const { error, stdout, status } = spawnSync('shellcheck', ['--format=gcc', ...shell], { cwd: SRC, encoding: 'utf8', env: { ...process.env, PATH: judgesPath } });
  expect(error).toBeUndefined();
  expect({ status, said: stdout }).toEqual({ status: 0, said: '' });
});

judgeTest('ShellCheck would say something about a wrong one', 'shellcheck', () => {
  const wrong = '# shellcheck shell=sh\nset -e\nrm $1/*\n';
  const { status, stdout } = spawnSync('shellcheck', ['--format=gcc', '-'], { input: wrong, encoding: 'utf8', env: { ...process.env, PATH: judgesPath } });
  expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining('SC2086') });
});

judgeTest('Erlang reads each of its programs', 'erlang', () => {
  const read = (path: string) => extname(path) === '.escript'
    ? spawnSync('escript', ['-s', join(SRC, path)], { encoding: 'utf8', env: { ...process.env, PATH: judgesPath } })
    : spawnSync('erl', ['-noinput', '-eval', `{ok, Tokens, _} = erl_scan:string(${JSON.stringify(textOf(path))}), {ok, _} = erl_parse:parse_exprs(Tokens), halt(0).`], { encoding: 'utf8', env: { ...process.env, PATH: judgesPath } });
  for (const path of programs.filter(each => /\.(escript|erl)$/.test(each))) {
    const { status, stdout, stderr } = read(path);
    expect({ path, status, said: stdout + stderr }).toEqual({ path, status: 0, said: '' });
  }
});
