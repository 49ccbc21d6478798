import type { Endpoint } from '../model/endpoint';
import type { Secret } from '../model/secret';
import type { Task } from '../model/task';
import type { Volume } from '../model/volume';
import type { Workload } from '../model/workload';

/** What stands behind a broker: nodes of the application's own, or a place elsewhere. */
export interface Backing {
  readonly endpoint: Endpoint;
  /** With which clients check the broker's certificate. */
  readonly authority?: Secret;
  /** Runs the broker; undefined if it runs elsewhere. */
  readonly workload?: Workload;
  /** Where each node stores messages; undefined if it runs elsewhere. */
  readonly storage?: Volume;
  /** Number of its nodes; undefined if others know. */
  readonly nodes?: number;
  /** Declares what the broker does not declare by itself. */
  readonly topology?: Task;
}
