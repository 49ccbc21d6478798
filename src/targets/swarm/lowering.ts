import { configName, isKept, lowerResources, orNone } from './container';
import { SWARM, SWARM_DEVIATIONS as DEVIATIONS } from './deviations';
import { fits } from './names';
import { Networks } from './networks';
import type { StackOptions } from './options';
import { Publishing } from './publishing';
import { isChecked, lowerJob, lowerServices, StackContext } from './services';
import type { Stack, StackService } from './stack-file';
import { Storage } from './storage';
import type { Application } from '../../model/application';
import type { ConfigFile } from '../../model/config-file';
import { ContainerRole } from '../../model/container';
import { ExposureKind } from '../../model/exposure';
import type { LoadBalancer } from '../../model/load-balancer';
import type { ILowering } from '../../model/lowering';
import type { Network } from '../../model/network';
import type { Scaling } from '../../model/scaling';
import type { Secret } from '../../model/secret';
import type { Task } from '../../model/task';
import type { Volume } from '../../model/volume';
import type { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { byText } from '../../private/names';
import { Problems } from '../../private/problems';
import { renderConfig } from '../config';
import { FidelityReport } from '../fidelity';
import { needsTools } from '../health';
import { secretVariable } from '../secret-variable';
import { lowerManifest } from '../secrets-manifest';
import { TOOLS_IMAGE } from '../tools';

/** A config of Swarm has fewer bytes. */
const CONFIG_BYTES = 1_024_000;

/** Turns a checked application into a stack file and the files beside it. */
export class SwarmLowering implements ILowering {
  public readonly fidelity: FidelityReport;
  /** Texts of the files beside the stack file, by relative path. */
  public readonly files = new Map<string, string>();

  private readonly context: StackContext;
  private readonly workloads: Workload[] = [];
  private readonly tasks: Task[] = [];
  private readonly secrets: Secret[] = [];
  private readonly configs: [string, { file: string }][] = [];

  public constructor(private readonly application: Application, private readonly options: StackOptions) {
    this.fidelity = new FidelityReport(SWARM, application);
    this.context = { options, networks: new Networks(options.stackName), publishing: new Publishing(options), storage: new Storage(options) };
  }

  /** The whole stack file. */
  public finish(): Stack {
    const { networks, publishing, storage } = this.context;
    for (const { node } of this.application.externalClients) this.fidelity.add(node.path);
    for (const edge of this.application.connections) networks.addEdge(edge);
    for (const workload of [...this.workloads, ...this.tasks]) networks.addLonely(workload);
    for (const { node } of networks.tooMany) this.fidelity.deviate(node.path, DEVIATIONS.manyReplicas);
    this.fidelity.throwIfRefused();
    publishing.throwIfTaken(this.application.name);
    const services = [
      ...this.workloads.flatMap(workload => lowerServices(workload, this.context)),
      ...this.tasks.map((task): [string, StackService] => [task.name, lowerJob(task, this.context)]),
    ];
    const setup = storage.lowerSetup(this.application.images.resolve(TOOLS_IMAGE));
    services.push(...setup);
    this.requireNames(services.map(([name]) => name));
    return {
      'version': '3.13',
      'services': Object.fromEntries(services.sort(([a], [b]) => byText(a, b))),
      'networks': networks.lower(this.options.encrypted, setup.length > 0),
      'volumes': storage.entries,
      'configs': orNone(this.configs.sort(([a], [b]) => byText(a, b))),
      'secrets': orNone(this.secrets.map(({ name }) => [name, { external: true as const, name: nameOfSecret(name) }])),
      'x-conduit': this.lowerManifest(),
    };
  }

  public lowerWorkload(workload: Workload): void {
    const { path } = workload.node;
    const { networks, publishing } = this.context;
    this.workloads.push(workload);
    this.note(workload);
    publishing.add(workload, this.fidelity);
    networks.addMembers(workload);
    const isLocal = workload.publishedPorts.some(({ exposures }) => exposures.some(({ kind }) => kind === ExposureKind.THIS_MACHINE));
    if (publishing.isOpen(workload) || isLocal) networks.addEntrance(workload, publishing.isOpen(workload));
    if (workload.ports.length > 0) this.fidelity.deviate(path, DEVIATIONS.srvRecords);
    if (workload.memberNames.length > 1) this.fidelity.deviate(path, DEVIATIONS.memberChange);
    if (workload.main.health) this.fidelity.deviate(path, isChecked(workload) ? DEVIATIONS.unhealthy : DEVIATIONS.memberHealth);
    if (isChecked(workload) && needsTools(workload.main)) this.fidelity.deviate(path, DEVIATIONS.toolHealth);
  }

  public lowerTask(task: Task): void {
    this.tasks.push(task);
    this.note(task);
    this.fidelity.deviate(task.node.path, DEVIATIONS.taskAgain);
    if (task.completionCheck) this.fidelity.deviate(task.node.path, DEVIATIONS.completionCheck);
  }

  public lowerVolume(volume: Volume): void {
    const { path } = volume.node;
    this.fidelity.deviate(path, isKept(volume) ? DEVIATIONS.storage : DEVIATIONS.scratchInMemory);
    if (isKept(volume)) this.fidelity.deviate(path, DEVIATIONS.storageNode);
    for (const { container, subdirectory } of volume.mounts) {
      if (isKept(volume)) this.fidelity.deviate(container.workload.node.path, DEVIATIONS.volumeGroup);
      if (subdirectory === undefined) continue;
      for (const construct of [volume, container.workload]) this.fidelity.deviate(construct.node.path, DEVIATIONS.subdirectory);
    }
  }

  public lowerConfigFile(file: ConfigFile): void {
    const text = renderConfig(file);
    this.fidelity.add(file.node.path);
    if (text === '') this.fidelity.deviate(file.node.path, DEVIATIONS.emptyConfig);
    if (Buffer.byteLength(text) >= CONFIG_BYTES) this.fidelity.deviate(file.node.path, DEVIATIONS.configSize);
    this.files.set(`configs/${file.name}`, text || '\n');
    this.configs.push([configName(this.options.stackName, file), { file: `./configs/${file.name}` }]);
  }

  public lowerSecret(secret: Secret): void {
    this.secrets.push(secret);
    this.fidelity.deviate(secret.node.path, DEVIATIONS.secretName);
  }

  public lowerScaling(scaling: Scaling): void {
    this.fidelity.deviate(scaling.node.path, DEVIATIONS.scaling);
  }

  public lowerNetwork(network: Network): void {
    this.fidelity.deviate(network.node.path, DEVIATIONS.networkPorts);
    this.context.networks.addDeclared(network);
  }

  /** What it is made of are ports of the workloads behind it. */
  public lowerLoadBalancer(balancer: LoadBalancer): void {
    this.fidelity.deviate(balancer.node.path, DEVIATIONS.balancer);
  }

  private lowerManifest(): Stack['x-conduit'] {
    const { nodeLabels } = this.context.storage;
    const manifest = lowerManifest(this.application, [...this.workloads, ...this.tasks], this.secrets, this.options.secretsDirectory) ?? { secrets: [] };
    if (manifest.secrets.length + (manifest.clients ?? []).length + nodeLabels.length === 0) return undefined;
    return { stack: this.options.stackName, ...manifest, ...nodeLabels.length > 0 ? { nodeLabels } : {} };
  }

  private requireNames(services: string[]): void {
    const problems = new Problems(this.application.name);
    const long = services.filter(name => !fits(this.options.stackName, name));
    problems.check(long.length === 0, 'a service of Swarm has a name of at most 63 characters, with that of the stack and \'_\' before it, '
      + `which '${this.options.stackName}' leaves no room for: ${long.map(name => `'${name}'`).join(', ')}; give the stack a shorter 'stackName', or them shorter names`);
    problems.throwIfAny();
  }

  private note(workload: WorkloadBase): void {
    const { path } = workload.node;
    const { containers, runningContainers, main } = workload;
    this.fidelity.deviate(path, DEVIATIONS.newPrivileges);
    this.fidelity.deviate(path, DEVIATIONS.diskLimit);
    if (runningContainers.length > 1) this.fidelity.deviate(path, DEVIATIONS.severalContainers);
    if (containers.some(({ role }) => role === ContainerRole.INIT)) this.fidelity.deviate(path, DEVIATIONS.initContainer);
    if (workload.startsAfter.length > 0) this.fidelity.deviate(path, DEVIATIONS.waiting);
    for (const { endpoint } of workload.connections) {
      this.fidelity.deviate(path, endpoint.workload ? DEVIATIONS.pairNetwork : DEVIATIONS.wayOut);
      if (endpoint.workload) this.fidelity.deviate(endpoint.workload.node.path, DEVIATIONS.pairNetwork);
    }
    if (main.privileges) this.fidelity.deviate(path, DEVIATIONS.rootThenDrop, main.privileges.reason);
    if (main.writablePaths.length > 0) this.fidelity.deviate(path, DEVIATIONS.writableInMemory);
    if (main.buildContext) this.fidelity.deviate(path, DEVIATIONS.builtImage);
    if (Number(lowerResources(main.resources).limits.cpus ?? 0) > 1) this.fidelity.deviate(path, DEVIATIONS.processors);
    if (Object.values(main.env).some(value => value.parts.some(part => part.secretValue))) this.fidelity.deviate(path, DEVIATIONS.secretVariable);
  }
}

/** The name is known once the value is. A hyphen in the message would be taken for the beginning of another value. */
function nameOfSecret(name: string): string {
  return `\${${secretVariable(name)}?make the secrets of this directory first, and read its .env}`;
}
