import type { ServicePorts } from './specification.generated';
import type { Unit } from './units';
import { Endpoint, Protocol } from '../../model/endpoint';
import { Exposure, ExposureKind } from '../../model/exposure';
import type { LoadBalancer } from '../../model/load-balancer';
import type { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { isLoopback } from '../../private/addresses';
import { byText } from '../../private/names';
import { Problems } from '../../private/problems';
import { exposedPort, ExposedPort } from '../exposed';

/** A port of the host that leads to a workload. */
export interface HostPort {
  readonly endpoint: Endpoint;
  /** Name of the member that it leads to; undefined where it leads to all replicas. */
  readonly member?: string;
  readonly number: number;
  readonly exposures: Exposure[];
  /** Whether the program itself refuses whoever may not come. */
  readonly checksSources: boolean;
  /** Where clients find it, if that was said. */
  readonly publicUrl?: string;
  /** What clients come through, if they do not come to the workload. */
  readonly balancer?: LoadBalancer;
  /** Where the program takes the same clients with PROXY protocol, if anywhere. */
  readonly proxyProtocolPort?: number;
}

/** Ports of a protocol behind one service of the project, which takes what comes to the host. */
export interface Relay {
  /** The load balancer, or the workload whose ports only some may come to. */
  readonly owner: WorkloadBase | LoadBalancer;
  readonly protocol: Protocol;
  readonly ports: HostPort[];
}

/** Workloads that are reached from outside in some way, and whether by IPv6, too. */
interface Entrance {
  readonly workload: WorkloadBase;
  readonly ipv6: boolean;
}

/** An address of the host, and the port of it that somebody wants. */
interface Claim {
  readonly path: string;
  readonly portName: string;
  readonly address: string;
  readonly balancer?: LoadBalancer;
}

/** The ports of the host that a project takes. */
export class HostPorts {
  private readonly byWorkload = new Map<WorkloadBase, HostPort[]>();

  /** @param opened endpoints that the project opens to this machine, whatever the application says */
  public constructor(private readonly opened: Endpoint[]) {}

  /** Notes what leads to the workload. */
  public add(workload: Workload): HostPort[] {
    const opened = new Map(this.opened.filter(endpoint => endpoint.workload === workload).map(endpoint => [endpoint.portName, endpoint]));
    const ports = workload.publishedPorts.flatMap((published): HostPort[] => {
      const { exposures: own, checksSources, balancer, proxyProtocolEndpoint } = published;
      const more = opened.delete(published.endpoint.portName) && !own.some(({ kind }) => kind === ExposureKind.THIS_MACHINE) ? [Exposure.thisMachine()] : [];
      const common = { exposures: [...own, ...more], checksSources, balancer, proxyProtocolPort: proxyProtocolEndpoint?.port };
      return published.entrances.map(({ endpoint, member, hostPort: number, publicEndpoint }) =>
        ({ ...common, endpoint, member, number, publicUrl: publicEndpoint?.url }));
    });
    for (const endpoint of opened.values()) ports.push({ endpoint, number: endpoint.port, exposures: [Exposure.thisMachine()], checksSources: false });
    if (ports.length > 0) this.byWorkload.set(workload, ports);
    return ports;
  }

  /** Workloads that are reached from outside as they are. */
  public get entrances(): Entrance[] {
    return [...this.byWorkload].map(([workload, ports]) => ({ workload, open: ports.filter(port => !isRelayed(port)) })).filter(({ open }) => open.length > 0)
      .map(({ workload, open }) => ({ workload, ipv6: open.some(comesByIPv6) }));
  }

  /** What stands in front of workloads, in the order of names and protocols. */
  public get relays(): Relay[] {
    const ports = [...this.byWorkload.values()].flat().filter(isRelayed);
    const owners = [...new Set(ports.map(ownerOf))].sort((a, b) => byText(a.name, b.name));
    const portsOf = (owner: Relay['owner'], protocol: Protocol) => ports.filter(port => ownerOf(port) === owner && port.endpoint.protocol === protocol);
    return owners.flatMap(owner => Object.values(Protocol).map(protocol => ({ owner, protocol, ports: portsOf(owner, protocol) })))
      .filter(relay => relay.ports.length > 0);
  }

  /** Entries of the service that has the address of a unit; undefined if there is none. */
  public portsOf({ workload, service }: Unit): ServicePorts[] | undefined {
    const ports = this.byWorkload.get(workload)?.filter(port => !isRelayed(port) && (port.member ?? service) === service) ?? [];
    return ports.length === 0 ? undefined : ports.flatMap(port => entriesOf(port, port.endpoint.port));
  }

  /** All ways in. */
  public get exposed(): ExposedPort[] {
    return [...this.byWorkload.values()].flat().flatMap(port =>
      port.exposures.map(exposure => ({ ...exposedPort(port, exposure), url: urlOf(port, exposure) })));
  }

  /** @throws if two want one port of the host. */
  public throwIfTaken(application: string): void {
    const claims = new Map<string, Claim[]>();
    const problems = new Problems(application);
    for (const port of [...this.byWorkload.values()].flat()) {
      const { balancer, endpoint: { portName, protocol, workload } } = port;
      const key = `${protocol} port ${port.number}`;
      const others = claims.get(key) ?? [];
      claims.set(key, others);
      for (const address of addressesOf(port)) {
        const taken = others.find(other => overlap(other.address, address) && !(balancer && other.balancer === balancer));
        problems.check(!taken, `${workload!.node.path} and ${taken?.path} both want ${key} of the host, for '${portName}' and '${taken?.portName}'; give one of them another 'hostPort'`);
        others.push({ path: workload!.node.path, portName, address, balancer });
      }
    }
    problems.throwIfAny();
  }
}

/** Whether clients come by a load balancer, or not everyone may come, and the program itself lets in whatever comes, as the engine does. */
export function isRelayed(port: HostPort): boolean {
  return port.balancer !== undefined || (!port.checksSources && sourcesOf([port]) !== undefined);
}

/** Ranges whose clients may come; undefined where everyone may. */
export function sourcesOf(ports: HostPort[]): string[] | undefined {
  const exposures = ports.flatMap(port => port.exposures);
  const some = exposures.some(({ kind }) => kind === ExposureKind.SOURCES) && exposures.every(({ kind }) => kind !== ExposureKind.EVERYONE);
  return some ? [...new Set(exposures.flatMap(({ sourceRanges }) => sourceRanges))] : undefined;
}

/** The host's own loopback address needs no IPv6 within. */
export function comesByIPv6(port: HostPort): boolean {
  return addressesOf(port).some(address => address.includes(':') && !isLoopback(address));
}

/** Whether clients come by IPv4, as those of the host's own loopback address do. */
export function comesByIPv4(port: HostPort): boolean {
  return addressesOf(port).some(address => !address.includes(':') || isLoopback(address));
}

function ownerOf({ balancer, endpoint }: HostPort): Relay['owner'] {
  return balancer ?? endpoint.workload!;
}

/** Entries of a service that listens on `target` for a port of the host. */
export function entriesOf(port: HostPort, target: number): ServicePorts[] {
  return addressesOf(port).map(address => ({ target, published: `${port.number}`, host_ip: address, protocol: port.endpoint.protocol.toLowerCase() }));
}

/** All addresses of the host include each of them. */
function addressesOf({ exposures }: HostPort): string[] {
  const addresses = [...new Set(exposures.flatMap(({ hostAddresses }) => hostAddresses))].sort(byText);
  return addresses.filter(address => !addresses.some(other => other !== address && overlap(other, address) && isWildcard(other)));
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function overlap(a: string, b: string): boolean {
  return a === b || (a.includes(':') === b.includes(':') && (isWildcard(a) || isWildcard(b)));
}

function urlOf({ endpoint: { scheme }, number, publicUrl }: HostPort, { kind }: Exposure): string {
  const local = kind === ExposureKind.THIS_MACHINE || publicUrl === undefined;
  return local ? `${scheme}://localhost:${number}` : publicUrl;
}
