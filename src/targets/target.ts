import type { ExposedPort } from './exposed';
import type { Deviation, FidelityEntry } from './fidelity';
import type { Application } from '../model/application';

/** What a target makes of one application. */
export interface TargetOutput {
  /** Texts of all files, by their paths below the directory that cdk8s writes to. */
  readonly files: Record<string, string>;
  /** How truly each construct is done. */
  readonly fidelity: FidelityEntry[];
  /**
   * Every way in from outside the application.
   * @default - none
   */
  readonly exposed?: ExposedPort[];
}

/** Something that an application can be made into. */
export interface ITarget {
  /** What people call it. */
  readonly name: string;
  /** Whether programs run by what it writes; a picture runs none. */
  readonly runs: boolean;
  /**
   * Whether it takes every primitive, and every kind of container, so that patterns, servers and brokers may count on it. Another one refuses some.
   * @default true
   */
  readonly complete?: boolean;
  /** Every difference that it can make between what is declared and what it does, whatever the application. */
  readonly deviations: Deviation[];
  /**
   * Makes the texts of all files, and writes none of them.
   * @throws if the application has problems, or asks for what the target refuses.
   */
  render(application: Application): TargetOutput;
}
