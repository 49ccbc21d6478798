import type { Application } from '../../model/application';
import type { ConfigFile } from '../../model/config-file';
import type { Connection } from '../../model/connection';
import { ContainerRole } from '../../model/container';
import type { Endpoint } from '../../model/endpoint';
import type { LoadBalancer } from '../../model/load-balancer';
import type { ILowering } from '../../model/lowering';
import type { Network } from '../../model/network';
import type { Primitive } from '../../model/primitive';
import type { Scaling } from '../../model/scaling';
import type { Secret } from '../../model/secret';
import type { Task } from '../../model/task';
import type { Volume } from '../../model/volume';
import { RestartPolicy, Workload } from '../../model/workload';
import { WorkloadBase } from '../../model/workload-base';
import { byText } from '../../private/names';
import { Problems } from '../../private/problems';
import { FidelityReport } from '../fidelity';
import { lowerConfig } from './config-maps';
import { OWN_NAMESPACE } from './container';
import { lowerClaim, lowerServices, lowerTask, lowerWorkload, PodContext } from './controller';
import { KUBERNETES, KUBERNETES_DEVIATIONS as DEVIATIONS } from './deviations';
import { lowerDnsServers } from './dns-servers';
import { Features, featuresOf } from './features';
import type { KubernetesChartProps } from './kubernetes-chart';
import { nameLabel } from './labels';
import { requireNamespace } from './namespace';
import { denyAll, lowerPeers, lowerPolicy } from './network-policy';
import type { Manifest } from './plain';
import type { Provision } from './provider';
import { Provisions } from './provisions';
import { exposedPorts, lowerBalancer, lowerPublishing, PortPublishing, publishingDeviations, PublishingContext } from './publishing';
import { Secrets } from './secrets';
import { findLarge, refuseTooLarge } from './sizes';
import { borrowsSleep, isNativeSidecar } from './stopping';

/** The order in which objects are written: what others refer to, and what closes the network, comes first. Kinds that are not here stand before Jobs. */
const ORDER = ['ServiceAccount', 'NetworkPolicy', 'ExternalSecret', 'ConfigMap', 'PersistentVolumeClaim', 'Service',
  'PodDisruptionBudget', 'StatefulSet', 'Deployment'];

/** Turns a checked application into Kubernetes objects. */
export class KubernetesLowering implements ILowering {
  public readonly fidelity: FidelityReport;

  private readonly objects: Manifest[] = [];
  private readonly workloads: WorkloadBase[] = [];
  private readonly networks = new Map<Network, ReturnType<typeof lowerPeers>>();
  private readonly secrets = new Secrets();
  private _mountedFiles?: Set<ConfigFile>;
  private readonly configMaps = new Map<ConfigFile, Manifest[]>();
  private readonly features: Features;
  private readonly dns: ReturnType<typeof lowerDnsServers>;
  private readonly provisions: Provisions;

  public constructor(private readonly application: Application, private readonly props: KubernetesChartProps) {
    this.fidelity = new FidelityReport(KUBERNETES, application);
    const { namespace, providers = [], imagePullSecrets = [] } = props;
    if (namespace !== undefined) requireNamespace(application.name, namespace);
    this.features = featuresOf(application, props.kubernetesVersion);
    this.dns = lowerDnsServers(application.name, props.dnsServers);
    this.provisions = new Provisions(application, providers, { namespace, clusterDomain: this.domain, imagePullSecrets });
  }

  /** All objects, in the order in which they are written. */
  public finish(): Manifest[] {
    this.provisions.throwIfWrong();
    this.requireWorkloads(this.props.replicasSetByOthers ?? []);
    if (this.application.name === 'default') this.fidelity.deviate(this.application.name, DEVIATIONS.accountName);
    this.fidelity.throwIfRefused();
    for (const { node } of this.application.externalClients) this.fidelity.add(node.path);
    this.objects.push(this.serviceAccount(), denyAll(this.application), ...this.secrets.lower(this.props.secretStore));
    const context = { provisions: this.provisions, peersOn: (network: Network) => this.networks.get(network)!, dns: this.dns };
    for (const workload of this.workloads) this.objects.push(lowerPolicy(workload, workload instanceof Workload ? 'workload' : 'task', context));
    const large = findLarge(this.objects);
    refuseTooLarge(this.application.name, large);
    if (large.length > 0) this.fidelity.deviate(this.application.name, DEVIATIONS.largeObject);
    return inOrder(this.objects);
  }

