// Whether docs/proof.md is true: npx projen proof:check, and CI. Before a release: npx projen proof:release.
import { readFileSync } from 'node:fs';
import { describeGap, gapsOf, PROOF_PAGE, renderProof, stillClaimed } from './proof-page';
import { currentSuites, ENGINES, keyOf, ProofRecord, readRecords, textOf } from './proof-records';

jest.setTimeout(900_000); // titles are read by compiling all live suites

let records: ProofRecord[];
let current: ReturnType<typeof currentSuites>;
let gaps: string[];

beforeAll(() => {
  records = readRecords();
  current = ENGINES.flatMap(currentSuites);
  gaps = gapsOf(records, current).map(describeGap);
});

test('a test stands behind every claim of docs/proof.md; if not: npx projen proof:mark', () => {
  const behind = new Map(stillClaimed(records, current).map(record => [keyOf(record), record.shown.map(textOf)]));
  const without = records.flatMap(record => record.shown.map(textOf).filter(text => !behind.get(keyOf(record))?.includes(text)).map(text => `${keyOf(record)}: ${text}`));
  expect(without).toEqual([]);
});

test('docs/proof.md says what has changed since a suite ran; if not: npx projen proof:mark', () => {
  const isSaid = readFileSync(PROOF_PAGE, 'utf8') === renderProof(records, gapsOf(records, current));
  expect(isSaid ? [] : ['docs/proof.md does not say just this:', ...gaps]).toEqual([]);
  process.stderr.write(gaps.map(gap => `${gap}\n`).join('')); // which a release does not allow
});

if (process.env.CONDUIT_RELEASE) {
  test('nothing has changed since it ran, which a release must show', () => {
    expect(gaps).toEqual([]);
  });
}
