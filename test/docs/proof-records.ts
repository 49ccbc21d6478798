// What the live suites showed, and what has changed since they ran.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Targets } from '../../src/targets/targets';
import { exampleNames, EXAMPLES } from '../examples/synthesize';
import type { Engine } from '../live/deployment';

export const ROOT = join(__dirname, '../..');
export const RECORDS = join(__dirname, 'proof.json');

export type EngineName = Engine['name'];

/** The projects of jest that run the suites of an engine. */
export const PROJECTS: Record<EngineName, string[]> = { Compose: ['compose', 'compose proof'], Kubernetes: ['kubernetes', 'kubernetes proof'] };

/** Targets that suites run on, in the order of the list. */
export const ENGINES = Targets.all.map(({ name }) => name as EngineName).filter(name => Object.hasOwn(PROJECTS, name));

/** Where the output for an engine stands among the files of an example. */
const OUTPUT: Record<EngineName, RegExp> = { Compose: /^compose\//, Kubernetes: /^[^/]*\.k8s\.yaml$/ };

/** Messages for each fault of a cluster, clients of one server, and random applications: more than tests have each time. Titles tell them, too. */
const { CONDUIT_MESSAGES = '20000', CONDUIT_PAIRS = '200', FC_RUNS = '300', CONDUIT_MATRICES = '6' } = process.env;
const PROOF_ENVIRONMENT = { CI: 'true', CONDUIT_MESSAGES, CONDUIT_PAIRS, FC_SEED: undefined, FC_RUNS, CONDUIT_MATRICES };

/** What a suite says about an engine, by the titles of its tests. */
export interface Claim {
  readonly subject: string;
  readonly claim: string;
}

/** A suite on an engine. */
export interface SuiteRun {
  readonly suite: string;
  readonly engine: EngineName;
}

/** What one suite showed on one engine. */
export interface ProofRecord extends SuiteRun {
  readonly versions: string;
  /** Day of the run. */
  readonly date: string;
  /** Hashes of what the suite ran, at that time, by name. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly shown: readonly Claim[];
}

/** A suite as it is now. */
export interface CurrentSuite extends SuiteRun {
  readonly inputs: Readonly<Record<string, string>>;
  readonly claims: readonly Claim[];
}

export const readRecords = (): ProofRecord[] => JSON.parse(readFileSync(RECORDS, 'utf8'));

export const keyOf = ({ suite, engine }: SuiteRun) => `${suite} on ${engine}`;

export const textOf = ({ subject, claim }: Claim) => `${subject} ${claim}`;

/** Runs jest on the suites of an engine as a proof does, and gives its report. */
export function reportOf(engine: EngineName, args: string[], env: NodeJS.ProcessEnv, stderr: 'inherit' | 'ignore'): { readonly passed: boolean; readonly report: any } {
  const folder = mkdtempSync(join(tmpdir(), 'proof-'));
  const file = join(folder, 'report.json');
  try {
    const options = ['--selectProjects', ...PROJECTS[engine], '--passWithNoTests', '--json', `--outputFile=${file}`];
    const { status } = spawnSync('npx', ['jest', ...args, ...options], { cwd: ROOT, stdio: ['ignore', 'ignore', stderr], env: { ...env, ...PROOF_ENVIRONMENT } });
    return { passed: status === 0, report: JSON.parse(readFileSync(file, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const claimOf = ({ ancestorTitles, title }: any): Claim => ({ subject: ancestorTitles.join(' '), claim: title });

/** All suites of an engine with the titles of their tests, none of which is run. */
export function currentSuites(engine: EngineName): CurrentSuite[] {
  const { report } = reportOf(engine, ['--testNamePattern', 'no test has this title'], process.env, 'ignore');
  return report.testResults.map(({ name, assertionResults, message }: any): CurrentSuite => {
    const suite = relative(ROOT, name);
    if (assertionResults.length === 0) throw new Error(`${suite} has no tests: ${message}`);
    return { suite, engine, inputs: inputsOf(suite, engine), claims: assertionResults.map(claimOf) };
  });
}

/** Hashes of what a suite runs, by name: itself, the modules in which its tests stand, and what examples become on the engine. */
export function inputsOf(suite: string, engine: EngineName): Record<string, string> {
  const files = [suite, ...modulesWithTests(suite)].map(path => [path, [join(ROOT, path)]] as const);
  const examples = examplesOf(suite).map(name => [`examples/${name}`, outputOf(name, engine)] as const);
  return Object.fromEntries([...files, ...examples].map(([name, paths]) => [name, hashOf(paths)]));
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

function modulesWithTests(suite: string): string[] {
  const imported = [...readFileSync(join(ROOT, suite), 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, path]) => join(dirname(suite), `${path}.ts`));
  return imported.filter(path => existsSync(join(ROOT, path)) && readFileSync(join(ROOT, path), 'utf8').includes('describeLive('));
}

/** Files that an example becomes on an engine. */
function outputOf(example: string, engine: EngineName): string[] {
  const folder = join(EXAMPLES, example, 'expected');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path => OUTPUT[engine].test(path))
    .map(path => join(folder, path)).filter(path => statSync(path).isFile()).sort();
}

/**
 * Examples whose output shows a change of what a suite runs: those that it names, or all; those of its broker, where CI does not run it;
 * else those without a broker, which are the targets' work alone.
 */
function examplesOf(suite: string): string[] {
  const text = readFileSync(join(ROOT, suite), 'utf8');
  if (text.includes('exampleNames')) return exampleNames;
  const named = exampleNames.filter(name => text.includes(name));
  if (named.length > 0) return named;
  if (!/^test\/live\/(brokers|clusters)\//.test(suite)) return ['01-sidecar-pair', '02-shared-volume', '03-discoverable-service'];
  const [broker] = /new (RabbitMq|Kafka|Nats)\(/.exec(text)!;
  const sourcesOf = (name: string) => readdirSync(join(EXAMPLES, name)).filter(file => file.endsWith('.ts')).map(file => readFileSync(join(EXAMPLES, name, file), 'utf8'));
  return exampleNames.filter(name => sourcesOf(name).some(source => source.includes(broker)));
}
