import { readFileSync } from 'fs';
import { renderSemantics, SEMANTICS_PAGE } from './semantics';

test('docs/message-semantics.md says what the brokers do; if not: npx ts-node -T -P test/tsconfig.json test/docs/semantics.ts', () => {
  expect(readFileSync(SEMANTICS_PAGE, 'utf8')).toBe(renderSemantics());
});
