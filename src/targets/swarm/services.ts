import { lowerContainer, lowerResources, someOf } from './container';
import type { Networks } from './networks';
import type { StackOptions } from './options';
import type { Publishing } from './publishing';
import type { StackDeployment, StackService } from './stack-file';
import { RESTART_DELAY, Storage } from './storage';
import type { Task } from '../../model/task';
import { VolumePlacement } from '../../model/volume';
import { RestartPolicy, Workload } from '../../model/workload';
import { needsTools } from '../health';

/** What lowering a service needs to know of its stack. */
export interface StackContext {
  readonly options: StackOptions;
  readonly networks: Networks;
  readonly publishing: Publishing;
  readonly storage: Storage;
}

/** Time for which what was changed is watched, once it is healthy. */
const MONITOR = '10s';

/** How often a task is tried again beside its retries, while what it waits for becomes ready: five minutes. */
const WAITING_TRIES = 60;

/** Whether the engine itself checks the health of containers: nobody finds what is not healthy yet, and members of a cluster need each other before. */
export function isChecked(workload: Workload): boolean {
  return !workload.clustered;
}

/** All services of a workload, by name: one for each member, otherwise one for all replicas. */
export function lowerServices(workload: Workload, context: StackContext): [string, StackService][] {
  const { name, memberNames, publishedPorts, replicas, replicasName, replicasAreNamed } = workload;
  const aliases = [...new Set(publishedPorts.flatMap(({ balancer }) => balancer?.name ?? []))];
  if (!workload.stable) return [[name, lowerService(workload, name, context, replicas, [...aliases, ...replicasAreNamed ? [replicasName] : []])]];
  return memberNames.map((member, ordinal): [string, StackService] =>
    [member, { hostname: member, ...lowerService(workload, member, context, 1, [...aliases, name, `${member}.${name}`], ordinal) }]);
}

function lowerService(workload: Workload, service: string, context: StackContext, replicas: number, aliases: string[], ordinal?: number): StackService {
  const { networks, publishing, options: { stackName } } = context;
  const { main } = workload;
  return {
    ...lowerContainer(main, stackName, isChecked(workload)),
    volumes: someOf(context.storage.mountsOf(main, ordinal, isChecked(workload) && needsTools(main))),
    networks: networks.membership(workload, aliases),
    ports: publishing.portsOf(workload, service),
    stop_grace_period: `${workload.stopGracePeriod.toSeconds()}s`,
    deploy: lowerDeployment(workload, context, replicas, ordinal),
  };
}

function lowerDeployment(workload: Workload, context: StackContext, replicas: number, ordinal?: number): StackDeployment {
  const order = startsFirst(workload, context) ? 'start-first' : 'stop-first';
  const change = { parallelism: 1, order, monitor: MONITOR } as const;
  return {
    replicas: replicas > 1 ? replicas : undefined,
    endpoint_mode: hasVirtualAddress(workload, context) ? 'vip' : 'dnsrr',
    update_config: { ...change, failure_action: 'rollback' },
    rollback_config: { ...change, failure_action: 'pause' },
    restart_policy: { condition: workload.restart === RestartPolicy.ON_FAILURE ? 'on-failure' : 'any', delay: RESTART_DELAY },
    placement: placementOf(workload, context, replicas, ordinal),
    resources: lowerResources(workload.main.resources),
  };
}

/** Two at the same time could not have one volume, one host name, or one port of a node. */
function startsFirst(workload: Workload, { publishing }: StackContext): boolean {
  const hasStorage = workload.main.mounts.some(({ volume, readOnly }) => !readOnly && volume.placement !== VolumePlacement.SCRATCH);
  return !workload.stable && !hasStorage && !publishing.hasHostPorts(workload);
}

/** Members, and replicas that clients choose from, are found by their own addresses. */
function hasVirtualAddress({ memberNames, replicasAreNamed }: Workload, { options }: StackContext): boolean {
  return options.virtualAddresses && memberNames.length <= 1 && !replicasAreNamed;
}

function placementOf(workload: Workload, { options, publishing, storage }: StackContext, replicas: number, ordinal?: number): StackDeployment['placement'] {
  const most = publishing.hasHostPorts(workload) ? 1 : options.maxReplicasPerNode;
  const placement = { ...storage.placementOf([workload.main], ordinal), ...replicas > 1 && most !== undefined ? { max_replicas_per_node: most } : {} };
  return Object.keys(placement).length > 0 ? placement : undefined;
}

/** The job of a task. */
export function lowerJob(task: Task, { networks, storage, options: { stackName } }: StackContext): StackService {
  const { main, retries, startsAfter } = task;
  const tries = retries + (startsAfter.length > 0 ? WAITING_TRIES : 0);
  return {
    ...lowerContainer(main, stackName, true),
    volumes: someOf(storage.mountsOf(main, undefined, needsTools(main))),
    networks: networks.membership(task, []),
    deploy: {
      mode: 'replicated-job',
      restart_policy: tries > 0 ? { condition: 'on-failure', delay: RESTART_DELAY, max_attempts: tries } : { condition: 'none' },
      placement: storage.placementOf([main], undefined),
      resources: lowerResources(main.resources),
    },
  };
}
