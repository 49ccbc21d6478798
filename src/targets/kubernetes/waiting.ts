import { escapeReferences, lowerResources, lowerVariables, securityContext } from './container';
import type { PodContext } from './controller';
import type { PlainContainer } from './plain';
import type { PodVolumes } from './pod-volumes';
import { WAIT } from './programs.generated';
import { toolContainer } from './tools';
import { Container, ContainerRole } from '../../model/container';
import type { Endpoint } from '../../model/endpoint';
import type { Task } from '../../model/task';
import { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { withinLimit } from '../../private/hash';
import { withRegistry } from '../../private/image-names';
import { byText } from '../../private/names';
import { TOOLS_IMAGE } from '../tools';

/** Init containers that end when everything is there that the workload waits for. */
export function lowerWaiting(workload: WorkloadBase, volumes: PodVolumes, { completionCheckOf, dnsSuffix }: PodContext): PlainContainer[] {
  const endpoints = workload.connections.filter(edge => edge.waits).map(({ endpoint }) => endpoint).sort((a, b) => byText(a.address, b.address));
  const addresses = [...new Set(endpoints.flatMap(addressesOf))];
  const waits = workload.containers.flatMap(waiter => waiter.tasks.flatMap(task => {
    const check = completionCheckOf(task);
    return check ? [{ waiter, task, check }] : [];
  })).sort((a, b) => byText(a.task.name, b.task.name));
  const image = workload.application.images.resolve(TOOLS_IMAGE);
  const containers: PlainContainer[] = [];
  if (addresses.length > 0) {
    containers.push(toolContainer('conduit-wait', image, ['sh', '-c', WAIT, 'wait', ...addresses]));
  }
  if (waits.length > 0) {
    const mount = { name: volumes.addScratch('conduit-tools', 8), mountPath: '/conduit' };
    containers.push({ ...toolContainer('conduit-tools', image, ['cp', '/bin/busybox', '/conduit/busybox']), volumeMounts: [mount] });
    for (const { waiter, task, check } of waits) {
      const env = lowerVariables(waiter.connectionEnv, dnsSuffix);
      containers.push(awaitCompletion({ task, check, waiter, env, mounts: [...volumes.mountsOf(waiter), { ...mount, readOnly: true }] }));
    }
  }
  return containers;
}

/**
 * A name without ready members does not exist, which DNS servers remember for up to half a minute. The members' own names
 * exist earlier, so these are asked until one of them leads to a member, and only then the name.
 */
function addressesOf({ workload, host, port, address }: Endpoint): string[] {
  if (!(workload instanceof Workload) || !workload.stable) return [address];
  const members = host === workload.name ? workload.memberNames : [host.replace(`.${workload.name}`, '')];
  return [members.map(member => `${member}:${port}`).join(' '), address];
}

/** The check of a task's completion, as one container of the workload makes it. */
interface Awaiting {
  readonly task: Task;
  readonly check: string[];
  readonly waiter: Container;
  readonly env: PlainContainer['env'] & object;
  readonly mounts: PlainContainer['volumeMounts'] & object;
}

/**
 * Runs the task's check with the waiter's own rights, which may differ for each container. It has none of the variables by which the waiter's program
 * is run, such as `PATH`, as it is another program. The loop is busybox's, so that the task's image needs no shell.
 */
function awaitCompletion({ task, check, waiter, env, mounts }: Awaiting): PlainContainer {
  const loop = 'until "$@"; do /conduit/busybox sleep 1; done';
  return {
    name: withinLimit(waiter.role === ContainerRole.MAIN ? `conduit-await-${task.name}` : `conduit-await-${task.name}-${waiter.name}`),
    image: withRegistry(task.main.image),
    imagePullPolicy: 'IfNotPresent',
    command: ['/conduit/busybox', 'sh', '-c', loop, 'await', ...check.map(escapeReferences)],
    env: env.length > 0 ? env : undefined,
    resources: lowerResources(task.main.resources),
    securityContext: securityContext(task.main.uid, task.main.gid),
    volumeMounts: mounts,
  };
}
