import { Duration } from 'cdk8s';
import type { Backlog } from './backlog';
import type { Endpoint } from './endpoint';
import type { Secret } from './secret';
import { byText } from '../private/names';
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

/** A backlog that a number of replicas follows. */
export interface ScalingSource {
  /** What waits. */
  readonly backlog: Backlog;
  /** Messages that wait for each replica: with more, there are more replicas. */
  readonly targetBacklog: number;
  /** Where the backlog is read. */
  readonly endpoint: Endpoint;
  /** Name of the user who reads it. */
  readonly userName: string;
  /** The user's password. */
  readonly password: Secret;
  /**
   * Certificates with which the other side's own is checked.
   * @default - none, it is read without TLS
   */
  readonly authority?: Secret;
}

/** How many replicas of a workload there are, by what waits for them: as many as the largest of its backlogs asks for. */
export class Scaling {
  /** Fewest replicas. */
  public readonly min: number;
  /** Most replicas. */
  public readonly max: number;
  /** Time between two looks at the backlog while there is no replica. */
  public readonly pollingInterval: Duration;
  /** Time for which the backlog has to be small before replicas are taken away. */
  public readonly cooldown: Duration;

  private readonly _sources: ScalingSource[] = [];

  /** @internal */
  public constructor(range: ScalingRange, replicas: number) {
    this.min = range.min ?? replicas;
    this.max = range.max;
    this.pollingInterval = range.pollingInterval ?? Duration.seconds(15);
    this.cooldown = range.cooldown ?? Duration.minutes(5);
  }

  /** All backlogs, in the order of their users' passwords' names. */
  public get sources(): ScalingSource[] {
    return [...this._sources].sort((a, b) => byText(a.password.name, b.password.name));
  }

  /** @internal */
  public _check(problems: Problems, replicas: number): void {
    const { min, max } = this;
    problems.require(Number.isInteger(max) && max >= 1 && max <= 1000, `'max' of 'scaling' must be a whole number from 1 to 1000, got ${max}`);
    problems.require(Number.isInteger(min) && min >= 0 && min <= max, `'min' of 'scaling' must be a whole number from 0 to 'max', which is ${max}, got ${min}`);
    problems.require(min <= replicas && replicas <= max,
      `'replicas' says how many run where nothing scales, so it must be from 'min' to 'max' of 'scaling', which are ${min} and ${max}, got ${replicas}`);
    for (const [name, time] of [['pollingInterval', this.pollingInterval], ['cooldown', this.cooldown]] as const) {
      const milliseconds = time.toMilliseconds();
      problems.require(milliseconds >= 1000 && milliseconds <= 3_600_000 && milliseconds % 1000 === 0, `'${name}' of 'scaling' must be whole seconds, from 1 second to 1 hour, got ${milliseconds} ms`);
    }
  }

  /** @internal */
  public _equals(other: Scaling): boolean {
    return this.min === other.min && this.max === other.max
      && this.pollingInterval.toMilliseconds() === other.pollingInterval.toMilliseconds() && this.cooldown.toMilliseconds() === other.cooldown.toMilliseconds();
  }

  /** @internal */
  public _add(source: ScalingSource): void {
    this._sources.push(source);
  }
}
