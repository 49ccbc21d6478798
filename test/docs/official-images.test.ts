import { readFileSync } from 'fs';
import { IMAGES_PAGE, withTable } from './official-images';

test('docs/official-images.md has what is known; if not: npx ts-node -T -P test/tsconfig.json test/docs/official-images.ts', () => {
  const page = readFileSync(IMAGES_PAGE, 'utf8');
  expect(page).toBe(withTable(page));
});
