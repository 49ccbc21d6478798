import { Compose } from './compose';
import type { Ability, Engine } from './deployment';
import { Kubernetes } from './kubernetes';

/** Set by the jest project that a file runs in. */
declare const conduitEngine: Engine['name'];

const engine: Engine = conduitEngine === 'Compose' ? new Compose() : new Kubernetes();

/** Longer than a cold build of the cluster. */
const OPENING_MS = 50 * 60_000;

/**
 * A `describe` for each engine: one file runs in a jest project of each. Where the engine is missing it is skipped with a sentence that
 * says why, except in CI, where nothing may be skipped in silence. A cluster of somebody else may lack what a suite needs.
 */
export function describeLive<E extends Engine>(name: string, body: (engine: E) => void, needs?: Ability): void {
  const reason = engine.missing && !process.env.CI ? engine.missing : reasonFor(needs);
  if (reason) {
    saySkipped(name, reason);
    describe.skip(name, () => body(engine as E)); // the reason was given
    return;
  }
  describe(name, () => {
    beforeAll(() => engine.open(), OPENING_MS);
    body(engine as E);
  });
}

/** A test that needs what not every engine has. */
export function testLive(name: string, needs: Ability, body: () => Promise<void>): void {
  const reason = reasonFor(needs);
  if (!reason) return test(name, body);
  saySkipped(name, reason);
  test.skip(name, body); // the reason was given
}

/** What an engine that is there lacks, if anything. */
const reasonFor = (needs?: Ability) => needs && !engine.missing ? engine.lacks(needs) : undefined;

/** On the process's own error output, as what a skipped file says on the console is not shown. */
function saySkipped(name: string, reason: string): void {
  process.stderr.write(`Skipped on ${engine.name}: "${name}": ${reason}.\n`);
}
