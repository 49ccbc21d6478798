import type { ServicePorts } from './specification.generated';
import type { Endpoint, Protocol } from '../../model/endpoint';
import { Exposure, ExposureKind } from '../../model/exposure';
import type { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { isLoopback } from '../../private/addresses';
import { byText } from '../../private/names';
import { Problems } from '../../private/problems';
import { exposedPort, ExposedPort } from '../exposed';

/** A port of the host that leads to a workload. */
export interface HostPort {
  readonly endpoint: Endpoint;
  readonly number: number;
  readonly exposures: Exposure[];
  /** Whether the program itself refuses whoever may not come. */
  readonly checksSources: boolean;
  /** Where clients find it, if that was said. */
  readonly publicUrl?: string;
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
}

/** The ports of the host that a project takes. */
export class HostPorts {
  private readonly byWorkload = new Map<WorkloadBase, HostPort[]>();

  /** @param opened endpoints that the project opens to this machine, whatever the application says */
  public constructor(private readonly opened: Endpoint[]) {}

  /** Notes what leads to the workload. */
  public add(workload: Workload): HostPort[] {
    const opened = new Map(this.opened.filter(endpoint => endpoint.workload === workload).map(endpoint => [endpoint.portName, endpoint]));
    const ports = workload.publishedPorts.map((published): HostPort => {
      const { endpoint, hostPort: number, exposures, checksSources, publicHost } = published;
      const more = opened.delete(endpoint.portName) && !exposures.some(({ kind }) => kind === ExposureKind.THIS_MACHINE) ? [Exposure.thisMachine()] : [];
      return { endpoint, number, exposures: [...exposures, ...more], checksSources, publicUrl: publicHost === undefined ? undefined : published.url };
    });
    for (const endpoint of opened.values()) ports.push({ endpoint, number: endpoint.port, exposures: [Exposure.thisMachine()], checksSources: false });
    if (ports.length > 0) this.byWorkload.set(workload, ports);
    return ports;
  }

  /** Workloads that are reached from outside as they are. */
  public get entrances(): Entrance[] {
    return this.entrancesBy(port => !isRelayed(port));
  }

  /** Workloads that are reached by way of relays. */
  public get relayed(): Entrance[] {
    return this.entrancesBy(isRelayed);
  }

  /** Entries of the service that has the workload's address; undefined if there is none. */
  public portsOf(workload: WorkloadBase): ServicePorts[] | undefined {
    const ports = this.byWorkload.get(workload)?.filter(port => !isRelayed(port)) ?? [];
    return ports.length === 0 ? undefined : ports.flatMap(port => entriesOf(port, port.endpoint.port));
  }

  /** Ports of a protocol to which relays let some in. */
  public relayedPortsOf(workload: WorkloadBase, protocol: Protocol): HostPort[] {
    return this.byWorkload.get(workload)?.filter(port => isRelayed(port) && port.endpoint.protocol === protocol) ?? [];
  }

  /** All ways in. */
  public get exposed(): ExposedPort[] {
    return [...this.byWorkload.values()].flat().flatMap(port =>
      port.exposures.map(exposure => ({ ...exposedPort(port, exposure), url: urlOf(port, exposure) })));
  }

  /** The host's own loopback address needs no IPv6 within. */
  private entrancesBy(predicate: (port: HostPort) => boolean): Entrance[] {
    return [...this.byWorkload].map(([workload, ports]) => ({ workload, ports: ports.filter(predicate) })).filter(({ ports }) => ports.length > 0)
      .map(({ workload, ports }) => ({ workload, ipv6: ports.some(port => addressesOf(port).some(address => address.includes(':') && !isLoopback(address))) }));
  }

  /** @throws if two want one port of the host. */
  public throwIfTaken(application: string): void {
    const claims = new Map<string, Claim[]>();
    const problems = new Problems(application);
    for (const port of [...this.byWorkload.values()].flat()) {
      const { portName, protocol, workload } = port.endpoint;
      const key = `${protocol} port ${port.number}`;
      const others = claims.get(key) ?? [];
      claims.set(key, others);
      for (const address of addressesOf(port)) {
        const taken = others.find(other => overlap(other.address, address));
        problems.check(!taken, `${workload!.node.path} and ${taken?.path} both want ${key} of the host, for '${portName}' and '${taken?.portName}'; give one of them another 'hostPort'`);
        others.push({ path: workload!.node.path, portName, address });
      }
    }
    problems.throwIfAny();
  }
}

/** Whether not everyone may come, but clients of some ranges, and the program itself lets in whatever comes, as the engine does. */
export function isRelayed({ exposures, checksSources }: HostPort): boolean {
  return !checksSources && exposures.some(({ kind }) => kind === ExposureKind.SOURCES) && exposures.every(({ kind }) => kind !== ExposureKind.EVERYONE);
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
