import type { Application } from '../../model/application';
import type { ConfigFile } from '../../model/config-file';
import type { Connection } from '../../model/connection';
import { ContainerRole } from '../../model/container';
import type { ILowering } from '../../model/lowering';
import type { Secret } from '../../model/secret';
import type { Task } from '../../model/task';
import type { Volume } from '../../model/volume';
import { RestartPolicy, Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { byText } from '../../private/names';
import { FidelityReport } from '../fidelity';
import { lowerClaim, lowerTask, lowerWorkload } from './controller';
import { KUBERNETES_DEVIATIONS as DEVIATIONS } from './deviations';
import { Features, featuresOf } from './features';
import type { KubernetesChartProps } from './kubernetes-chart';
import { applicationLabels } from './labels';
import { denyAll, lowerPolicy } from './network-policy';
import type { Manifest } from './plain';
import { CONFIG_KEY } from './pod-volumes';
import { borrowsSleep, isNativeSidecar } from './stopping';

/** The order in which objects are written: what others refer to, and what closes the network, comes first. */
const ORDER = ['ServiceAccount', 'NetworkPolicy', 'ExternalSecret', 'ConfigMap', 'PersistentVolumeClaim', 'Service',
  'PodDisruptionBudget', 'StatefulSet', 'Deployment', 'Job'];

/** Turns a checked application into Kubernetes objects. */
export class KubernetesLowering implements ILowering {
  public readonly fidelity = new FidelityReport('Kubernetes');

  private readonly objects: Manifest[] = [];
  private readonly workloads: WorkloadBase[] = [];
  private readonly secretKeys = new Map<string, string[]>();
  private readonly features: Features;

  public constructor(private readonly application: Application, private readonly props: KubernetesChartProps) {
    const { namespace } = props;
    if (namespace !== undefined && !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace)) {
      throw new Error(`${application.name}: 'namespace' must be at most 63 lower-case letters, digits and hyphens, got '${namespace}'`);
    }
    this.features = featuresOf(application, props.kubernetesVersion);
  }

  /** All objects, in the order in which they are written. */
  public finish(): Manifest[] {
    this.fidelity.throwIfRefused();
    const incoming = new Map<WorkloadBase, Connection[]>(this.workloads.map(workload => [workload, []]));
    for (const edge of this.workloads.flatMap(workload => workload.connections)) {
      if (edge.endpoint.workload) incoming.get(edge.endpoint.workload)!.push(edge);
    }
    this.objects.push(this.serviceAccount(), denyAll(this.application), ...this.externalSecrets());
    for (const [workload, edges] of incoming) {
      this.objects.push(lowerPolicy(workload, workload instanceof Workload ? 'workload' : 'task', edges));
    }
    return this.objects.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || byText(a.metadata.name, b.metadata.name));
  }

  public lowerWorkload(workload: Workload): void {
    this.note(workload);
    if (workload.restart === RestartPolicy.ON_FAILURE) this.fidelity.deviate(workload.node.path, DEVIATIONS.restartOnFailure);
    this.objects.push(...lowerWorkload(workload, { features: this.features, render: file => this.render(file) }));
  }

  public lowerTask(task: Task): void {
    this.note(task);
    this.objects.push(lowerTask(task, { features: this.features, render: file => this.render(file) }));
  }

  public lowerVolume(volume: Volume): void {
    this.fidelity.add(volume.node.path);
    const claim = lowerClaim(volume, applicationLabels(this.application));
    if (claim) this.objects.push(claim);
  }

  public lowerConfigFile(file: ConfigFile): void {
    this.fidelity.add(file.node.path);
    if (this.props.namespace === undefined && file.placeholders.includes('dnsSuffix')) this.fidelity.deviate(file.node.path, DEVIATIONS.dnsSuffix);
    this.objects.push({
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: file.name, labels: applicationLabels(this.application) }, data: { [CONFIG_KEY]: this.render(file) },
    });
  }

  public lowerSecret(secret: Secret): void {
    this.fidelity.add(secret.node.path);
    const keys = this.secretKeys.get(secret.group);
    if (keys) keys.push(secret.key);
    else this.secretKeys.set(secret.group, [secret.key]);
  }

  /** Without a store the Secrets exist; that is what a reference means. */
  private externalSecrets(): Manifest[] {
    const store = this.props.secretStore;
    if (!store) return [];
    return [...this.secretKeys].map(([name, keys]) => ({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name, labels: applicationLabels(this.application) },
      spec: {
        secretStoreRef: { name: store.name, kind: store.clusterWide ? 'ClusterSecretStore' : 'SecretStore' },
        target: { name },
        data: keys.sort(byText).map(key => ({ secretKey: key, remoteRef: { key: name, property: key } })),
      },
    }));
  }

  private render(file: ConfigFile): string {
    const domain = this.props.clusterDomain ?? 'cluster.local';
    return file.render({
      dnsResolver: this.props.dnsResolver ?? `kube-dns.kube-system.svc.${domain}`,
      dnsSuffix: `.${this.props.namespace}.svc.${domain}`,
    });
  }

  private note(workload: WorkloadBase): void {
    this.workloads.push(workload);
    const path = workload.node.path;
    this.fidelity.add(path);
    if (workload.runningContainers.length > 1 || workload.main.stopSignal !== undefined) this.fidelity.deviate(path, DEVIATIONS.ownInit);
    if (workload.containers.some(({ stopSignal }) => stopSignal !== undefined)) this.fidelity.deviate(path, DEVIATIONS.stopSignal);
    for (const container of workload.runningContainers) {
      const { role, stopSignal } = container;
      if (stopSignal !== undefined && isNativeSidecar(container, this.features)) this.fidelity.deviate(path, DEVIATIONS.sidecarSignal);
      if (borrowsSleep(container, workload, this.features)) this.fidelity.deviate(path, DEVIATIONS.servesOn);
      if (role === ContainerRole.SIDECAR && !this.features.nativeSidecars) this.fidelity.deviate(path, DEVIATIONS.sidecarOrder);
      if (role === ContainerRole.COMPANION) this.fidelity.deviate(path, DEVIATIONS.startAfterMain);
    }
    if (workload.tasks.some(task => task.effect === undefined)) this.fidelity.deviate(path, DEVIATIONS.startAfterTask);
    if (workload.connections.some(({ endpoint }) => endpoint.addresses.includes('0.0.0.0/0'))) this.fidelity.deviate(path, DEVIATIONS.outsideByName);
  }

  private serviceAccount(): Manifest {
    const names = this.props.imagePullSecrets ?? [];
    return {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: this.application.name, labels: applicationLabels(this.application) },
      automountServiceAccountToken: false,
      imagePullSecrets: names.length > 0 ? names.map(name => ({ name })) : undefined,
    };
  }
}
