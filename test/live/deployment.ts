import type { Application, PortPublishing } from 'cdk8s-conduit';
import type { Outcome } from './command';
import type { Output } from './output';

/** One program of an application. A text names the main container of a workload's first replica. */
export type Program = string | {
  readonly workload: string;
  /** `main` by default. */
  readonly container?: string;
  /** Counts from 0, in the order of `Deployment.replicas`. */
  readonly replica?: number;
  /** Most time for a command that runs in it, a minute by default. */
  readonly timeoutMs?: number;
};

/** One running copy of a workload. */
export interface Replica {
  /** What `LogLine.replica` says of it; a later copy in its place may have the same. */
  readonly name: string;
  /** Tells it from every other copy, earlier ones too. */
  readonly id: string;
  /** By which clients that may connect can reach it. */
  readonly addresses: readonly string[];
  /** How often each of its containers was started again, by container. */
  readonly restarts: Readonly<Record<string, number>>;
  /** Whether its health check passes; true where it has none and runs. */
  readonly healthy: boolean;
}

/** A line that a program wrote. */
export interface LogLine {
  readonly replica: string;
  readonly text: string;
}

/** By names, what is there after an application was deleted and should not be, and what should be and is not: secrets, and what holds data. */
export interface Remains {
  readonly left: readonly string[];
  readonly lost: readonly string[];
}

/** An application that a test runs: generated, given secrets, in a place of its own, so that nothing else is touched. */
export interface Deployment {
  /** Files of both targets. */
  readonly output: Output;
  /** Values of the application's secrets, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Starts what is declared; returns when its tasks are done and all else runs and is healthy. Again, it brings back what was stopped. */
  start(options?: StartOptions): Promise<void>;
  /** Puts another state of the same application in place of the running one. */
  update(application: Application, options?: { readonly except?: readonly string[] }): Promise<void>;
  replicas(workload: string): Promise<Replica[]>;
  exec(program: Program, ...command: string[]): Promise<string>;
  /** Like `exec`, for a command that may fail. */
  tryExec(program: Program, ...command: string[]): Promise<Outcome>;
  /** Runs a command as a further copy of the workload's main container, with all that this has, and gives what it wrote. */
  runOnce(workload: string, ...command: string[]): Promise<string>;
  /** Crashes a program by `kill -9` from outside, and returns when the engine has started it again. */
  kill(program: Program): Promise<void>;
  /** Cuts one member of a cluster off from the others, in both directions, until `heal`. */
  cut(workload: string, member: number): Promise<void>;
  /** Takes back a `cut`. */
  heal(workload: string, member: number): Promise<void>;
  /** Has `n` replicas run a workload; those that stay are left alone. */
  scale(workload: string, n: number): Promise<void>;
  /** Ends all replicas of a workload; returns when none runs. */
  stop(workload: string): Promise<void>;
  /** Starts what was stopped. */
  resume(workload: string): Promise<void>;
  /** Replaces all replicas of a program by new ones, with as little else as the engine can. */
  replace(program: Program): Promise<void>;
  /** What a workload's one published port answers to an HTTP request of the machine that it is published to. */
  visit(workload: string): Promise<string>;
  /** Number of the port of the host under which neighbours find the one published port of a workload or a load balancer. */
  entrance(name: string): Promise<number>;
  /** Deletes it as its users do. `start` brings it back. */
  delete(): Promise<Remains>;
  /** What the programs of a workload wrote, in the order of each. */
  logs(workload: string): Promise<LogLine[]>;
  /** All that somebody sees who may look at anything but secrets: files, objects as the engine shows them, logs. */
  visible(): Promise<string>;
  /** Removes everything: containers, networks, volumes, files. */
  remove(): Promise<void>;
}

/** A server outside of every application. */
export interface Outside {
  readonly address: string;
  /** Takes TCP connections. */
  readonly port: number;
  close(): Promise<void>;
}

/** How something is started. */
export interface StartOptions {
  /** Workloads that need not become healthy. */
  readonly except?: readonly string[];
  /** Most time until tasks are done, and what others wait for is healthy. */
  readonly minutes?: number;
}

/** What only some engines can do. `cut` is Cilium's, as policies of Kubernetes can only allow. */
export type Ability = 'nodes to cut off' | 'KEDA' | 'Traefik' | 'cut';

/** A network namespace of its own beside the machine to whose ports an application is published. */
export interface Machine {
  /** As which others may see it. */
  readonly seenAs: readonly string[];
  /** Runs a program of an image there, which may fail, with a text as the file that CONNECTION_FILE names. */
  tryRun(image: string, connection: string, ...command: string[]): Promise<Outcome>;
}

/** A machine beside the one to whose ports an application is published. */
export interface Neighbour {
  readonly address: string;
  /** Takes TCP connections. */
  readonly port: number;
  /** As which others may see it: its own address, and those of machines that it is behind. */
  readonly seenAs: readonly string[];
  /** Of the machine with the published ports, as the neighbour knows it. */
  readonly hostAddress: string;
  /** The neighbour itself, and another one. */
  readonly machines: readonly [Machine, Machine];
  /** Runs a command of busybox there, which may fail. */
  tryExec(...command: string[]): Promise<Outcome>;
  close(): Promise<void>;
}

/** What runs applications. */
export interface Engine {
  readonly name: 'Compose' | 'Kubernetes';
  /** Where it cannot be used, the sentence that says why. */
  readonly missing?: string;
  /** Where it cannot do something, the sentence that says why. */
  lacks(ability: Ability): string | undefined;
  /** Returns when it is there and can be used. */
  open(): Promise<void>;
  /** What runs, with its versions. */
  describe(): Promise<string>;
  /** An address that stands for the rest of the world: nothing of an application, and of no network that it is on. */
  outsideAddress(): Promise<string>;
  /** Starts a server there. */
  outside(): Promise<Outside>;
  neighbour(): Promise<Neighbour>;
  /** Generates an example. */
  example(name: string): Deployment;
  /** Generates an application; `brought` are the values of existing secrets, by name, and a cluster publishes ports through load balancers by default. */
  application(application: Application, brought?: Record<string, string>, portPublishing?: PortPublishing): Deployment;
}

/** What programs in Python see of a connection that nobody declared: no name, no way, or no answer. */
export const CLOSED = /gaierror|timed out|unreachable/;

export function timeoutOf(program: Program): number | undefined {
  return typeof program === 'string' ? undefined : program.timeoutMs;
}
