import { Compose } from './compose';
import type { Engine } from './deployment';
import { Kubernetes } from './kubernetes';

/** Set by the jest project that a file runs in. */
declare const conduitEngine: Engine['name'];

const engine: Engine = conduitEngine === 'Compose' ? new Compose() : new Kubernetes();

/** Longer than a cold build of the cluster. */
const OPENING_MS = 50 * 60_000;

/**
 * A `describe` for each engine: one file runs in a jest project of each. Where the engine is missing it is skipped with a sentence that
 * says why, except in CI, where nothing may be skipped in silence.
 */
export function describeLive<E extends Engine>(name: string, body: (engine: E) => void): void {
  if (engine.missing && !process.env.CI) {
    process.stderr.write(`Skipped on ${engine.name}: "${name}": ${engine.missing}.\n`); // what a skipped file says on the console is not shown
    describe.skip(name, () => body(engine as E)); // the reason was given
    return;
  }
  describe(name, () => {
    beforeAll(() => engine.open(), OPENING_MS);
    body(engine as E);
  });
}
