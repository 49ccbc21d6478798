// A worker that is scaled, as tests see it.
import type { ReceiverScaling } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { eventually } from '../live/eventually';
import type { KubernetesDeployment } from '../live/kubernetes';

const MINUTE = 60_000;

export const MESSAGES = 60;
export const SCALING: ReceiverScaling = { min: 0, max: 4, targetBacklog: 5, pollingInterval: Duration.seconds(2), cooldown: Duration.seconds(15) };

export const replicas = async (deployment: KubernetesDeployment) => (await deployment.replicas('worker')).length;
export const untilReplicas = (deployment: KubernetesDeployment, count: number) =>
  eventually(async () => await replicas(deployment) === count, { what: `${count} worker(s)`, timeoutMs: 2 * MINUTE });
export const untilRead = (deployment: KubernetesDeployment) => eventually(async () => {
  const status = await deployment.kubectl(['get', 'scaledobject', 'worker', '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].status}']);
  return status === 'True';
}, { what: 'KEDA to read the backlog', timeoutMs: 2 * MINUTE });
