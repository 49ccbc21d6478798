import type { Features } from './features';
import type { PlainHook } from './plain';
import { STOP } from './programs.generated';
import { Container, ContainerRole } from '../../model/container';
import { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { program } from '../../private/program';

/**
 * Time for which a server goes on as before once its pod is to end. The pod leaves its Services at the same moment. Nodes, load balancers
 * and ingress controllers learn this within seconds. Until then they send it new connections.
 */
const PAUSE_SECONDS = 5;

/** Whether the kubelet itself lets a container end only after the main containers, so that their pause is one of its own, too. */
export function isNativeSidecar(container: Container, { nativeSidecars }: Features): boolean {
  return nativeSidecars && container.role === ContainerRole.SIDECAR;
}

/** Whether a hook of the container needs the image's own `sleep` for its pause. */
export function borrowsSleep(container: Container, workload: WorkloadBase, features: Features): boolean {
  return !features.nativeSleep && container.stopSignal === undefined && pauses(container, workload, features);
}

/** What a container does before it is asked to end: it serves on, and sends the program a signal of its own. */
export function lowerStopHook(container: Container, workload: WorkloadBase, features: Features): PlainHook | undefined {
  const pause = pauses(container, workload, features) ? PAUSE_SECONDS : 0;
  if (container.stopSignal !== undefined) return { exec: { command: ['sh', '-c', program({ PAUSE: pause, SIGNAL: container.stopSignal.replace(/^SIG/, '') }, STOP)] } };
  if (pause === 0) return undefined;
  return features.nativeSleep ? { sleep: { seconds: pause } } : { exec: { command: ['sleep', `${pause}`] } };
}

/** The program has all its time after the pause. */
export function lowerGracePeriod(workload: WorkloadBase): number | undefined {
  return workload instanceof Workload ? workload.stopGracePeriod.toSeconds() + (serves(workload) ? PAUSE_SECONDS : 0) : undefined;
}

/** Every container of a server goes on, as any of them may have a part in an answer. Hooks of all containers begin at once. */
function pauses(container: Container, workload: WorkloadBase, features: Features): boolean {
  return serves(workload) && (container.stopSignal !== undefined || !isNativeSidecar(container, features));
}

function serves(workload: WorkloadBase): boolean {
  return workload.ports.length > 0;
}
