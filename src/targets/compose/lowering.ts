import type { Application } from '../../model/application';
import type { ConfigFile } from '../../model/config-file';
import { ContainerRole } from '../../model/container';
import type { Endpoint } from '../../model/endpoint';
import { ExposureKind } from '../../model/exposure';
import type { LoadBalancer } from '../../model/load-balancer';
import type { ILowering } from '../../model/lowering';
import type { Network } from '../../model/network';
import type { Scaling } from '../../model/scaling';
import type { Secret } from '../../model/secret';
import { Task } from '../../model/task';
import { Volume, VolumePlacement } from '../../model/volume';
import type { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { byText } from '../../private/names';
import { configName, renderConfig } from '../config';
import { FidelityReport } from '../fidelity';
import { needsTools } from '../health';
import { lowerManifest, SecretsManifest } from '../secrets-manifest';
import { TOOLS_IMAGE } from '../tools';
import { Builds } from './builds';
import { COMPOSE, COMPOSE_DEVIATIONS as DEVIATIONS } from './deviations';
import { HostPorts, isRelayed, sourcesOf } from './host-ports';
import { Networks } from './networks';
import { lowerRelay } from './relays';
import { lowerServices, lowerTasksEnd } from './services';
import type { ComposeSpecification, Config, Secret as SecretEntry, Service } from './specification.generated';
import { defaultBlock } from './subnets';
import { hasOwner, needsSets } from './units';
import { SETUP_SERVICE, Volumes } from './volumes';

/** A Compose file with what `cdk8s-conduit secrets` reads. */
export type ComposeDocument = ComposeSpecification & { 'x-conduit'?: SecretsManifest };

/** Options that decide what is generated. */
export interface ComposeOptions {
  readonly projectName: string;
  readonly networkBlock?: string;
  readonly secretsDirectory: string;
  /** Absolute path of the project's directory. */
  readonly directory: string;
  /** Endpoints that are opened to this machine, whatever the application says. */
  readonly publish: Endpoint[];
}

/** Turns a checked application into a Compose file and the files beside it. */
export class ComposeLowering implements ILowering {
  public readonly fidelity: FidelityReport;
  /** Texts of the files beside the Compose file, by relative path. */
  public readonly files = new Map<string, string>();

  private readonly networks = new Networks();
  private readonly volumes = new Volumes();
  private readonly hostPorts: HostPorts;
  private readonly runnables: WorkloadBase[] = [];
  private readonly configs: Record<string, Config> = Object.create(null);
  private readonly secrets: Secret[] = [];

  public constructor(private readonly application: Application, private readonly options: ComposeOptions) {
    this.fidelity = new FidelityReport(COMPOSE, application);
    this.hostPorts = new HostPorts(options.publish);
  }

  /** The whole Compose file. */
  public finish(): ComposeDocument {
    this.fidelity.throwIfRefused();
    this.hostPorts.throwIfTaken(this.application.name);
    for (const port of this.hostPorts.exposed) this.fidelity.expose(port);
    for (const { node } of this.application.externalClients) this.fidelity.add(node.path);
    for (const workload of this.runnables) this.networks.addMembers(workload);
    for (const edge of this.application.connections) this.networks.addEdge(edge);
    for (const { workload, ipv6 } of this.hostPorts.entrances) this.networks.addEntrance(workload, ipv6);
    const { relays } = this.hostPorts;
    for (const relay of relays) this.networks.addRelay(relay);
    const networks = this.networks.lower(this.options.projectName, this.options.networkBlock ?? defaultBlock(this.options.projectName));
    const builds = new Builds(this.options.directory, this.runnables);
    const context = { networks: this.networks, hostPorts: this.hostPorts, volumes: this.volumes, builds };
    const found = this.runnables.flatMap(workload => lowerServices(workload, context));
    for (const relay of relays.map(each => lowerRelay(each, networks, context))) {
      found.push([relay.name, relay.service]);
      this.addConfig(relay.name, relay.configuration);
    }
    const tools = this.application.images.resolve(TOOLS_IMAGE);
    const setup = this.volumes.lowerSetup(tools);
    if (setup) found.push([SETUP_SERVICE, setup]);
    found.push(...builds.lower(), ...lowerTasksEnd(this.runnables.filter(runnable => runnable instanceof Task), tools));
    const services: Record<string, Service> = Object.create(null);
    for (const [name, service] of found.sort(([a], [b]) => byText(a, b))) services[name] = service;
    return {
      name: this.options.projectName,
      services,
      networks: orNone(networks),
      volumes: this.volumes.entries,
      configs: orNone(this.configs),
      ...this.lowerSecrets(),
    };
  }

  public lowerWorkload(workload: Workload): void {
    this.note(workload);
    if (workload.ports.length > 0) this.fidelity.deviate(workload.node.path, DEVIATIONS.srvRecords);
    if (workload.replicas > 1 && needsSets(workload) && !workload.stable) this.fidelity.deviate(workload.node.path, DEVIATIONS.replicaSets);
    this.noteHostPorts(workload);
    const inits = workload.containers.some(container => container.role === ContainerRole.INIT);
    if (inits && workload.replicas > 1 && !needsSets(workload) && !workload.stable) this.fidelity.deviate(workload.node.path, DEVIATIONS.initOnce);
  }

  public lowerTask(task: Task): void {
    this.note(task);
    if (task.completionCheck) this.fidelity.deviate(task.node.path, DEVIATIONS.completionCheck);
  }

  public lowerVolume(volume: Volume): void {
    const scratch = volume.placement === VolumePlacement.SCRATCH;
    this.fidelity.deviate(volume.node.path, DEVIATIONS.storage);
    if (scratch) this.fidelity.deviate(volume.node.path, DEVIATIONS.scratchStays);
  }

  public lowerConfigFile(file: ConfigFile): void {
    this.fidelity.add(file.node.path);
    this.addConfig(file.name, renderConfig(file));
  }

  public lowerSecret(secret: Secret): void {
    this.fidelity.add(secret.node.path);
    this.secrets.push(secret);
  }

  public lowerScaling(scaling: Scaling): void {
    this.fidelity.deviate(scaling.node.path, DEVIATIONS.scaling);
  }

  public lowerNetwork(network: Network): void {
    this.fidelity.deviate(network.node.path, DEVIATIONS.networkPorts);
    this.networks.addDeclared(network);
  }

  /** What it is made of follows from the ports of the workloads behind it. */
  public lowerLoadBalancer(balancer: LoadBalancer): void {
    this.fidelity.deviate(balancer.node.path, DEVIATIONS.balancer);
  }

  private lowerSecrets(): Pick<ComposeDocument, 'secrets' | 'x-conduit'> {
    const manifest = lowerManifest(this.application, this.runnables, this.secrets, this.options.secretsDirectory);
    if (!manifest) return {};
    const entries: Record<string, SecretEntry> = Object.create(null);
    this.secrets.forEach(({ name }, index) => {
      const { file } = manifest.secrets[index];
      entries[name] = { file: file.startsWith('/') || file.startsWith('.') ? file : `./${file}` };
    });
    return { 'secrets': orNone(entries), 'x-conduit': manifest };
  }

  private noteHostPorts(workload: Workload): void {
    const { path } = workload.node;
    const ports = this.hostPorts.add(workload);
    const relayed = ports.filter(isRelayed);
    if (ports.length > relayed.length) {
      this.fidelity.deviate(path, DEVIATIONS.clientAddress);
      if (workload.connections.every(({ endpoint }) => endpoint.workload)) this.fidelity.deviate(path, DEVIATIONS.entrance);
    }
    const own = relayed.filter(({ balancer }) => !balancer);
    if (own.length > 0) this.fidelity.deviate(path, DEVIATIONS.relay);
    if (relayed.some(({ proxyProtocolPort }) => proxyProtocolPort === undefined)) this.fidelity.deviate(path, DEVIATIONS.relayAddress);
    const mixed = relayed.filter(({ exposures }) => exposures.some(({ kind }) => kind !== ExposureKind.SOURCES));
    if (mixed.some(port => sourcesOf([port]))) this.fidelity.deviate(path, DEVIATIONS.sourcesAndOthers);
    if (ports.length > relayed.length) this.fidelity.deviate(path, DEVIATIONS.publishedChange);
    if (workload.replicas > 1 && ports.some(port => !isRelayed(port) && port.member === undefined)) this.fidelity.deviate(path, DEVIATIONS.publishedReplicas);
  }

  private addConfig(name: string, text: string): void {
    const path = `configs/${name}`;
    this.files.set(path, text);
    this.configs[configName(name, text)] = { file: `./${path}` };
  }

  private note(workload: WorkloadBase): void {
    this.runnables.push(workload);
    const path = workload.node.path;
    if (workload.name.startsWith('x-')) this.fidelity.deviate(path, DEVIATIONS.extensionName);
    if (hasOwner(workload)) this.fidelity.deviate(path, DEVIATIONS.engineRestart);
    this.fidelity.deviate(path, DEVIATIONS.requests);
    for (const { endpoint } of workload.connections) {
      this.fidelity.deviate(path, endpoint.workload ? DEVIATIONS.pairNetwork : DEVIATIONS.wayOut);
      if (endpoint.workload) this.fidelity.deviate(endpoint.workload.node.path, DEVIATIONS.pairNetwork);
    }
    for (const container of workload.containers) {
      if (needsTools(container)) this.fidelity.deviate(path, DEVIATIONS.toolHealth);
      if (container.privileges) this.fidelity.deviate(path, DEVIATIONS.rootThenDrop, container.privileges.reason);
      if (container.writablePaths.length > 0) this.fidelity.deviate(path, DEVIATIONS.writableInMemory);
      if (Object.values(container.env).some(value => value.parts.some(part => part.secretValue))) this.fidelity.deviate(path, DEVIATIONS.secretVariable);
    }
  }
}

function orNone<T>(entries: Record<string, T>): Record<string, T> | undefined {
  for (const _ in entries) return entries;
  return undefined;
}
