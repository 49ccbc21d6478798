import { readFileSync } from 'fs';
import { FIDELITY_PAGE, renderFidelity } from './fidelity';

test('docs/fidelity.md says what the targets do; if not: npx ts-node -T -P test/tsconfig.json test/docs/fidelity.ts', () => {
  expect(readFileSync(FIDELITY_PAGE, 'utf8')).toBe(renderFidelity());
});
