import type { Application } from '../../model/application';
import type { ConfigFile } from '../../model/config-file';
import { ContainerRole } from '../../model/container';
import type { ILowering } from '../../model/lowering';
import type { Network } from '../../model/network';
import type { Secret } from '../../model/secret';
import type { Task } from '../../model/task';
import type { Volume } from '../../model/volume';
import { RestartPolicy, Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { byText } from '../../private/names';
import { Problems } from '../../private/problems';
import { FidelityReport } from '../fidelity';
import { lowerClaim, lowerServices, lowerTask, lowerWorkload, PodContext } from './controller';
import { KUBERNETES_DEVIATIONS as DEVIATIONS } from './deviations';
import { Features, featuresOf } from './features';
import type { KubernetesChartProps } from './kubernetes-chart';
import { applicationLabels } from './labels';
import { requireNamespace } from './namespace';
import { denyAll, lowerPeers, lowerPolicy } from './network-policy';
import { OperatedPods, Takeover } from './operator';
import type { Manifest } from './plain';
import { CONFIG_KEY } from './pod-volumes';
import { exposedPorts, lowerPublishing, PortPublishing, publishingDeviations, PublishingContext } from './publishing';
import { lowerScaling } from './scaling';
import { borrowsSleep, isNativeSidecar } from './stopping';

/** The order in which objects are written: what others refer to, and what closes the network, comes first. */
const ORDER = ['ServiceAccount', 'NetworkPolicy', 'ExternalSecret', 'ConfigMap', 'PersistentVolumeClaim', 'Service',
  'PodDisruptionBudget', 'StatefulSet', 'Deployment',
  'TriggerAuthentication', 'ScaledObject', 'Job'];

/** Turns a checked application into Kubernetes objects. */
export class KubernetesLowering implements ILowering {
  public readonly fidelity = new FidelityReport('Kubernetes');

  private readonly objects: Manifest[] = [];
  private readonly workloads: WorkloadBase[] = [];
  private readonly networks = new Map<Network, ReturnType<typeof lowerPeers>>();
  private readonly secretKeys = new Map<string, string[]>();
  private readonly features: Features;
  private readonly takeover: Takeover;

  public constructor(private readonly application: Application, private readonly props: KubernetesChartProps) {
    for (const option of ['namespace', 'kedaNamespace'] as const) {
      const namespace = props[option];
      if (namespace !== undefined) requireNamespace(application.name, namespace, option);
    }
    this.features = featuresOf(application, props.kubernetesVersion);
    this.takeover = new Takeover(this.fidelity, props.namespace, props.imagePullSecrets ?? []);
    this.handOver();
  }

  /** All objects, in the order in which they are written. */
  public finish(): Manifest[] {
    this.fidelity.throwIfRefused();
    const read = new Map<WorkloadBase, Set<number>>(this.workloads.map(workload => [workload, new Set()]));
    for (const workload of this.workloads) {
      if (!(workload instanceof Workload)) continue;
      for (const { endpoint } of workload.scaling?.sources ?? []) read.get(endpoint.workload!)?.add(endpoint.port);
    }
    this.objects.push(this.serviceAccount(), denyAll(this.application), ...this.externalSecrets());
    const context = { takeover: this.takeover, peersOn: (network: Network) => this.networks.get(network)!, kedaNamespace: this.props.kedaNamespace ?? 'keda' };
    for (const [workload, ports] of read) {
      this.objects.push(lowerPolicy(workload, workload instanceof Workload ? 'workload' : 'task', ports, context));
    }
    this.objects.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || byText(a.metadata.name, b.metadata.name));
    return [...this.objects, ...this.takeover.manifests];
  }

  public lowerWorkload(workload: Workload): void {
    const operated = this.takeover.pods.get(workload);
    this.publish(workload, operated);
    if (operated) {
      this.workloads.push(workload);
      if (operated.members) this.objects.push(...lowerServices(workload, operated));
      return;
    }
    this.note(workload);
    if (workload.restart === RestartPolicy.ON_FAILURE) this.fidelity.deviate(workload.node.path, DEVIATIONS.restartOnFailure);
    this.objects.push(...lowerWorkload(workload, this.context));
    const { scaling } = workload;
    if (!scaling) return;
    const inside = scaling.sources.some(({ endpoint }) => endpoint.workload);
    if (inside && this.props.namespace === undefined) this.fidelity.deviate(workload.node.path, DEVIATIONS.scaling);
    this.objects.push(...lowerScaling(workload, scaling, this.dnsSuffix));
  }

  private publish(workload: Workload, operated?: OperatedPods): void {
    const { portPublishing: through = PortPublishing.LOAD_BALANCER, loadBalancerNodePorts: nodePorts = true, namespace } = this.props;
    const context: PublishingContext = { through, nodePorts, namespace };
    this.objects.push(...lowerPublishing(workload, context, operated));
    for (const deviation of publishingDeviations(workload, context)) this.fidelity.deviate(workload.node.path, deviation);
    for (const port of exposedPorts(workload, context)) this.fidelity.expose(port);
  }

  public lowerTask(task: Task): void {
    if (this.takeover.taken.has(task)) return;
    this.note(task);
    this.objects.push(lowerTask(task, this.context));
  }

  public lowerVolume(volume: Volume): void {
    if (this.takeover.taken.has(volume)) return;
    this.fidelity.add(volume.node.path);
    const claim = lowerClaim(volume, applicationLabels(this.application));
    if (claim) this.objects.push(claim);
  }

  public lowerConfigFile(file: ConfigFile): void {
    if (this.takeover.taken.has(file)) return;
    this.fidelity.add(file.node.path);
    if (this.props.namespace === undefined && file.placeholders.includes('dnsSuffix')) this.fidelity.deviate(file.node.path, DEVIATIONS.dnsSuffix);
    this.objects.push({
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: file.name, labels: applicationLabels(this.application) }, data: { [CONFIG_KEY]: this.render(file) },
    });
  }

  public lowerSecret(secret: Secret): void {
    if (this.takeover.taken.has(secret)) return;
    this.fidelity.add(secret.node.path);
    const keys = this.secretKeys.get(secret.group);
    if (keys) keys.push(secret.key);
    else this.secretKeys.set(secret.group, [secret.key]);
  }

  public lowerNetwork(network: Network): void {
    this.fidelity.add(network.node.path);
    this.networks.set(network, lowerPeers(network, this.takeover)); // which the policies of its members name
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
        target: { name, ...this.template(name) },
        data: keys.sort(byText).map(key => ({ secretKey: key, remoteRef: { key: name, property: key } })),
      },
    }));
  }

  /** What an operator reads beside the password. */
  private template(name: string): object {
    const login = this.takeover.logins.get(name);
    if (!login) return {};
    const metadata = Object.keys(login.labels).length > 0 ? { metadata: { labels: login.labels } } : {};
    return { template: { mergePolicy: 'Merge', ...metadata, data: { username: login.userName } } };
  }

  /** Whatever operators take over is known before the first primitive is lowered. */
  private handOver(): void {
    const { application, props: { operators = [] } } = this;
    if (operators.length === 0) return;
    application.check();
    const problems = new Problems(application.name);
    operators.forEach(({ _broker: broker }, index) => {
      problems.require(broker.node.root === application, `an operator's broker must belong to this application, got ${broker.node.path}; hand it over in the chart of its own`);
      problems.require(operators.findIndex(other => other._broker === broker) === index, `${broker.node.path} is handed over twice; give one operator for each broker`);
    });
    problems.throwIfAny();
    for (const operator of operators) operator._takeOver(this.takeover);
  }

  private get context(): PodContext {
    return { features: this.features, render: file => this.render(file), effectOf: task => this.takeover.effects.get(task) ?? task.effect };
  }

  private render(file: ConfigFile): string {
    const text = this.takeover.texts.get(file);
    if (text !== undefined) return text;
    return file.render({ dnsResolver: this.props.dnsResolver ?? `kube-dns.kube-system.svc.${this.domain}`, dnsSuffix: this.dnsSuffix });
  }

  private get domain(): string {
    return this.props.clusterDomain ?? 'cluster.local';
  }

  private get dnsSuffix(): string {
    return `.${this.props.namespace}.svc.${this.domain}`;
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
