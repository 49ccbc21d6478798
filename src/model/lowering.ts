import type { ConfigFile } from './config-file';
import type { LoadBalancer } from './load-balancer';
import type { Network } from './network';
import type { Scaling } from './scaling';
import type { Secret } from './secret';
import type { Task } from './task';
import type { Volume } from './volume';
import type { Workload } from './workload';

/**
 * What a target does with each primitive: one method each, so that the compiler lists what a target still lacks.
 * A target is handed every primitive of a checked application once, in the order of their names.
 */
export interface ILowering {
  /** Lowers a program that runs on. */
  lowerWorkload(workload: Workload): void;
  /** Lowers a program that runs to completion. */
  lowerTask(task: Task): void;
  /** Lowers storage. */
  lowerVolume(volume: Volume): void;
  /** Lowers a text file. */
  lowerConfigFile(file: ConfigFile): void;
  /** Lowers a reference to a secret value. */
  lowerSecret(secret: Secret): void;
  /** Lowers how many replicas of a workload there are, by what waits for them. */
  lowerScaling(scaling: Scaling): void;
  /** Lowers a network that the program defines. */
  lowerNetwork(network: Network): void;
  /** Lowers one entry for the replicas of workloads. */
  lowerLoadBalancer(balancer: LoadBalancer): void;
}
