import type { k8s } from 'cdk8s-plus-27';
import { lowerContainer } from './container';
import type { PodContext } from './controller';
import type { Features } from './features';
import { lowerJoining } from './joining';
import { selectorLabels, volumeLabel } from './labels';
import { lowerOwning } from './owning';
import type { Plain, PlainContainer, PlainPodSpec } from './plain';
import { PodVolumes } from './pod-volumes';
import { isNativeSidecar, lowerGracePeriod, lowerStopHook } from './stopping';
import { lowerWaiting } from './waiting';
import { ContainerRole } from '../../model/container';
import { Volume, VolumePlacement } from '../../model/volume';
import type { WorkloadBase } from '../../model/workload-base';
import { byText } from '../../private/names';

/** The pod of a workload or task. */
export function lowerPod(workload: WorkloadBase, context: PodContext): PlainPodSpec {
  const { features, dnsSuffix } = context;
  const volumes = new PodVolumes(context.configMapsOf);
  const waiting = lowerWaiting(workload, volumes, context);
  const init: PlainContainer[] = [];
  const running: PlainContainer[] = [];
  for (const container of workload.containers) {
    const lowered = lowerContainer(container, volumes, dnsSuffix);
    if (container.role === ContainerRole.INIT) {
      init.push(lowered);
      continue;
    }
    const preStop = lowerStopHook(container, workload, features);
    const lifecycle = preStop && { preStop };
    if (isNativeSidecar(container, features)) {
      // the start-up probe is what holds back the containers after it
      init.push({ ...lowered, lifecycle, restartPolicy: 'Always' });
    } else {
      running.push({ ...lowered, lifecycle });
    }
  }
  const initContainers = [...lowerJoining(workload, volumes), ...lowerOwning(workload, volumes), ...waiting, ...init];
  return {
    serviceAccountName: workload.application.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    shareProcessNamespace: lowerInit(workload),
    securityContext: {
      runAsNonRoot: true,
      fsGroup: Volume.GID,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
      // without it a program that is not root cannot listen below 1024
      sysctls: workload.ports.some(port => port.number < 1024) ? [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] : undefined,
    },
    terminationGracePeriodSeconds: lowerGracePeriod(workload),
    affinity: lowerAffinity(workload, features),
    topologySpreadConstraints: lowerSpread(workload),
    initContainers: initContainers.length > 0 ? initContainers : undefined,
    containers: running,
    volumes: volumes.list,
  };
}

/** Volumes that tie the workload to the node of their other users. */
export function tyingVolumes(workload: WorkloadBase): Volume[] {
  const volumes = new Set(workload.containers.flatMap(container => container.mounts.map(mount => mount.volume)));
  return [...volumes].filter(volume => volume.placement === VolumePlacement.ONE_MACHINE).sort((a, b) => byText(a.name, b.name));
}

/**
 * The first process of a namespace ignores the signal to end unless it handles it. Here the pod's own process comes first,
 * and reaps orphans. Not where containers would see each other's processes, or a hook must find the program under number 1.
 */
function lowerInit(workload: WorkloadBase): boolean | undefined {
  return workload.runningContainers.length === 1 && workload.main.stopSignal === undefined ? true : undefined;
}

function lowerAffinity(workload: WorkloadBase, features: Features): Plain<k8s.Affinity> | undefined {
  const podAffinity = lowerCoLocation(workload);
  const podAntiAffinity = lowerZones(workload, features);
  return podAffinity || podAntiAffinity ? { podAffinity, podAntiAffinity } : undefined;
}

function lowerCoLocation(workload: WorkloadBase): Plain<k8s.PodAffinity> | undefined {
  const shared = tyingVolumes(workload).filter(volume => new Set(volume.mounts.map(mount => mount.container.workload)).size > 1);
  return shared.length === 0 ? undefined : {
    requiredDuringSchedulingIgnoredDuringExecution: shared.map(volume => ({
      labelSelector: { matchLabels: { [volumeLabel(volume)]: 'true' } },
      topologyKey: 'kubernetes.io/hostname',
    })),
  };
}

function lowerSpread(workload: WorkloadBase): Plain<k8s.TopologySpreadConstraint>[] | undefined {
  return workload.maxReplicas === 1 ? undefined : [{
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorLabels(workload) },
    matchLabelKeys: revisionKeys(workload),
  }];
}

/** Zones are no second constraint: on nodes without a label for the zone, which are common, the scheduler would pass over both. */
function lowerZones(workload: WorkloadBase, { affinityByRevision }: Features): Plain<k8s.PodAntiAffinity> | undefined {
  const podAffinityTerm = {
    labelSelector: { matchLabels: selectorLabels(workload) },
    topologyKey: 'topology.kubernetes.io/zone',
    matchLabelKeys: affinityByRevision ? revisionKeys(workload) : undefined,
  };
  return workload.maxReplicas === 1 ? undefined : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
}

/** An update makes new pods beside old ones, which will be gone and so must not be counted; members are replaced in place. */
function revisionKeys(workload: WorkloadBase): string[] | undefined {
  return workload.hasMembers ? undefined : ['pod-template-hash'];
}
