import type { k8s } from 'cdk8s-plus-27';
import { containerName } from './container';
import type { Features } from './features';
import { balancerLabel, nameLabel, networkLabel, ownSelector, selectorLabels, volumeLabel, workloadLabels } from './labels';
import type { Manifest, Plain, PlainPodSpec, PlainServiceSpec } from './plain';
import { lowerPod, tyingVolumes } from './pod';
import { podVolumeName } from './pod-volumes';
import type { ProvidedPods } from './provider';
import { sizeQuantity } from './quantities';
import type { ConfigFile } from '../../model/config-file';
import type { Task } from '../../model/task';
import { Volume, VolumePlacement } from '../../model/volume';
import { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { shortHash } from '../../private/hash';

/** Time after which a program that has not ended yet is taken for one that works: most that cannot work end sooner. */
const SETTLED_SECONDS = 10;

/** Earlier releases that can be brought back. */
const KEPT_RELEASES = 5;

/** What lowering a pod needs to know of its chart. */
export interface PodContext {
  readonly features: Features;
  /** Names of workloads whose number of replicas is not written. */
  readonly replicasSetByOthers: string[];
  /** The ConfigMaps that have the text of a config file. */
  readonly configMapsOf: (file: ConfigFile) => Manifest[];
  /** What follows the name of a Service in its full name. */
  readonly dnsSuffix: string;
  /** The command that tells whether a task's work is done. */
  readonly completionCheckOf: (task: Task) => string[] | undefined;
}

/** The Deployment or StatefulSet of a workload, its Services and its PodDisruptionBudget. */
export function lowerWorkload(workload: Workload, context: PodContext): Manifest[] {
  const labels = workloadLabels(workload, 'workload');
  const metadata = { name: workload.name, labels };
  const selector = { matchLabels: selectorLabels(workload) };
  const template = podTemplate(workload, labels, context);
  const replicas = workload.scaling || context.replicasSetByOthers.includes(workload.name) ? undefined : workload.replicas;
  const minReadySeconds = tellsHealth(workload) ? undefined : SETTLED_SECONDS;
  const controller: Manifest = workload.stable
    ? {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: {
        serviceName: workload.name,
        replicas,
        minReadySeconds,
        revisionHistoryLimit: KEPT_RELEASES,
        podManagementPolicy: 'Parallel',
        selector,
        template,
        volumeClaimTemplates: claimTemplates(workload),
      },
    }
    : { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas, minReadySeconds, revisionHistoryLimit: KEPT_RELEASES, selector, strategy: strategy(workload), template } };
  return [controller, ...lowerServices(workload), ...lowerDisruptionBudget(workload)];
}

/** Whether anything tells that a replica can do its work; otherwise it seems so from the moment when it starts. */
function tellsHealth({ runningContainers }: Workload): boolean {
  return runningContainers.some(({ health }) => health !== undefined);
}

/** The Services of a workload, whoever makes its pods. */
export function lowerServices(workload: Workload, pods?: ProvidedPods): Manifest[] {
  const labels = workloadLabels(workload, 'workload');
  const service = (name: string, spec: PlainServiceSpec) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, labels }, spec });
  const { name, ports, stable, memberNames, replicasName } = workload;
  const selectorOf = (host: string) => pods ? pods.hosts?.[host] : ownSelector(workload, host);
  const [own, replicas] = [selectorOf(name), workload.replicasAreNamed ? selectorOf(replicasName) : undefined];
  return [
    // without ports nobody connects, but a StatefulSet names a Service all the same
    ...(own && (ports.length > 0 || stable) ? [service(name, lowerService(workload, own, pods))] : []),
    ...(replicas ? [service(replicasName, { ...lowerService(workload, replicas, pods), clusterIP: 'None' })] : []),
    // a StatefulSet gives its pods only the name below its own; a member is found by its short name, too
    ...(ports.length > 0 ? memberNames : []).flatMap(member => {
      const selector = selectorOf(member);
      return selector ? [service(member, lowerMemberService(workload, selector, pods))] : [];
    }),
  ];
}

