import { Container, ContainerRole } from '../../model/container';
import { VolumePlacement } from '../../model/volume';
import { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';

/** One or more equal replicas of a workload that Compose runs under one network address. */
export interface Unit {
  readonly workload: WorkloadBase;
  /** Name of the service that holds the network address. */
  readonly service: string;
  /** Further names on its networks. */
  readonly aliases: string[];
  /** The container's own host name, where it must stay the same. */
  readonly hostname?: string;
  /** Number of replicas that the service itself has. */
  readonly replicas: number;
  /** Tells volumes of this unit from those of the workload's other units. */
  readonly suffix: string;
}

/**
 * The units of a workload. A member is a unit, since it has names of its own. So is each replica of several containers,
 * since those share an address and scratch volumes; no workload's name contains '_', so these names are free.
 */
export function unitsOf(workload: WorkloadBase): Unit[] {
  const replicas = workload instanceof Workload && workload.replicasAreNamed ? [workload.replicasName] : [];
  if (workload instanceof Workload && workload.stable) {
    return workload.memberNames.map((member, ordinal) => ({
      workload, service: member, aliases: [workload.name, `${member}.${workload.name}`], hostname: member, replicas: 1, suffix: `_${ordinal}`,
    }));
  }
  if (workload.replicas > 1 && needsSets(workload)) {
    return Array.from({ length: workload.replicas }, (_, index) => ({
      workload, service: `${workload.name}_${index + 1}`, aliases: [workload.name, ...replicas], replicas: 1, suffix: `_${index + 1}`,
    }));
  }
  return [{ workload, service: workload.name, aliases: replicas, replicas: workload.replicas, suffix: '' }];
}

/** Whether the containers of a unit join the address of an owner that does nothing else. */
export function hasOwner(workload: WorkloadBase): boolean {
  return workload.runningContainers.length > 1;
}

/** Whether replicas must not share what one service's replicas share. */
export function needsSets(workload: WorkloadBase): boolean {
  return hasOwner(workload) || workload.runningContainers.some(container => container.mounts
    .some(mount => !mount.readOnly && mount.volume.placement === VolumePlacement.SCRATCH));
}

/** Name of the service that runs one container of a unit. */
export function serviceName(unit: Unit, container: Container): string {
  const own = container.role === ContainerRole.INIT || hasOwner(unit.workload);
  return own ? `${unit.service}_${container.name}` : unit.service;
}
