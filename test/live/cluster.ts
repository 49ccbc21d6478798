// The cluster that the tests use, as programs find it: that of test/cluster, or another one.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { command, commandJson } from './command';
import type { Ability } from './deployment';

const MINUTE = 60_000;

/** As long as a cold build of all programs of a cluster may take on two cores. */
const BUILD_MS = 45 * MINUTE;

let environment: NodeJS.ProcessEnv = process.env;

/** Environment in which programs find the cluster; complete once `openCluster` returned. */
export function clusterEnvironment(): NodeJS.ProcessEnv {
  return environment;
}

/** How far the tests may go with a cluster. */
export enum ClusterKind {
  /** That of test/cluster: it is brought up where it is missing, and its nodes may be cut off. */
  OWN = 'own',
  /** Anybody's: `KUBECONFIG` leads to it, and the command `CONDUIT_LOAD_IMAGE` brings images to its nodes. */
  GIVEN = 'given',
  /** There is none. */
  NONE = 'none',
}

export function clusterKind({ CI, CONDUIT_CLUSTER_HOME, CONDUIT_LOAD_IMAGE, KUBECONFIG } = process.env): ClusterKind {
  if (CONDUIT_CLUSTER_HOME) return ClusterKind.OWN;
  if (KUBECONFIG && CONDUIT_LOAD_IMAGE) return ClusterKind.GIVEN;
  return CI ? ClusterKind.OWN : ClusterKind.NONE;
}

/** What a cluster is to have beside one node. */
export interface ClusterOptions {
  readonly nodes?: number;
  readonly keda?: boolean;
  /** A controller of Ingresses and of the Gateway API. */
  readonly gateway?: boolean;
}

/** Brings the own cluster up, unless it is there, and waits while it is still built. */
export async function openCluster({ nodes = 1, keda = false, gateway = false }: ClusterOptions): Promise<void> {
  if (clusterKind() === ClusterKind.GIVEN) return;
  if (environment.CONDUIT_LOAD_IMAGE && environment.KUBECONFIG && nodes === 1 && !keda && !gateway) return;
  const script = 'exports=$("$0") && eval "$exports" && env -0';
  const variables = await command('bash', ['-c', script, join(__dirname, '../cluster/up.sh')], {
    timeoutMs: BUILD_MS,
    env: { ...process.env, CONDUIT_CLUSTER_NODES: String(nodes), CONDUIT_CLUSTER_KEDA: keda ? '1' : '', CONDUIT_CLUSTER_GATEWAY: gateway ? '1' : '' },
  });
  environment = Object.fromEntries(variables.split('\0').filter(Boolean).map(variable => [variable.split('=', 1)[0], variable.slice(variable.indexOf('=') + 1)]));
}

/** Of the first node. */
export async function nodeAddress(): Promise<string> {
  const { items: [{ status }] } = await commandJson('kubectl', ['get', 'nodes', '-o', 'json'], { env: environment });
  return status.addresses.find(({ type }: any) => type === 'InternalIP').address;
}

/** Where the cluster cannot do something, the sentence that says why. */
export function whatClusterLacks(ability: Ability): string | undefined {
  if (clusterKind() !== ClusterKind.GIVEN) return undefined;
  if (ability === 'nodes to cut off' || ability === 'Traefik') return `only the cluster of test/cluster has ${ability}`;
  const [product, kind] = ability === 'KEDA' ? ['KEDA', 'scaledobjects.keda.sh'] : ['Cilium', 'ciliumnetworkpolicies.cilium.io'];
  try {
    execFileSync('kubectl', ['get', 'customresourcedefinition', kind], { stdio: 'pipe', timeout: 20_000 });
    return undefined;
  } catch {
    return `the cluster has no ${product}`;
  }
}

/** What runs there, with versions. */
export async function describeCluster(): Promise<string> {
  const { serverVersion } = await commandJson('kubectl', ['version', '-o', 'json'], { env: environment });
  const { items: [node] } = await commandJson('kubectl', ['get', 'nodes', '-o', 'json'], { env: environment });
  const runtime = node.status.nodeInfo.containerRuntimeVersion.replace('://', ' ').replace(/\+.*/, '');
  return [`Kubernetes ${serverVersion.gitVersion.slice(1)}`, runtime, ...await networkPrograms()].join(', ');
}

/** In the own cluster, Cilium runs beside the pods; elsewhere the network is among what runs on every node. */
async function networkPrograms(): Promise<string[]> {
  if (clusterKind() === ClusterKind.OWN) return [`Cilium ${/^Client: (\S+)/m.exec(await command('cilium-dbg', ['version'], { env: environment }))![1]}`];
  const { items } = await commandJson('kubectl', ['-n', 'kube-system', 'get', 'daemonsets', '-o', 'json'], { env: environment });
  return items.map(({ spec }: any) => spec.template.spec.containers[0].image.replace(/^.*\/|@.*$/g, '')).filter((image: string) => !image.startsWith('kube-proxy'));
}

/** Brings images to the nodes. */
export async function loadImages(images: string[]): Promise<void> {
  await command('bash', ['-c', `${environment.CONDUIT_LOAD_IMAGE} "$@"`, 'load', ...images], { env: environment, timeoutMs: 5 * MINUTE });
}

/** Takes all pods of a namespace away, which would have their whole grace period if it were only deleted, and deletes it, without waiting for that. */
export async function removeNamespace(namespace: string): Promise<void> {
  const kubectl = (...args: string[]) => command('kubectl', ['-n', namespace, ...args], { env: environment, timeoutMs: 3 * MINUTE });
  await kubectl('delete', 'deployments,statefulsets,jobs,replicasets', '--all', '--cascade=orphan');
  await kubectl('delete', 'pods', '--all', '--grace-period=1', '--timeout=120s');
  await kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--wait=false');
}