/** Keeps all but one of several pods running; one that is not ready serves nobody, and must not keep its node from being drained. */
export function lowerDisruptionBudget(workload: Workload, labels = selectorLabels(workload)): Manifest[] {
  if (workload.maxReplicas === 1) return [];
  const spec = { maxUnavailable: 1, selector: { matchLabels: labels }, unhealthyPodEvictionPolicy: 'AlwaysAllow' };
  const metadata = { name: workload.name, labels: workloadLabels(workload, 'workload') };
  return [{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec }];
}

/** The Job of a task, named by its content: the same task is the same Job, a changed one is a new Job. */
export function lowerTask(task: Task, context: PodContext): Manifest {
  const labels = workloadLabels(task, 'task');
  const { metadata, spec } = podTemplate(task, labels, context);
  const template = { metadata, spec: { ...spec, restartPolicy: 'OnFailure' } };
  const name = `${task.name}-${shortHash(JSON.stringify(template))}`;
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, labels }, spec: { backoffLimit: task.retries, template } };
}

/** A claim for a volume that outlives its users; undefined if the volume needs none of its own. */
export function lowerClaim(volume: Volume): Manifest | undefined {
  const many = volume.placement === VolumePlacement.MANY_MACHINES;
  if (!many && volume.placement !== VolumePlacement.ONE_MACHINE) return undefined;
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: volume.name, labels: nameLabel(volume.name) }, spec: claimSpec(volume, many ? 'ReadWriteMany' : 'ReadWriteOnce') };
}

function podTemplate(workload: WorkloadBase, labels: Record<string, string>, context: PodContext): { metadata: Plain<k8s.ObjectMeta>; spec: PlainPodSpec } {
  const balancers = workload instanceof Workload ? workload.publishedPorts.flatMap(({ balancer }) => balancer ?? []) : [];
  const joined = [...tyingVolumes(workload).map(volumeLabel), ...workload.networks.map(networkLabel), ...balancers.map(balancerLabel)];
  return {
    metadata: {
      labels: { ...labels, ...Object.fromEntries(joined.map(label => [label, 'true'])) },
      annotations: { 'kubectl.kubernetes.io/default-container': containerName(workload.main) },
    },
    spec: lowerPod(workload, context),
  };
}

/** A volume that only one node can use must be free before the next pod takes it. */
function strategy(workload: Workload): Plain<k8s.DeploymentStrategy> {
  return tyingVolumes(workload).length > 0
    ? { type: 'Recreate' }
    : { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
}

/** Pods that somebody else makes have names of their own for their ports. */
function lowerService(workload: Workload, selector: Record<string, string>, pods?: ProvidedPods): PlainServiceSpec {
  return {
    type: 'ClusterIP',
    clusterIP: workload.stable ? 'None' : undefined,
    selector,
    ports: workload.ports.length === 0 ? undefined : workload.ports.map(port => ({
      name: port.name,
      port: port.number,
      targetPort: pods ? port.number : port.name,
      protocol: port.protocol ?? 'TCP',
      appProtocol: port.scheme === 'grpc' ? 'kubernetes.io/h2c' : undefined, // for what chooses among replicas by itself
    })),
  };
}

/**
 * Has an address of its own, so that the name exists before the member is ready: name servers remember for seconds what does not.
 * Members of a cluster talk through any port, also before they are ready, which no such address lets through.
 */
function lowerMemberService(workload: Workload, selector: Record<string, string>, pods?: ProvidedPods): PlainServiceSpec {
  const spec = lowerService(workload, selector, pods);
  return workload.clustered ? { ...spec, publishNotReadyAddresses: true } : { ...spec, clusterIP: undefined };
}

function claimTemplates(workload: Workload): Plain<k8s.KubePersistentVolumeClaimProps>[] | undefined {
  const volumes = new Set(workload.containers.flatMap(container => container.mounts.map(mount => mount.volume)).filter(volume => volume.perMember));
  return volumes.size === 0 ? undefined : [...volumes].map(volume => ({
    metadata: { name: podVolumeName(volume), labels: workloadLabels(workload, 'workload') }, spec: claimSpec(volume, 'ReadWriteOnce'),
  }));
}

function claimSpec(volume: Volume, accessMode: string): Plain<k8s.PersistentVolumeClaimSpec> {
  return {
    accessModes: [accessMode],
    storageClassName: volume.sharedStorageClass ?? volume.storageClass,
    resources: { requests: { storage: sizeQuantity(volume.size.toMebibytes()) } },
  };
}
