import type { Application } from 'cdk8s-conduit';
import { subscribe, unsubscribe } from 'diagnostics_channel';

const CHANNEL = 'cdk8s-conduit:application';
let made: Application[] = [];
const note = (message: unknown) => { made.push((message as { application: Application }).application); };

subscribe(CHANNEL, note);
beforeEach(() => { made = []; });
afterAll(() => { unsubscribe(CHANNEL, note); });

/**
 * Runs a part of a program, and then does what every target does first, to all applications of the test. What results throws all that is wrong,
 * whether that was thrown at once, or was kept until a target asks.
 */
export function wholeProgram(program: () => unknown): () => void {
  return () => {
    program();
    const problems = made.flatMap(application => problemsOf(application));
    if (problems.length > 0) throw new Error(problems.join('\n'));
  };
}

/** Everything that is wrong with an application, in the order in which a target tells it. */
export function problemsOf(application: Application): string[] {
  try {
    application.check();
    return [];
  } catch (error) {
    const [head, ...problems] = (error as Error).message.split('\n');
    if (!head.startsWith(`application '${application.name}' has `)) throw error;
    return problems;
  }
}
