import { dirname, join } from 'path/posix';
import { checkOf } from './engine-check';
import type { Protocol } from '../../model/endpoint';
import { Volume } from '../../model/volume';
import { RestartPolicy } from '../../model/workload';
import type { TestOutput } from '../../test-output';
import type { ContainerFacts, IProgramFacts, IProgramReader, MountFacts, StorageFacts } from '../program-facts';

/** Reads a stack file as `docker stack deploy` and Swarm do. */
export class SwarmReader implements IProgramReader {
  public read({ document, files }: TestOutput): IProgramFacts {
    return new SwarmFacts(document, files);
  }
}

/** What a stack may have beside what the program declares. */
const ADDED = /^conduit-/;

class SwarmFacts implements IProgramFacts {
  /** Directory to which the stack file's paths are relative. */
  private readonly directory: string;

  public constructor(private readonly stack: any, private readonly files: Record<string, string>) {
    this.directory = dirname(Object.keys(files).find(path => path.endsWith('.yml'))!);
  }

  public container(workload: string, container = 'main', replica = 0): ContainerFacts {
    const services = this.servicesOf(workload);
    if (container !== 'main' || services.length === 0) throw new Error(`${workload} has no container ${container}`);
    const service = this.stack.services[services[replica] ?? services[0]];
    const { deploy } = service;
    const [uid, gid] = service.user.split(':').map(Number);
    const mounts = (service.volumes ?? []).filter(({ source }: any) => !ADDED.test(source));
    const memory = (mount: any) => mount.type === 'tmpfs' && !mount.read_only;
    return {
      image: service.image,
      command: service.entrypoint?.map(interpolate),
      args: service.command?.map(interpolate),
      env: Object.fromEntries(Object.entries<string>(service.environment ?? {}).map(([variable, value]) => [variable, expand(interpolate(value))])),
      uid,
      gid,
      readOnlyRoot: service.read_only === true,
      privileged: true, // nothing keeps a set-uid program from becoming root
      writablePaths: mounts.filter(memory).map(({ target }: any) => target).sort(),
      files: Object.fromEntries((service.configs ?? []).map(({ source, target }: any) =>
        [target, this.files[join(this.directory, this.stack.configs[source].file)]])),
      secrets: Object.fromEntries((service.secrets ?? []).map(({ source, target }: any) => [`/run/secrets/${target}`, source])),
      mounts: Object.fromEntries(mounts.map(({ type, source, target, read_only }: any): [string, MountFacts] =>
        [target, { storage: type === 'tmpfs' ? `${workload}.${replica}:${target}` : source, directory: '', readOnly: read_only ?? false }])),
      health: service.healthcheck?.test && checkOf(service.healthcheck, interpolate),
      resources: {
        cpuLimit: deploy.resources.limits.cpus && Number(deploy.resources.limits.cpus),
        cpuRequest: Number(deploy.resources.reservations.cpus),
        memoryLimit: mebibytesOf(deploy.resources.limits.memory),
        memoryRequest: mebibytesOf(deploy.resources.reservations.memory),
      },
      sharesGroup: gid === Volume.GID,
      stopSignal: service.stop_signal,
      stopSeconds: service.stop_grace_period && Number(service.stop_grace_period.replace('s', '')),
      restart: { 'any': RestartPolicy.ALWAYS, 'on-failure': RestartPolicy.ON_FAILURE }[deploy.restart_policy.condition as string],
      retries: deploy.restart_policy.max_attempts ?? (deploy.restart_policy.condition === 'none' ? 0 : undefined),
    };
  }

  public replicas(workload: string): number {
    return this.servicesOf(workload).reduce((sum, service) => sum + this.replicasOf(service), 0);
  }

  public sharesAddress(): boolean {
    return false;
  }

  public reaches(client: string, server: string): boolean {
    const [from, to] = [client, server].map(each => this.servicesOf(each).map(service => this.networksOf(service)));
    if (client === server) return this.membersMeet(client);
    return from.some(networks => to.some(others => networks.some(network => others.includes(network))));
  }

  /** Whether all members are on a network that no other workload is on. */
  private membersMeet(workload: string): boolean {
    const members = this.servicesOf(workload);
    const services = Object.keys(this.stack.services);
    const isOwn = (network: string) => services.every(service => members.includes(service) === this.networksOf(service).includes(network));
    return members.some(member => this.networksOf(member).some(isOwn));
  }

  public reachesExternal(client: string): boolean {
    return this.servicesOf(client).some(service => this.networksOf(service).some(network => !this.stack.networks[network].internal));
  }

  /** A node opens a port to everyone, and leads only to what has a way out. */
  public reachedFrom(_address: string, server: string, hostPort: number, protocol: Protocol | string = 'TCP'): boolean {
    return this.reachesExternal(server) && this.servicesOf(server).some(service => (this.stack.services[service].ports ?? [])
      .some((port: any) => port.published === hostPort && port.protocol === protocol.toLowerCase()));
  }

  public resolves(client: string, host: string): string[] {
    const networks = this.servicesOf(client).flatMap(service => this.networksOf(service));
    const found = Object.entries<any>(this.stack.services).filter(([name, service]) => networks.some(network =>
      this.networksOf(name).includes(network) && [name, ...service.networks[network]?.aliases ?? []].includes(host)));
    return found.flatMap(([name]) => this.replicasOf(name) === 1 ? [name] : Array.from({ length: this.replicasOf(name) }, (_, replica) => `${name}-${replica}`));
  }

  public storage(name: string): StorageFacts {
    return { persistent: this.stack.volumes?.[name] !== undefined };
  }

  private replicasOf(service: string): number {
    return this.stack.services[service].deploy.replicas ?? 1;
  }

  private networksOf(service: string): string[] {
    return Object.keys(this.stack.services[service].networks);
  }

  /** The one service of a workload, or those of its members. */
  private servicesOf(workload: string): string[] {
    if (this.stack.services[workload]) return [workload];
    return Object.keys(this.stack.services).filter(name => new RegExp(`^${workload}-\\d+$`).test(name) && this.stack.services[name].hostname === name);
  }
}

function mebibytesOf(memory: string): number {
  return Number(/^(\d+)M$/.exec(memory)![1]);
}

/** What `docker stack deploy` makes of a text: `$$` is a dollar, and any other dollar is refused. */
function interpolate(text: string): string {
  return text.replace(/\$\$?/g, match => {
    if (match === '$') throw new Error(`docker stack deploy would fill in a variable in '${text}'`);
    return '$';
  });
}

/** What Swarm makes of a variable: between doubled braces stands a template, of which one is known here. */
function expand(text: string): string {
  return text.replace(/\{\{(.*?)\}\}/g, (template, inner) => {
    if (inner !== '"{{"') throw new Error(`Swarm would fill in '${template}' in '${text}'`);
    return '{{';
  });
}
