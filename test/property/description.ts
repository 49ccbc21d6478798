// A random application as plain data, so that it can be built twice, and in another order.

export interface PortDescription { readonly name: string; readonly number: number; readonly udp: boolean }

export type Role = 'main' | 'init' | 'sidecar' | 'companion';

export interface ContainerDescription {
  readonly name: string;
  readonly role: Role;
  readonly ports: PortDescription[];
  readonly env: Record<string, string>;
  readonly args?: string[];
  readonly health: 'default' | 'http' | 'command';
  readonly writable: boolean;
  readonly uid: number;
}

/** A workload, a pair or a task; the first container is the main one. Whoever waits stands behind whom it waits for. */
export interface NodeDescription {
  readonly name: string;
  readonly kind: 'workload' | 'service' | 'pair' | 'task';
  readonly containers: ContainerDescription[];
  readonly replicas: number;
  readonly stable: boolean;
  readonly clustered: boolean;
  /** Of a task. */
  readonly completionCheck?: string[];
}

/** A container of a node, both by index. */
export interface Place { readonly node: number; readonly container: number }

export interface EdgeDescription {
  readonly from: Place;
  readonly to: { readonly node: number; readonly port: PortDescription; readonly member?: number };
  readonly waits: boolean;
}

export interface OutsideDescription {
  readonly from: Place;
  readonly host: string;
  readonly port: number;
  readonly udp: boolean;
  readonly addresses?: string[];
}

export interface VolumeDescription {
  readonly name: string;
  readonly placement: 'scratch' | 'one machine' | 'many machines' | 'per member';
  readonly mounts: (Place & { readonly path: string; readonly readOnly: boolean; readonly directory?: string })[];
}

/** A published port of a node that runs once, under a number of its own. */
export interface PublishedDescription { readonly node: number; readonly port: PortDescription; readonly hostPort: number; readonly everyone: boolean }

/** A network, with nodes by index. */
export interface NetworkDescription { readonly name: string; readonly members: number[] }

/** A shared volume: logs with a directory for each writer, a directory of files, or seeded content. */
export interface SharedDescription {
  readonly name: string;
  readonly kind: 'logs' | 'files' | 'seed';
  readonly writers: number[];
  readonly readers: number[];
}

export interface FileDescription { readonly name: string; readonly content: string; readonly mounts: Place[] }

export interface SecretDescription {
  readonly name: string;
  readonly key: string;
  readonly uses: (Place & { readonly how: 'file' | 'path variable' | 'variable' })[];
}

export interface QueueDescription {
  readonly name: string;
  readonly deadLetters: boolean;
  readonly grants: (Place & { readonly right: 'send' | 'receive' | 'receive dead letters'; readonly declares: boolean })[];
}

export interface Description {
  readonly nodes: NodeDescription[];
  readonly edges: EdgeDescription[];
  readonly outside: OutsideDescription[];
  readonly networks: NetworkDescription[];
  readonly published: PublishedDescription[];
  readonly volumes: VolumeDescription[];
  readonly shared: SharedDescription[];
  readonly files: FileDescription[];
  readonly secrets: SecretDescription[];
  readonly queues: QueueDescription[];
  /** Who waits for which task, both by index. */
  readonly taskWaits: { readonly node: number; readonly task: number }[];
  readonly nativeSidecars: boolean;
  readonly secretStore: boolean;
}

export const APPLICATION = 'app';
export const BROKER = 'broker';
export const BROKER_PORT: PortDescription = { name: 'amqp', number: 5672, udp: false };

/** A declared edge, the way that the tests write it. */
export function edge(client: string, server: string, { number, udp }: Pick<PortDescription, 'number' | 'udp'>): string {
  return `${client} -> ${server}:${number}/${udp ? 'UDP' : 'TCP'}`;
}

/** What the description declares, told without the library: every edge between two workloads, once. */
export function declaredEdges({ nodes, edges, queues }: Description): Set<string> {
  return new Set([
    ...edges.filter(({ from, to }) => from.node !== to.node).map(({ from, to }) => edge(nodes[from.node].name, nodes[to.node].name, to.port)),
    ...queues.flatMap(({ grants }) => grants.map(grant => edge(nodes[grant.node].name, BROKER, BROKER_PORT))),
  ]);
}

/** What the networks of the description open, told without the library: every port of every member, for every member. */
export function networkEdges({ nodes, networks }: Description): Set<string> {
  return new Set(networks.flatMap(({ members }) => members.flatMap(from => members.flatMap(to =>
    nodes[to].containers.flatMap(({ ports }) => ports.map(port => edge(nodes[from].name, nodes[to].name, port)))))));
}