  public lowerWorkload(workload: Workload): void {
    if (workload.name === 'kubernetes') this.fidelity.deviate(workload.node.path, DEVIATIONS.serverName);
    const provision = this.provide(workload);
    const { pods } = provision;
    this.publish(workload, provision);
    if (pods) {
      this.workloads.push(workload);
      this.objects.push(...lowerServices(workload, pods));
    }
    if (this.provisions.isProvided(workload)) return;
    this.note(workload);
    if (workload.restart === RestartPolicy.ON_FAILURE) this.fidelity.deviate(workload.node.path, DEVIATIONS.restartOnFailure);
    this.objects.push(...lowerWorkload(workload, this.context));
  }

  public lowerLoadBalancer(balancer: LoadBalancer): void {
    if (this.provide(balancer).manifests) return;
    const { workloads } = balancer;
    const [pods] = workloads.flatMap(workload => this.provisions.podsOf(workload) ?? []);
    if (pods && workloads.length > 1) this.fidelity.deviate(balancer.node.path, DEVIATIONS.balancedOperators);
    const services = lowerBalancer(balancer, this.publishing, pods);
    if (services.length === 0) this.fidelity.deviate(balancer.node.path, DEVIATIONS.balancedForward);
    this.objects.push(...services);
  }

  private get publishing(): PublishingContext {
    const { portPublishing: through = PortPublishing.LOAD_BALANCER, loadBalancerNodePorts: nodePorts = true, namespace } = this.props;
    return { through, nodePorts, namespace };
  }

  private publish(workload: Workload, { pods, entranceCommand }: Provision): void {
    const context = this.publishing;
    for (const port of exposedPorts(workload, context, entranceCommand)) this.fidelity.expose(port);
    if (entranceCommand !== undefined) return;
    this.objects.push(...lowerPublishing(workload, context, pods));
    for (const deviation of publishingDeviations(workload, context, pods)) this.fidelity.deviate(workload.node.path, deviation);
  }

  public lowerTask(task: Task): void {
    const { pods } = this.provide(task);
    if (pods) this.workloads.push(task);
    if (this.provisions.isProvided(task)) return;
    this.note(task);
    this.objects.push(lowerTask(task, this.context));
  }

  public lowerVolume(volume: Volume): void {
    if (this.provide(volume).manifests) return;
    const claim = lowerClaim(volume);
    if (claim) this.objects.push(claim);
  }

  public lowerConfigFile(file: ConfigFile): void {
    const { manifests, text } = this.provide(file);
    if (manifests) return;
    if (text === undefined && this.props.namespace === undefined && file.placeholders.includes('dnsSuffix')) this.fidelity.deviate(file.node.path, DEVIATIONS.dnsSuffix);
    this.objects.push(...this.configMapsOf(file));
  }

  public lowerSecret(secret: Secret): void {
    const provision = this.provide(secret);
    if (provision.manifests) return;
    this.fidelity.deviate(secret.node.path, DEVIATIONS.secretValue);
    this.secrets.add(secret, provision);
  }

  public lowerScaling(scaling: Scaling): void {
    if (!this.provide(scaling).manifests) this.fidelity.deviate(scaling.node.path, DEVIATIONS.scaling);
  }

  public lowerNetwork(network: Network): void {
    this.provide(network);
    this.networks.set(network, lowerPeers(network, this.provisions)); // which the policies of its members name
  }

  /** What is made in the place of a primitive, of which it is noted that it was lowered. */
  private provide(primitive: Primitive): Provision {
    const { path } = primitive.node;
    const provision = this.provisions.of(primitive);
    this.fidelity.add(path);
    for (const deviation of provision.deviations ?? []) this.fidelity.deviate(deviation.path ?? path, deviation);
    this.objects.push(...provision.manifests ?? []);
    return provision;
  }

  private get context(): PodContext {
    return {
      features: this.features,
      replicasSetByOthers: this.props.replicasSetByOthers ?? [],
      configMapsOf: file => this.configMapsOf(file),
      dnsSuffix: this.suffixIn(this.props.namespace ?? OWN_NAMESPACE),
      completionCheckOf: task => this.completionCheckOf(task),
    };
  }

  /** @throws if one of these is no workload, so that its replicas would be written all the same. */
  private requireWorkloads(names: string[]): void {
    const problems = new Problems(this.application.name);
    for (const name of names) {
      const found = this.workloads.some(workload => workload instanceof Workload && workload.name === name);
      problems.check(found, `'replicasSetByOthers' must have names of workloads, got '${name}'`);
    }
    problems.throwIfAny();
  }

  private completionCheckOf(task: Task): string[] | undefined {
    return this.provisions.of(task).completionCheck ?? task.completionCheck;
  }

  /** A text is written once, however many pods see it. */
  private configMapsOf(file: ConfigFile): Manifest[] {
    const known = this.configMaps.get(file) ?? lowerConfig(file.name, this.write(file), this.mountedFiles.has(file));
    this.configMaps.set(file, known);
    return known;
  }

