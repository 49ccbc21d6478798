// The cluster of test/cluster, as programs find it.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, commandJson } from './command';

const MINUTE = 60_000;

/** As long as a cold build of all programs of a cluster may take on two cores. */
const BUILD_MS = 45 * MINUTE;

let environment: NodeJS.ProcessEnv = process.env;
/** Nodes that this process uses. */
let used = 1;

/** Environment in which programs find the cluster; complete once `openCluster` returned. */
export function clusterEnvironment(): NodeJS.ProcessEnv {
  return environment;
}

/** What a cluster is to have beside one node. */
export interface ClusterOptions {
  readonly nodes?: number;
  readonly keda?: boolean;
}

/** Brings the cluster up, unless it is there, and waits while it is still built. */
export async function openCluster({ nodes = 1, keda = false }: ClusterOptions): Promise<void> {
  used = nodes;
  if (environment.CONDUIT_CLUSTER_HOME && environment.KUBECONFIG && nodes === 1 && !keda) return;
  const script = 'exports=$("$0") && eval "$exports" && env -0';
  const variables = await command('bash', ['-c', script, join(__dirname, '../cluster/up.sh')], {
    timeoutMs: BUILD_MS, env: { ...process.env, CONDUIT_CLUSTER_NODES: String(nodes), CONDUIT_CLUSTER_KEDA: keda ? '1' : '' },
  });
  environment = Object.fromEntries(variables.split('\0').filter(Boolean).map(variable => [variable.split('=', 1)[0], variable.slice(variable.indexOf('=') + 1)]));
}

/** Of the first node. */
export async function nodeAddress(): Promise<string> {
  const { items: [{ status }] } = await commandJson('kubectl', ['get', 'nodes', '-o', 'json'], { env: environment });
  return status.addresses.find(({ type }: any) => type === 'InternalIP').address;
}

/** Brings images to the nodes that are used, unless they are there. */
export async function importImages(images: string[]): Promise<void> {
  const ids = await command('docker', ['image', 'inspect', '--format', '{{.Id}}', ...images], { env: environment });
  const home = environment.CONDUIT_CLUSTER_HOME!;
  for (const node of Array.from({ length: used }, (_, index) => `node${index + 1}`)) {
    const seen = join(home, node, 'imported', ids.replace(/\n/g, '-').replace(/sha256:/g, '').slice(0, 200));
    if (existsSync(seen)) continue;
    const script = 'docker save "$@" | ctr -a "$0" -n k8s.io images import --all-platforms=false -';
    await command('bash', ['-o', 'pipefail', '-c', script, join(home, node, 'containerd.sock'), ...images], { env: environment, timeoutMs: 3 * MINUTE });
    mkdirSync(join(home, node, 'imported'), { recursive: true });
    writeFileSync(seen, '');
  }
}

/** Takes all pods of a namespace away, which would have their whole grace period if it were only deleted, and deletes it, without waiting for that. */
export async function removeNamespace(namespace: string): Promise<void> {
  const kubectl = (...args: string[]) => command('kubectl', ['-n', namespace, ...args], { env: environment, timeoutMs: 3 * MINUTE });
  await kubectl('delete', 'deployments,statefulsets,jobs,replicasets', '--all', '--cascade=orphan');
  await kubectl('delete', 'pods', '--all', '--grace-period=1', '--timeout=120s');
  await kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--wait=false');
}
