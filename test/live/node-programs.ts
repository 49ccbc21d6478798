// Programs that run on a node, beside its containers and with sight of all of them.
import { clusterEnvironment } from './cluster';
import { command } from './command';

const MINUTE = 60_000;
const NAMESPACE = 'default'; // enforces no Pod Security Standard, unlike those of the tests

/** Ends every process of the container whose id is its argument. Control groups bear the ids of containers, whatever runs these. */
const KILL = 'for process in /proc/[0-9]*; do ! grep -qs "$0" "$process/cgroup" || kill -9 "${process#/proc/}"; done';

/** Pods by nodes: one stays, as several kills that come together must not wait for one to start. */
const pods = new Map<string, Promise<string>>();

const kubectl = (args: string[], input?: string) => command('kubectl', ['-n', NAMESPACE, ...args], { env: clusterEnvironment(), timeoutMs: 2 * MINUTE, input });

async function startOn(nodeName: string): Promise<string> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'conduit-node-' },
    spec: {
      nodeName,
      hostPID: true,
      restartPolicy: 'Never',
      activeDeadlineSeconds: 3600,
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: 'Exists' }],
      containers: [{ name: 'main', image: 'busybox:1.37.0-musl', command: ['sleep', '3600'], securityContext: { privileged: true } }],
    },
  };
  const name = JSON.parse(await kubectl(['create', '-o', 'json', '-f', '-'], JSON.stringify(pod))).metadata.name;
  await kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s']);
  return name;
}

/** Crashes a container by `kill -9` from its node, as from inside the signal has no effect on the first process. */
export async function killOnNode(nodeName: string, containerId: string): Promise<void> {
  if (!pods.has(nodeName)) pods.set(nodeName, startOn(nodeName));
  await kubectl(['exec', await pods.get(nodeName)!, '--', 'sh', '-c', KILL, containerId]);
}

/** Removes what `killOnNode` needs. */
export async function removeNodePrograms(): Promise<void> {
  const names = await Promise.all(pods.values());
  pods.clear();
  if (names.length > 0) await kubectl(['delete', 'pod', ...names, '--wait=false']);
}
