import { runningTargets } from './running';
import type { ITarget } from './target';
import { Topology } from './topology/topology';

/** The targets that the library has: the one place that names them all. */
export class Targets {
  /** All of them, with the options that they have by default. */
  public static get all(): ITarget[] {
    return [
      ...runningTargets(),
      Topology.target(),
    ];
  }

  private constructor() {}
}
