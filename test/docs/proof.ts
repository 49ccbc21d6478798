// Writes docs/proof.md: npx projen proof [Compose | Kubernetes] [patterns of suites]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { exampleNames, EXAMPLES } from '../examples/synthesize';
import { clusterEnvironment } from '../live/cluster';
import { Compose } from '../live/compose';
import type { Engine } from '../live/deployment';
import { Kubernetes } from '../live/kubernetes';

const ROOT = join(__dirname, '../..');
export const PROOF_PAGE = join(ROOT, 'docs/proof.md');
const RECORDS = join(__dirname, 'proof.json');

/** Where the suites are that must have been run on each engine, and the projects of jest that run these and others. */
const FOLDERS = { Compose: ['test/live', 'test/live/brokers', 'test/live/compose', 'test/live/engine'], Kubernetes: ['test/live', 'test/live/brokers', 'test/cluster'] };
const PROJECTS = { Compose: ['compose', 'compose proof'], Kubernetes: ['kubernetes', 'kubernetes proof'] };

/** Messages for each fault of a cluster, and clients of one server: more than tests have each time. */
const { CONDUIT_MESSAGES = '20000', CONDUIT_PAIRS = '200' } = process.env;

/** What one suite showed on one engine. */
export interface ProofRecord {
  readonly suite: string;
  readonly engine: Engine['name'];
  readonly versions: string;
  /** Of the run. */
  readonly date: string;
  /** Of the suite and of what its examples become on the engine, at that time. */
  readonly digest: string;
  /** What is proved, by the titles of tests. */
  readonly shown: { readonly subject: string; readonly claim: string }[];
}

export const readRecords = (): ProofRecord[] => JSON.parse(readFileSync(RECORDS, 'utf8'));

/** Suites that have to show something, as jest's projects share them out. */
export function suitesOf(engine: Engine['name']): string[] {
  return FOLDERS[engine].flatMap(folder => readdirSync(join(ROOT, folder)).filter(file => file.endsWith('.test.ts')).map(file => `${folder}/${file}`)).sort();
}

/**
 * Examples whose output shows a change of what a suite runs: those that it names, or all; those of its broker, where CI does not run it;
 * else those without a broker, which are the targets' work alone.
 */
function examplesOf(suite: string): string[] {
  const text = readFileSync(join(ROOT, suite), 'utf8');
  if (/exampleNames|UPGRADES/.test(text)) return exampleNames;
  const named = exampleNames.filter(name => text.includes(name));
  if (named.length > 0) return named;
  if (!/^test\/live\/(brokers|clusters)\//.test(suite)) return ['01-sidecar-pair', '02-shared-volume', '03-discoverable-service'];
  const [broker] = /new (RabbitMq|Kafka|Nats)\(/.exec(text)!;
  const sourcesOf = (name: string) => readdirSync(join(EXAMPLES, name)).filter(file => file.endsWith('.ts')).map(file => readFileSync(join(EXAMPLES, name, file), 'utf8'));
  return exampleNames.filter(name => sourcesOf(name).some(source => source.includes(broker)));
}

export function digestOf(suite: string, engine: Engine['name']): string {
  const outputs = examplesOf(suite).flatMap(name => {
    const folder = join(EXAMPLES, name, 'expected');
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path => path.startsWith('compose') === (engine === 'Compose'));
    return paths.map(path => join(folder, path)).filter(path => statSync(path).isFile()).sort();
  });
  const hash = createHash('sha256');
  for (const file of [join(ROOT, suite), ...outputs]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** The page as it should be. */
export function renderProof(records: readonly ProofRecord[]): string {
  const suites = [...new Set(records.map(({ suite }) => suite))].sort();
  return `<!-- Written by test/docs/proof.ts from test/docs/proof.json, which are reports of the live tests; do not edit. -->
# Proof

What was shown by running it: the generated manifests were applied to a Kubernetes cluster of real programs, in a namespace that enforces Pod
Security *restricted*, on a network that enforces NetworkPolicies, and the generated projects were brought up by Docker Compose. ● was shown on
that engine; a suite that has nothing to ask of an engine is not run there, and [fidelity.md](fidelity.md) says what differs.

\`npx projen proof\` runs the suites and writes this page, of which a test says whether it is stale; \`npx projen proof work-queue\` runs one.

Where an operator runs a broker, nothing was run, as the operators' images could not be had: [operators.md](operators.md#how-it-was-checked) says how their custom
resources were validated.

${suites.map(suite => section(suite, records.filter(record => record.suite === suite))).join('\n')}`;
}

function section(suite: string, records: ProofRecord[]): string {
  const engines = ['Compose', 'Kubernetes'].map(name => records.find(({ engine }) => engine === name));
  const claims = new Map(records.flatMap(({ shown }) => shown).map(each => [`${each.subject} ${each.claim}`, each]));
  const isShown = (record: ProofRecord | undefined, claim: string) => record?.shown.some(each => `${each.subject} ${each.claim}` === claim) ? '●' : '';
  const rows = [...claims].map(([key, { subject, claim }]) => `| ${subject} | ${claim} | ${engines.map(record => isShown(record, key)).join(' | ')} |\n`);
  return `## ${suite}

${records.map(({ engine, versions, date }) => `* ${engine}, ${date}: ${versions}\n`).join('')}
| pattern | shown | Compose | Kubernetes |
|---|---|:-:|:-:|
${rows.join('')}`;
}

/** Runs suites on an engine. One that fails proves nothing, and makes the program fail; what the others showed counts all the same. */
async function prove(engine: Engine, patterns: string[]): Promise<ProofRecord[]> {
  await engine.open();
  const versions = await engine.describe();
  const folder = mkdtempSync(join(tmpdir(), 'proof-'));
  const report = join(folder, 'report.json');
  try {
    const options = ['--selectProjects', ...PROJECTS[engine.name], '--passWithNoTests', '--json', `--outputFile=${report}`];
    const { status } = spawnSync('npx', ['jest', ...patterns, ...options], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], env: { ...clusterEnvironment(), CI: 'true', CONDUIT_MESSAGES, CONDUIT_PAIRS } });
    if (status !== 0) process.exitCode = 1;
    const { startTime, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    return testResults.filter((result: any) => result.status === 'passed').map(({ name, assertionResults }: any): ProofRecord => {
      const suite = relative(ROOT, name);
      return {
        suite,
        engine: engine.name,
        versions,
        date: new Date(startTime).toISOString().slice(0, 10),
        digest: digestOf(suite, engine.name),
        shown: assertionResults.map(({ ancestorTitles, title }: any) => ({ subject: ancestorTitles.join(' '), claim: title })),
      };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function main(args: string[]): Promise<void> {
  const engines = [new Compose(), new Kubernetes()];
  const patterns = args.filter(arg => !engines.some(({ name }) => name === arg));
  for (const engine of engines.filter(({ name }) => args.includes(name) || args.length === patterns.length)) {
    const fresh = await prove(engine, patterns);
    const key = ({ suite, engine: on }: ProofRecord) => `${suite} ${on}`;
    const kept = readRecords().filter(record => existsSync(join(ROOT, record.suite)) && !fresh.some(each => key(each) === key(record)));
    const records = [...kept, ...fresh].sort((a, b) => key(a) < key(b) ? -1 : 1);
    writeFileSync(RECORDS, `${JSON.stringify(records, undefined, 1)}\n`);
    writeFileSync(PROOF_PAGE, renderProof(records));
  }
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
