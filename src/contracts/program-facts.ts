import type { Protocol } from '../model/endpoint';
import type { HealthCheckKind } from '../model/health-check';
import type { RestartPolicy } from '../model/workload';
import type { TestOutput } from '../test-output';

/** How the health of a container is checked. */
export interface HealthFacts {
  /** Kind of the check. */
  readonly kind: HealthCheckKind;
  /** Port of an HTTP or TCP check. */
  readonly port?: number;
  /** Path of an HTTP check. */
  readonly path?: string;
  /** Words of a command. */
  readonly words?: string[];
  /** Time from one check to the next. */
  readonly intervalSeconds: number;
  /** Time after which a check counts as failed. */
  readonly timeoutSeconds: number;
  /** Failures in a row that make the container unhealthy. */
  readonly failures: number;
}

/** Storage that a container sees. */
export interface MountFacts {
  /** Tells the storage of this replica from all other storage. */
  readonly storage: string;
  /** Directory of the storage that is seen; empty for all of it. */
  readonly directory: string;
  /** Whether the program may only read. */
  readonly readOnly: boolean;
}

/** What is kept free for a container, and what it never exceeds; undefined where nothing is enforced or reserved. Memory and disk are in MiB. */
export interface ResourceFacts {
  /** Reserved processors. */
  readonly cpuRequest?: number;
  /** Most processors. */
  readonly cpuLimit?: number;
  /** Reserved memory. */
  readonly memoryRequest?: number;
  /** Most memory. */
  readonly memoryLimit?: number;
  /** Most disk space. */
  readonly diskLimit?: number;
}

/** One container of one replica, as its program sees the world. */
export interface ContainerFacts {
  /** Image with tag or digest. */
  readonly image: string;
  /** Replacement of the image's entry point, as the program gets it. */
  readonly command?: string[];
  /** Arguments, as the program gets them. */
  readonly args?: string[];
  /** Variables as the program reads them; the value of a secret is `secret:<name>`. */
  readonly env: Record<string, string>;
  /** Id of the Linux user that the program starts as. */
  readonly uid: number;
  /** Id of its Linux group. */
  readonly gid: number;
  /** Whether the program cannot write to the image's own files. */
  readonly readOnlyRoot: boolean;
  /** Whether it has, or can gain, any privilege. */
  readonly privileged: boolean;
  /** Paths that the program may write to, sorted. */
  readonly writablePaths: string[];
  /** Text of each config file, by path. */
  readonly files: Record<string, string>;
  /** Name of each secret, by path. */
  readonly secrets: Record<string, string>;
  /** Storage, by path. */
  readonly mounts: Record<string, MountFacts>;
  /** How its health is checked; undefined if it is not. */
  readonly health?: HealthFacts;
  /** What it gets of the machine. */
  readonly resources: ResourceFacts;
  /** Whether it belongs to the group of all users of shared storage. */
  readonly sharesGroup: boolean;
  /** Signal that asks the program to end; undefined for the image's own. */
  readonly stopSignal?: string;
  /** Time that the program has from then on. */
  readonly stopSeconds?: number;
  /** When it is started again; undefined for never. */
  readonly restart?: RestartPolicy;
  /** How often a failed run is tried again; undefined for without limit. */
  readonly retries?: number;
  /** What holds back its start: `<workload>/<container> healthy` or `<workload>/<container> completed`; undefined where nothing is started after anything. */
  readonly startsAfter?: string[];
}

/** Storage as a mount names it. */
export interface StorageFacts {
  /** Whether it outlives its users. */
  readonly persistent: boolean;
  /** Size in MiB; undefined where nothing is said. */
  readonly size?: number;
  /** Class of the storage; undefined where nothing is said. */
  readonly storageClass?: string;
}

/** What a target's output says of the programs of one application, in nobody's words in particular. */
export interface IProgramFacts {
  /**
   * A container of one replica.
   * @param container name of the container; `main` by default
   * @param replica number of the replica; 0 by default
   * @throws if there is none.
   */
  container(workload: string, container?: string, replica?: number): ContainerFacts;
  /** Number of replicas of a workload. */
  replicas(workload: string): number;
  /** Whether two containers of one replica have one network address. */
  sharesAddress(workload: string, container: string, other: string): boolean;
  /** Whether the network lets a workload connect to a port of another one; by TCP unless the protocol is given. */
  reaches(client: string, server: string, port: number, protocol?: Protocol): boolean;
  /** Whether the network lets a workload connect to an external address; by TCP unless the protocol is given. */
  reachesExternal(client: string, address: string, port: number, protocol?: Protocol): boolean;
  /** Whether a client at an address outside reaches a published port of a workload, or of a member; by TCP unless the protocol is given. */
  reachedFrom(address: string, server: string, hostPort: number, protocol?: Protocol): boolean;
  /** Replicas that a workload finds under a host name, each by a name that tells it from the others. */
  resolves(client: string, host: string): string[];
  /** Storage as a mount names it. */
  storage(name: string): StorageFacts;
}

/** Reads a target's output as what runs the programs does. */
export interface IProgramReader {
  /** What an output says of programs. */
  read(output: TestOutput): IProgramFacts;
}
