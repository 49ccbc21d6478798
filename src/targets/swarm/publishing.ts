import { SWARM_DEVIATIONS as DEVIATIONS } from './deviations';
import { edgeOf } from './networks';
import { StackOptions, SwarmPublishing } from './options';
import type { StackPort } from './stack-file';
import { Endpoint, Protocol } from '../../model/endpoint';
import { Exposure, ExposureKind } from '../../model/exposure';
import type { Entrance, PublishedPort } from '../../model/published-port';
import type { Workload } from '../../model/workload';
import { Problems } from '../../private/problems';
import { exposedPort, ExposedPort } from '../exposed';
import type { Deviation, FidelityReport } from '../fidelity';
import { TOOLS_IMAGE } from '../tools';
import { shortName } from './names';

/** The ports of nodes that a stack takes, and the ways in. */
export class Publishing {
  private readonly open = new Map<Workload, PublishedPort[]>();

  public constructor(private readonly options: StackOptions) {}

  /** Notes what leads to a workload, and how truly. */
  public add(workload: Workload, fidelity: FidelityReport): void {
    const { path } = workload.node;
    for (const port of workload.publishedPorts) {
      const refusals = [...new Set(port.exposures.flatMap(exposure => this.refusalOf(port, exposure) ?? []))];
      for (const refusal of refusals) fidelity.deviate(path, refusal);
      const isOpen = port.exposures.some(({ kind }) => kind !== ExposureKind.THIS_MACHINE);
      if (port.exposures.some(({ kind }) => kind === ExposureKind.THIS_MACHINE)) fidelity.deviate(path, DEVIATIONS.thisMachine);
      for (const exposure of port.exposures) for (const entrance of port.entrances) fidelity.expose(this.exposed(port, entrance, exposure));
      if (!isOpen || refusals.length > 0) continue;
      this.open.set(workload, [...this.open.get(workload) ?? [], port]);
      for (const deviation of this.deviationsOf(workload, port)) fidelity.deviate(path, deviation);
    }
    for (const port of this.open.get(workload) ?? []) {
      const others = port.balancer?.ports.filter(({ hostPort, endpoint }) => hostPort === port.hostPort && endpoint.protocol === port.endpoint.protocol) ?? [];
      if (others.length > 1 || (port.balancer && this.isOfHost)) fidelity.deviate(path, DEVIATIONS.balancedPort);
    }
  }

  /** Whether clients outside come to a workload by a port of a node. */
  public isOpen(workload: Workload): boolean {
    return this.open.has(workload);
  }

  /** Whether a workload has ports of the nodes themselves, of which two containers on one node cannot have the same. */
  public hasHostPorts(workload: Workload): boolean {
    return this.isOfHost && this.isOpen(workload);
  }

  /** Entries of a service of a workload: the ports that lead to all of its services, and to this one. */
  public portsOf(workload: Workload, service: string): StackPort[] | undefined {
    const entrances = this.open.get(workload)?.flatMap(port => port.entrances).filter(({ member = service }) => member === service);
    return entrances?.map(({ endpoint, hostPort }) =>
      ({ target: endpoint.port, published: hostPort, protocol: endpoint.protocol.toLowerCase(), mode: this.options.publishing }));
  }

  /** @throws if two workloads want one port of the nodes. */
  public throwIfTaken(application: string): void {
    const claims = new Map<string, Endpoint>();
    const problems = new Problems(application);
    for (const { endpoint, hostPort } of [...this.open.values()].flat().flatMap(port => port.entrances)) {
      const key = `${endpoint.protocol} port ${hostPort}`;
      const other = claims.get(key);
      problems.check(!other, `${endpoint.workload!.node.path} and ${other?.workload!.node.path} both want ${key} of the nodes, `
        + `for '${endpoint.portName}' and '${other?.portName}'; give one of them another 'hostPort'`);
      claims.set(key, endpoint);
    }
    problems.throwIfAny();
  }

  private get isOfHost(): boolean {
    return this.options.publishing === SwarmPublishing.HOST;
  }

  private refusalOf({ checksSources }: PublishedPort, { kind, sourceRanges }: Exposure): Deviation | undefined {
    if (kind === ExposureKind.HOST_ADDRESS) return DEVIATIONS.hostAddress;
    if (kind !== ExposureKind.SOURCES) return undefined;
    if (!checksSources) return DEVIATIONS.sourcesUnchecked;
    if (!this.isOfHost) return DEVIATIONS.sourcesByIngress;
    return sourceRanges.some(range => range.includes(':')) ? DEVIATIONS.sourcesByIPv6 : undefined;
  }

  private deviationsOf(workload: Workload, { exposures }: PublishedPort): Deviation[] {
    const byIPv6 = exposures.some(({ sourceRanges }) => sourceRanges.some(range => range.includes(':')));
    return [
      DEVIATIONS.entrance,
      ...this.isOfHost ? [] : [DEVIATIONS.clientAddress],
      ...byIPv6 ? [] : [DEVIATIONS.families],
      ...!this.isOfHost && (workload.memberNames.length > 1 || workload.replicasAreNamed || !this.options.virtualAddresses) ? [DEVIATIONS.namedReplicas] : [],
    ];
  }

  private exposed({ balancer }: PublishedPort, entrance: Entrance, exposure: Exposure): ExposedPort {
    const { endpoint, member, hostPort, publicEndpoint } = entrance;
    const { scheme, workload, host, protocol } = endpoint;
    const shown = exposedPort(entrance, exposure);
    if (exposure.kind !== ExposureKind.THIS_MACHINE) return publicEndpoint ? { ...shown, url: publicEndpoint.url } : shown;
    const { stackName } = this.options;
    const udp = protocol === Protocol.UDP ? '/udp' : '';
    const name = `${stackName}_${member ?? workload!.name}_${endpoint.portName}`;
    const image = workload!.application.images.resolve(TOOLS_IMAGE).reference;
    const nc = udp === '' ? 'nc' : 'nc -u';
    // published by a container of its own, which joins the network that leads nowhere else
    return {
      ...shown,
      url: `${scheme}://localhost:${hostPort}`,
      command: `docker create --rm --name ${name} -p 127.0.0.1:${hostPort}:${hostPort}${udp} ${image} ${nc} -ll -p ${hostPort} -e ${nc} ${balancer?.name ?? host} ${endpoint.port} && `
        + `docker network connect ${stackName}_${shortName(stackName, edgeOf(workload!))} ${name} && docker start -a ${name}`,
    };
  }
}
