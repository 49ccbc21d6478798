import { dirname, join } from 'path/posix';
import { containerOf, namesOn, networksOf, ownerOf, relaysOf, serviceOf, unitsOf } from './compose-networks';
import { checkOf } from './engine-check';
import { contains } from './network-policy';
import { Protocol } from '../../model/endpoint';
import { Volume } from '../../model/volume';
import { RestartPolicy } from '../../model/workload';
import type { TestOutput } from '../../test-output';
import type { ContainerFacts, IProgramFacts, IProgramReader, MountFacts, StorageFacts } from '../program-facts';

/** Reads a Compose file as Compose and the engine do. */
export class ComposeReader implements IProgramReader {
  public read({ document, files }: TestOutput): IProgramFacts {
    return new ComposeFacts(document, files);
  }
}

class ComposeFacts implements IProgramFacts {
  /** Directory to which the Compose file's paths are relative. */
  private readonly directory: string;

  public constructor(private readonly compose: any, private readonly files: Record<string, string>) {
    this.directory = dirname(Object.keys(files).find(path => path.endsWith('.yml'))!);
  }

  public container(workload: string, container = 'main', replica = 0): ContainerFacts {
    const name = serviceOf(this.compose, workload, container, replica);
    const service = this.compose.services[name];
    const init = service.restart === 'no';
    const [uid, gid] = service.user.split(':').map(Number);
    return {
      image: service.image,
      command: service.entrypoint?.map((word: string) => this.interpolate(word)),
      args: service.command?.map((word: string) => this.interpolate(word)),
      env: Object.fromEntries(Object.entries<string>(service.environment ?? {}).map(([variable, value]) => [variable, this.interpolate(value)])),
      uid,
      gid,
      readOnlyRoot: service.read_only === true,
      privileged: !service.cap_drop?.includes('ALL') || service.cap_add !== undefined || !service.security_opt?.includes('no-new-privileges:true') || service.privileged === true,
      writablePaths: (service.tmpfs ?? []).map((mount: string) => mount.split(':')[0]),
      files: Object.fromEntries((service.configs ?? []).map(({ source, target }: any) =>
        [target, this.files[join(this.directory, this.compose.configs[source].file)]])),
      secrets: Object.fromEntries((service.secrets ?? []).map((secret: string) => [`/run/secrets/${secret}`, secret])),
      mounts: Object.fromEntries((service.volumes ?? []).filter(({ source }: any) => source !== 'conduit-tools')
        .map(({ source, target, read_only, volume }: any): [string, MountFacts] => [target, { storage: source, directory: volume.subpath ?? '', readOnly: read_only ?? false }])),
      health: service.healthcheck && checkOf(service.healthcheck, text => this.interpolate(text)),
      resources: {
        cpuLimit: service.cpu_quota && service.cpu_quota / service.cpu_period,
        memoryLimit: Number(/^(\d+)M$/.exec(service.deploy.resources.limits.memory)![1]),
        memoryRequest: Number(/^(\d+)M$/.exec(service.deploy.resources.reservations.memory)![1]),
      },
      sharesGroup: service.group_add?.includes(String(Volume.GID)) ?? false,
      stopSignal: service.stop_signal,
      stopSeconds: service.stop_grace_period && Number(service.stop_grace_period.replace('s', '')),
      restart: init ? undefined : service.restart.startsWith('on-failure') ? RestartPolicy.ON_FAILURE : RestartPolicy.ALWAYS,
      retries: /^on-failure:(\d+)$/.exec(service.restart) ? Number(service.restart.split(':')[1]) : init ? 0 : undefined,
      startsAfter: this.startsAfter(service),
    };
  }

  public replicas(workload: string): number {
    return unitsOf(this.compose, workload).reduce((sum, unit) => sum + (this.compose.services[unit].deploy?.replicas ?? 1), 0);
  }

  public sharesAddress(workload: string, a: string, b: string): boolean {
    const [first, second] = [a, b].map(container => ownerOf(this.compose, serviceOf(this.compose, workload, container, 0)));
    return first === second;
  }

  public reaches(client: string, server: string): boolean {
    if (client === server) return this.membersMeet(client);
    const networks = new Set(unitsOf(this.compose, server).flatMap(unit => networksOf(this.compose, unit)));
    return unitsOf(this.compose, client).some(unit => networksOf(this.compose, unit).some(network => networks.has(network)));
  }

