import { readFileSync } from 'fs';
import { join } from 'path';
import type { View } from './facts';
import { connectionStatements } from './statements/connections';
import { containerStatements } from './statements/containers';
import { networkStatements } from './statements/networks';
import { publishedPortStatements } from './statements/published-ports';
import { startStatements } from './statements/start';
import { storageStatements } from './statements/storage';

/** A target, or a target with options. */
export interface LoweringSuite {
  readonly name: string;
  /** What the target makes of an application. */
  readonly synth: View;
  /** Statements that do not hold there, for a reason that stands in docs/fidelity.md. Each is checked not to hold. */
  readonly skip: readonly { readonly reason: string; readonly tests: readonly string[] }[];
}

/** What must hold on every target: a sentence, and the code that checks it. */
export type Statements = Record<string, (synth: View) => void>;

const STATEMENTS: Statements = { ...containerStatements, ...connectionStatements, ...networkStatements, ...publishedPortStatements, ...startStatements, ...storageStatements };

/** States for each primitive what every target must show. */
export function runLoweringContract({ name, synth, skip }: LoweringSuite): void {
  describe(name, () => {
    for (const [statement, check] of Object.entries(STATEMENTS)) {
      const skipped = skip.find(({ tests }) => tests.includes(statement));
      // a statement that holds after all needs no excuse any more
      if (skipped) test.failing(`${statement} (not so: ${skipped.reason})`, () => check(synth));
      else test(statement, () => check(synth));
    }

    test('each exception is of a statement, and its reason stands in docs/fidelity.md', () => {
      const fidelity = readFileSync(join(__dirname, '../../docs/fidelity.md'), 'utf8');
      expect(skip.flatMap(({ tests }) => tests).filter(statement => !STATEMENTS[statement])).toEqual([]);
      expect(skip.map(({ reason }) => reason).filter(reason => !fidelity.includes(reason))).toEqual([]);
    });
  });
}
