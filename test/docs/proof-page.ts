// docs/proof.md: what was shown, and what has changed since.
import { join } from 'node:path';
import { CurrentSuite, ENGINES, keyOf, ProofRecord, ROOT, SuiteRun, textOf } from './proof-records';

export const PROOF_PAGE = join(ROOT, 'docs/proof.md');

/** What no longer holds of a record, or a suite without one. */
export interface Gap extends SuiteRun {
  /** What has changed since the suite ran; undefined where it never ran. */
  readonly changed?: readonly string[];
}

/** Records without suites and claims that are gone: nobody can check them any more. */
export function stillClaimed(records: readonly ProofRecord[], current: readonly CurrentSuite[]): ProofRecord[] {
  const suites = new Map(current.map(suite => [keyOf(suite), suite]));
  return records.flatMap(record => {
    const claims = suites.get(keyOf(record))?.claims.map(textOf) ?? [];
    const shown = record.shown.filter(each => claims.includes(textOf(each)));
    return shown.length > 0 ? [{ ...record, shown }] : [];
  });
}

/** Suites that ran otherwise than they would now, or never. */
export function gapsOf(records: readonly ProofRecord[], current: readonly CurrentSuite[]): Gap[] {
  const known = new Map(records.map(record => [keyOf(record), record]));
  return current.flatMap(({ suite, engine, inputs }): Gap[] => {
    const before = known.get(keyOf({ suite, engine }))?.inputs;
    if (!before) return [{ suite, engine }];
    const changed = [...new Set([...Object.keys(before), ...Object.keys(inputs)])].filter(name => before[name] !== inputs[name]).sort();
    return changed.length > 0 ? [{ suite, engine, changed }] : [];
  });
}

/** A gap as a sentence, with what closes it. */
export function describeGap({ suite, engine, changed }: Gap): string {
  return `${suite} on ${engine}: ${changed ? `${changed.join(', ')} changed since it ran` : 'never ran'}; npx projen proof ${engine} ${suite}`;
}

/** The page as it should be. */
export function renderProof(records: readonly ProofRecord[], gaps: readonly Gap[]): string {
  const suites = [...new Set([...records, ...gaps].map(({ suite }) => suite))].sort();
  return `<!-- Written by test/docs/proof.ts from test/docs/proof.json, which are reports of the live tests; do not edit. -->
# Proof

What was shown by running it:

* The generated manifests were applied to a Kubernetes cluster of real programs. The namespace enforces Pod Security *restricted*, and the network
  enforces NetworkPolicies.
* The generated projects were brought up by Docker Compose.

● means that it was shown on that engine. Some suites ask only about one engine; [fidelity.md](fidelity.md) says what differs.
**Changed since** names what is no longer as it was when the suite ran: the suite itself, or the output of an example.
[CONTRIBUTING.md](../CONTRIBUTING.md#proof) says how to run a suite again.

Brokers that an operator runs are not among them, as the operators' images could not be had.
[operators.md](operators.md#how-it-was-checked) says how their custom resources were validated.

${suites.map(suite => section(suite, records.filter(record => record.suite === suite), gaps.filter(gap => gap.suite === suite))).join('\n')}`;
}

function section(suite: string, records: ProofRecord[], gaps: Gap[]): string {
  const onEngines = ENGINES.map(name => ({ name, record: records.find(({ engine }) => engine === name), gap: gaps.find(({ engine }) => engine === name) }));
  const runs = onEngines.flatMap(({ name, record, gap }) => {
    if (!record) return gap ? [`* ${name}: **never ran**\n`] : [];
    return [`* ${name}, ${record.date}: ${record.versions}${gap ? `. **Changed since:** ${gap.changed!.join(', ')}` : ''}\n`];
  });
  const claims = new Map(records.flatMap(({ shown }) => shown).map(each => [textOf(each), each]));
  const isShown = (record: ProofRecord | undefined, text: string) => record?.shown.some(each => textOf(each) === text) ? '●' : '';
  const rows = [...claims].map(([text, { subject, claim }]) => `| ${subject} | ${claim} | ${onEngines.map(({ record }) => isShown(record, text)).join(' | ')} |\n`);
  const table = rows.length > 0 ? `\n| pattern | shown | ${ENGINES.join(' | ')} |\n|---|---|${ENGINES.map(() => ':-:|').join('')}\n${rows.join('')}` : '';
  return `## ${suite}\n\n${runs.join('')}${table}`;
}