  /** Whether all units of a workload are on a network that no other workload is on. */
  private membersMeet(workload: string): boolean {
    const units = unitsOf(this.compose, workload);
    const others = Object.keys(this.compose.services).filter(service => !units.includes(ownerOf(this.compose, service)));
    const isOwn = (network: string) => others.every(service => !networksOf(this.compose, service).includes(network));
    return networksOf(this.compose, units[0]).some(network => isOwn(network) && units.every(unit => networksOf(this.compose, unit).includes(network)));
  }

  public reachesExternal(client: string): boolean {
    return unitsOf(this.compose, client).some(unit => networksOf(this.compose, unit).some(network => this.leadsOut(network)));
  }

  /** Whether the engine sends on what leaves the network, under an address that is answered. */
  private leadsOut(network: string): boolean {
    const { internal, driver_opts } = this.compose.networks[network];
    return !internal && driver_opts?.['com.docker.network.bridge.enable_ip_masquerade'] !== 'false';
  }

  /** An engine publishes the ports of a container that is on a network which is not internal, and of no other. */
  public reachedFrom(address: string, server: string, hostPort: number, protocol = Protocol.TCP): boolean {
    const relays = relaysOf(this.compose, server);
    const open = [...unitsOf(this.compose, server), ...relays]
      .filter(each => networksOf(this.compose, each).some(network => !this.compose.networks[network].internal));
    return open.some(each => (this.compose.services[each].ports ?? []).some(({ published, host_ip, protocol: own, target }: any) =>
      published === `${hostPort}` && own === protocol.toLowerCase() && (host_ip === '0.0.0.0' || (host_ip === '127.0.0.1' && address === '127.0.0.1'))
      && (!relays.includes(each) || this.letsIn(each, server, target, address))));
  }

  /** What a relay's configuration says of a port. The part of it that listens there leads to the workload, and lets in everyone, or ranges alone. */
  private letsIn(relay: string, server: string, port: number, address: string): boolean {
    const [{ source }] = this.compose.services[relay].configs;
    const text = this.files[join(this.directory, this.compose.configs[source].file)];
    const parts = text.split(/^(?:listen|\s*upstream) .*$/m);
    const part = parts.find(each => each.includes(`0.0.0.0:${port}`)) ?? '';
    if (!new RegExp(`^\\s*server.* ${server}(?:\\.[a-z0-9-]+)?:\\d+\\b`, 'm').test(part)) return false;
    const closed = /^\s*deny all;$/m.test(part) || /^\s*tcp-request content reject unless sources$/m.test(part);
    return !closed || [...part.matchAll(/^\s*(?:allow|acl sources src) ([\d.]+\/\d+);?$/gm)].some(([, range]) => contains(range, address));
  }

  public resolves(client: string, host: string): string[] {
    const networks = unitsOf(this.compose, client).flatMap(unit => networksOf(this.compose, unit));
    const isOn = (name: string, network: string) => this.compose.services[name].networks?.[network] !== undefined;
    return Object.entries<any>(this.compose.services)
      .filter(([name]) => networks.some(network => isOn(name, network) && namesOn(this.compose, name, network).includes(host)))
      .flatMap(([name, service]) => Array.from({ length: service.deploy?.replicas ?? 1 }, (_, replica) => service.deploy?.replicas ? `${name}-${replica}` : name));
  }

  public storage(name: string): StorageFacts {
    // only `down --volumes` removes a named volume
    return { persistent: this.compose.volumes[name] !== undefined };
  }

  private startsAfter(service: any): string[] {
    const words: Record<string, string> = { service_healthy: 'healthy', service_completed_successfully: 'completed' };
    return Object.entries<any>(service.depends_on ?? {}).filter(([name, { condition }]) => name !== 'conduit-setup' && words[condition])
      .map(([name, { condition }]) => `${this.workloadOf(name)}/${containerOf(name)} ${words[condition]}`);
  }

  private workloadOf(service: string): string {
    const unit = service.split('_')[0];
    return this.compose.services[unit]?.hostname === unit ? unit.replace(/-\d+$/, '') : unit;
  }

  /** What Compose makes of a text: `$$` is a dollar, `${NAME…}` a variable, and any other dollar is refused. */
  private interpolate(text: string): string {
    return text.replace(/\$(?:\$|\{(\w+)[^}]*\})?/g, (match, name) => {
      const secret = name && this.compose['x-conduit']?.secrets.find((each: any) => each.variable === name);
      if (secret) return `secret:${secret.name}`;
      if (match !== '$$') throw new Error(`Compose would interpolate '${match}' in '${text}'`);
      return '$';
    });
  }
}
