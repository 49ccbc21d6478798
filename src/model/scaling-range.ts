import { Duration } from 'cdk8s';
import type { Problems } from '../private/problems';

/** Between which numbers replicas are, and how soon they follow. */
export interface ScalingRange {
  /** Most replicas. */
  readonly max: number;
  /**
   * Fewest replicas; with 0 there is none while nothing waits.
   * @default - the workload's `replicas`
   */
  readonly min?: number;
  /**
   * Time between two looks at the backlog while there is no replica.
   * @default Duration.seconds(15)
   */
  readonly pollingInterval?: Duration;
  /**
   * Time for which the backlog has to be small before replicas are taken away; it should be longer than the work on one message.
   * @default Duration.minutes(5)
   */
  readonly cooldown?: Duration;
}

/** A range in which everything is said. */
export type CompleteRange = Required<ScalingRange>;

/** The range with what was not said of it. */
export function completeRange(range: ScalingRange, replicas: number): CompleteRange {
  return {
    max: range.max,
    min: range.min ?? replicas,
    pollingInterval: range.pollingInterval ?? Duration.seconds(15),
    cooldown: range.cooldown ?? Duration.minutes(5),
  };
}

/** Notes what is wrong with a range. */
export function checkRange(problems: Problems, { min, max, ...times }: CompleteRange, replicas: number): void {
  problems.check(Number.isInteger(max) && max >= 1 && max <= 1000, `'max' of 'scaling' must be a whole number from 1 to 1000, got ${max}`);
  problems.check(Number.isInteger(min) && min >= 0 && min <= max, `'min' of 'scaling' must be a whole number from 0 to 'max', which is ${max}, got ${min}`);
  problems.check(min <= replicas && replicas <= max,
    `'replicas' says how many run where nothing scales, so it must be from 'min' to 'max' of 'scaling', which are ${min} and ${max}, got ${replicas}`);
  for (const [name, time] of Object.entries(times)) {
    const milliseconds = time.toMilliseconds();
    problems.check(milliseconds >= 1000 && milliseconds <= 3_600_000 && milliseconds % 1000 === 0, `'${name}' of 'scaling' must be whole seconds, from 1 second to 1 hour, got ${milliseconds} ms`);
  }
}

/** Whether two ranges say the same. */
export function isSameRange(a: CompleteRange, b: CompleteRange): boolean {
  return a.min === b.min && a.max === b.max
    && a.pollingInterval.toMilliseconds() === b.pollingInterval.toMilliseconds() && a.cooldown.toMilliseconds() === b.cooldown.toMilliseconds();
}