  /** Config files of the chart that pods of the chart mount. */
  private get mountedFiles(): Set<ConfigFile> {
    this._mountedFiles ??= new Set(this.application.node.findAll()
      .filter(construct => construct instanceof WorkloadBase && !this.provisions.isProvided(construct))
      .flatMap(workload => (workload as WorkloadBase).containers.flatMap(({ configFiles }) => configFiles))
      .filter(file => !this.provisions.of(file).manifests));
    return this._mountedFiles;
  }

  private write(file: ConfigFile): string {
    return this.provisions.of(file).text ?? file.render({
      dnsResolver: this.props.dnsResolver ?? `kube-dns.kube-system.svc.${this.domain}`,
      dnsSuffix: this.suffixIn(`${this.props.namespace}`),
    });
  }

  private suffixIn(namespace: string): string {
    return `.${namespace}.svc.${this.domain}`;
  }

  private get domain(): string {
    return this.props.clusterDomain ?? 'cluster.local';
  }

  private note(workload: WorkloadBase): void {
    this.workloads.push(workload);
    const path = workload.node.path;
    if (workload.runningContainers.length > 1 || workload.main.stopSignal !== undefined) this.fidelity.deviate(path, DEVIATIONS.ownInit);
    if (workload.containers.some(({ stopSignal }) => stopSignal !== undefined)) this.fidelity.deviate(path, DEVIATIONS.stopSignal);
    if (workload.containers.some(({ buildContext }) => buildContext)) this.fidelity.deviate(path, DEVIATIONS.builtImage);
    for (const { privileges } of workload.containers) if (privileges) this.fidelity.deviate(path, DEVIATIONS.rootThenDrop, privileges.reason);
    for (const container of workload.runningContainers) {
      const { role, stopSignal, health } = container;
      if (health) this.fidelity.deviate(path, DEVIATIONS.startPeriod);
      if (stopSignal !== undefined && isNativeSidecar(container, this.features)) this.fidelity.deviate(path, DEVIATIONS.sidecarSignal);
      if (borrowsSleep(container, workload, this.features)) this.fidelity.deviate(path, DEVIATIONS.servesOn);
      if (role === ContainerRole.SIDECAR && !this.features.nativeSidecars) this.fidelity.deviate(path, DEVIATIONS.sidecarOrder);
      if (role === ContainerRole.COMPANION) this.fidelity.deviate(path, DEVIATIONS.startAfterMain);
    }
    if (workload.tasks.some(task => this.completionCheckOf(task) === undefined)) this.fidelity.deviate(path, DEVIATIONS.startAfterTask);
    if (workload.connections.some(edge => this.isUnnamed(edge))) this.fidelity.deviate(path, DEVIATIONS.unnamed);
    if (workload.connections.some(({ endpoint }) => this.isInCluster(endpoint))) this.fidelity.deviate(path, DEVIATIONS.inCluster);
    if (workload.connections.some(({ endpoint }) => endpoint.addresses.includes('0.0.0.0/0'))) this.fidelity.deviate(path, DEVIATIONS.externalName);
  }

  /** Whether the name of an endpoint outside the application is that of a Service. */
  private isInCluster({ workload, host }: Endpoint): boolean {
    return workload === undefined && (/\.svc$/.test(host) || host.endsWith(`.${this.domain}`));
  }

  /** Whether a provider gave nobody a name that a client connects to, or waits by. */
  private isUnnamed({ endpoint: { workload, host }, waits }: Connection): boolean {
    if (!workload || !this.provisions.isProvided(workload)) return false;
    const { hosts = {} } = this.provisions.podsOf(workload) ?? {};
    return [host, ...(waits && workload instanceof Workload ? workload.memberNames : [])].some(name => !hosts[name]);
  }

  private serviceAccount(): Manifest {
    const names = this.props.imagePullSecrets ?? [];
    return {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: this.application.name, labels: nameLabel(this.application.name) },
      automountServiceAccountToken: false,
      imagePullSecrets: names.length > 0 ? names.map(name => ({ name })) : undefined,
    };
  }
}

/** Kinds that the chart does not know keep the order in which they were given. */
function inOrder(objects: Manifest[]): Manifest[] {
  const kinds = new Set([...ORDER, ...objects.map(({ kind }) => kind).filter(kind => kind !== 'Job'), 'Job']);
  const ranks = new Map([...kinds].map((kind, rank) => [kind, rank]));
  const nameOf = ({ kind, metadata }: Manifest) => kind === 'Job' || ORDER.includes(kind) ? metadata.name : '';
  return objects.sort((a, b) => ranks.get(a.kind)! - ranks.get(b.kind)! || byText(nameOf(a), nameOf(b)));
}
