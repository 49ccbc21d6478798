import { readFileSync } from 'fs';
import { digestOf, PROOF_PAGE, readRecords, renderProof, suitesOf } from './proof';

const records = readRecords();

test('docs/proof.md says what the reports say', () => {
  expect(readFileSync(PROOF_PAGE, 'utf8')).toBe(renderProof(records));
});

test.each(['Compose', 'Kubernetes'] as const)('every suite was run on %s as it is now, with output as it is now; if not: npx projen proof', engine => {
  const proved = records.filter(record => record.engine === engine);
  expect(proved.map(({ suite }) => suite)).toEqual(expect.arrayContaining(suitesOf(engine)));
  expect(proved.map(({ suite, digest }) => `${suite} ${digest}`)).toEqual(proved.map(({ suite }) => `${suite} ${digestOf(suite, engine)}`));
});
