import { isDeepStrictEqual } from 'util';
import { Problems } from '../../private/problems';

/** What a statement expects; whatever is otherwise is told together. */
export class Expectations {
  private readonly problems: Problems;

  public constructor(target: string, private readonly statement: string) {
    this.problems = new Problems(`contract of ${target}`);
  }

  /** Notes that a value is not the expected one. Fields that are undefined count as absent, and their order does not matter. */
  public equal(found: unknown, expected: unknown): void {
    const [one, other] = [found, expected].map(plain);
    this.problems.check(isDeepStrictEqual(one, other), `'${this.statement}' does not hold: got ${describe(found)} instead of ${describe(expected)}`);
  }

  /** Notes that fields which are expected are not there, or others. */
  public fields(found: object | undefined, expected: object): void {
    this.equal(Object.fromEntries(Object.keys(expected).map(name => [name, (found as any)?.[name]])), expected);
  }

  /** Notes that something does not hold that must. */
  public true(holds: boolean, otherwise: string): void {
    this.problems.check(holds, `'${this.statement}' does not hold: ${otherwise}`);
  }

  public throwIfAny(): void {
    this.problems.throwIfAny();
  }
}

function describe(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}

/** Without prototypes and fields that are undefined. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
