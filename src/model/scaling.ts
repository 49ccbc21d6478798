import type { Duration } from 'cdk8s';
import type { Backlog } from './backlog';
import type { Endpoint } from './endpoint';
import type { ILowering } from './lowering';
import { Primitive } from './primitive';
import { completeRange, ScalingRange } from './scaling-range';
import type { Secret } from './secret';
import type { Workload } from './workload';
import { checkCall } from '../private/check-call';
import { byText } from '../private/names';

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
  readonly caCertificates?: Secret;
}

/** How many replicas of a workload there are, by what waits for them: as many as the largest of its backlogs asks for. */
export class Scaling extends Primitive {
  /** The workload whose replicas follow. */
  public readonly workload: Workload;
  /** Fewest replicas. */
  public readonly min: number;
  /** Most replicas. */
  public readonly max: number;
  /** Time between two looks at the backlog while there is no replica. */
  public readonly pollingInterval: Duration;
  /** Time for which the backlog has to be small before replicas are taken away. */
  public readonly cooldown: Duration;

  private readonly _sources: ScalingSource[] = [];

  /**
   * Made by `Workload.scaleBy`.
   * @internal
   */
  public constructor(workload: Workload, range: ScalingRange) {
    super(workload, 'Scaling', { name: workload.name }, 253);
    const { min, max, pollingInterval, cooldown } = completeRange(range, workload.replicas);
    this.workload = workload;
    this.min = min;
    this.max = max;
    this.pollingInterval = pollingInterval;
    this.cooldown = cooldown;
    this.application._register(this);
  }

  /** All backlogs, in the order of their users' passwords' names. */
  public get sources(): ScalingSource[] {
    return [...this._sources].sort((a, b) => byText(a.password.name, b.password.name));
  }

  public lowerTo(lowering: ILowering): void {
    checkCall(this, 'Scaling.lowerTo', arguments);
    lowering.lowerScaling(this);
  }

  /** @internal */
  public _claimedNames(): string[] {
    return [`scaling ${this.name}`];
  }

  /** @internal */
  public _add(source: ScalingSource): void {
    this._sources.push(source);
    source.endpoint.workload?._readBy(this);
  }
}
