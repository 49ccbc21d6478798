import type { Features } from './features';
import type { PlainHook } from './plain';
import { Container, ContainerRole } from '../../model/container';
import { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';

/**
 * Time for which a server goes on as before once its pod is to end. The pod is taken out of its Services at the same moment,
 * which nodes, load balancers and ingress controllers learn within seconds; until then they send it new connections.
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
  const pause = pauses(container, workload, features) ? `sleep ${PAUSE_SECONDS}; ` : '';
  if (container.stopSignal !== undefined) return { exec: { command: ['sh', '-c', `${pause}${signalCommand(container.stopSignal)}`] } };
  if (pause === '') return undefined;
  return features.nativeSleep ? { sleep: { seconds: PAUSE_SECONDS } } : { exec: { command: ['sleep', `${PAUSE_SECONDS}`] } };
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

/** The kubelet sends the image's own signal as soon as the hook ends, so the hook waits for the program. */
function signalCommand(signal: string): string {
  return `kill -s ${signal.replace(/^SIG/, '')} 1; while kill -0 1 2>/dev/null; do sleep 0.2; done`;
}
