import type { Application } from 'cdk8s-conduit';

// What any target must be able to tell about its output, in nobody's words in particular.

export type Protocol = 'TCP' | 'UDP';

export interface HealthFacts {
  readonly kind: 'command' | 'http' | 'tcp';
  readonly port?: number;
  readonly path?: string;
  readonly words?: string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly failures: number;
}

export interface MountFacts {
  /** Tells the storage of this replica from all other storage. */
  readonly storage: string;
  readonly directory: string;
  readonly readOnly: boolean;
}

/** One container of one replica, as its program sees the world. */
export interface ContainerFacts {
  readonly image: string;
  readonly command?: string[];
  readonly args?: string[];
  /** Values as the program reads them; that of a secret is `secret:<name>`. */
  readonly env: Record<string, string>;
  /** `user:group`, both numeric. */
  readonly user: string;
  readonly readOnlyRoot: boolean;
  /** Whether it has, or can gain, any privilege. */
  readonly privileged: boolean;
  readonly writablePaths: string[];
  /** Text of each config file, by path. */
  readonly files: Record<string, string>;
  /** Name of each secret, by path. */
  readonly secrets: Record<string, string>;
  /** By path. */
  readonly mounts: Record<string, MountFacts>;
  readonly health?: HealthFacts;
  /** Processors; memory and disk in MiB. Undefined where nothing is enforced or reserved. */
  readonly resources: { cpuLimit?: number; cpuRequest?: number; memoryLimit?: number; memoryRequest?: number; diskLimit?: number };
  /** Whether it belongs to the group of all users of shared storage. */
  readonly sharesGroup: boolean;
  /** Signal that asks the program to end; undefined for the image's own. */
  readonly stopSignal?: string;
  /** Time that the program has from then on. */
  readonly stopSeconds?: number;
  readonly restart: 'always' | 'on-failure' | 'never';
  /** How often a failed run is tried again; undefined for without limit. */
  readonly retries?: number;
  /** What holds back its start: `<workload>/<container> healthy` or `… completed`. */
  readonly startsAfter: string[];
}

export interface StorageFacts {
  /** Whether it outlives its users. */
  readonly persistent: boolean;
  /** In MiB. */
  readonly size?: number;
  readonly storageClass?: string;
}

/** What a target makes of one application. */
export interface Facts {
  /** All that was written, as text. */
  readonly text: string;
  /** @throws if there is no such container. */
  container(workload: string, container?: string, replica?: number): ContainerFacts;
  replicas(workload: string): number;
  /** Whether containers of one replica have one network address. */
  sharesAddress(workload: string, a: string, b: string): boolean;
  /** Whether the network lets a workload connect to a port of another. */
  reaches(client: string, server: string, port: number, protocol?: Protocol): boolean;
  reachesOutside(client: string, address: string, port: number, protocol?: Protocol): boolean;
  /** Whether a client at an address outside the application reaches a published port; `hostPort` is where it knocks. */
  reachedFrom(address: string, server: string, hostPort: number, protocol?: Protocol): boolean;
  /** Replicas of `server` that `client` finds under a host name, by their numbers. */
  resolves(client: string, host: string): string[];
  /** Storage as a mount names it. */
  storage(name: string): StorageFacts;
}

/** Turns an application into a target's output, and tells the facts about it. */
export type View = (application: Application) => Facts;
