// Runs live suites and writes what they showed into docs/proof.md: npx projen proof [Compose | Kubernetes] [patterns of suites]
// Runs none, and has the page say what has changed since: npx projen proof:mark
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { gapsOf, PROOF_PAGE, renderProof, stillClaimed } from './proof-page';
import { claimOf, currentSuites, ENGINES, inputsOf, keyOf, ProofRecord, readRecords, RECORDS, reportOf, ROOT } from './proof-records';
import { clusterEnvironment } from '../live/cluster';
import { Compose } from '../live/compose';
import type { Engine } from '../live/deployment';
import { Kubernetes } from '../live/kubernetes';

/** Runs suites on an engine. One that fails proves nothing, and makes the program fail; what the others showed counts all the same. */
async function prove(engine: Engine, patterns: string[]): Promise<ProofRecord[]> {
  await engine.open();
  const versions = await engine.describe();
  const { passed, report } = reportOf(engine.name, patterns, clusterEnvironment(), 'inherit');
  if (!passed) process.exitCode = 1;
  return report.testResults.filter((result: any) => result.status === 'passed').map(({ name, assertionResults }: any): ProofRecord => {
    const suite = relative(ROOT, name);
    return {
      suite,
      engine: engine.name,
      versions,
      date: new Date(report.startTime).toISOString().slice(0, 10),
      inputs: inputsOf(suite, engine.name),
      shown: assertionResults.filter(({ status }: any) => status === 'passed').map(claimOf),
    };
  });
}

/** Writes records and page anew, with some records in place of earlier ones. */
function write(fresh: ProofRecord[]): void {
  const current = ENGINES.flatMap(currentSuites);
  const kept = readRecords().filter(record => !fresh.some(each => keyOf(each) === keyOf(record)));
  const records = stillClaimed([...kept, ...fresh], current).sort((a, b) => keyOf(a) < keyOf(b) ? -1 : 1);
  writeFileSync(RECORDS, `${JSON.stringify(records, undefined, 1)}\n`);
  writeFileSync(PROOF_PAGE, renderProof(records, gapsOf(records, current)));
}

async function main(args: string[]): Promise<void> {
  if (args[0] === '--mark') return write([]);
  const engines = [new Compose(), new Kubernetes()];
  const patterns = args.filter(arg => !engines.some(({ name }) => name === arg));
  for (const engine of engines.filter(({ name }) => args.includes(name) || args.length === patterns.length)) write(await prove(engine, patterns));
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
