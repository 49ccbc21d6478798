// Runs all suites, and writes a line for each case: suite, statement, and what was found wrong.
import { SUITES } from './suites';

function problemOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

for (const [suite, cases] of Object.entries(SUITES)) {
  for (const each of cases) console.log(JSON.stringify({ suite, statement: each.statement, problem: problemOf(() => each.check()) }));
}
