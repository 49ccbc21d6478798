import { SWARM_DEVIATIONS as DEVIATIONS } from './deviations';
import { edgeOf } from './networks';
import { StackOptions, SwarmPublishing } from './options';
import type { StackPort } from './stack-file';
import { Protocol } from '../../model/endpoint';
import { Exposure, ExposureKind } from '../../model/exposure';
import type { PublishedPort } from '../../model/published-port';
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
      for (const exposure of port.exposures) fidelity.expose(this.exposed(port, exposure));
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

  /** Entries of the services of a workload. */
  public portsOf(workload: Workload): StackPort[] | undefined {
    return this.open.get(workload)?.map(({ endpoint, hostPort }) =>
      ({ target: endpoint.port, published: hostPort, protocol: endpoint.protocol.toLowerCase(), mode: this.options.publishing }));
  }

  /** @throws if two workloads want one port of the nodes. */
  public throwIfTaken(application: string): void {
    const claims = new Map<string, PublishedPort>();
    const problems = new Problems(application);
    for (const port of [...this.open.values()].flat()) {
      const key = `${port.endpoint.protocol} port ${port.hostPort}`;
      const other = claims.get(key);
      problems.check(!other, `${port.endpoint.workload!.node.path} and ${other?.endpoint.workload!.node.path} both want ${key} of the nodes, `
        + `for '${port.endpoint.portName}' and '${other?.endpoint.portName}'; give one of them another 'hostPort'`);
      claims.set(key, port);
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

  private exposed(port: PublishedPort, exposure: Exposure): ExposedPort {
    const { endpoint, hostPort, publicHost } = port;
    const { scheme, workload, host, protocol } = endpoint;
    const shown = exposedPort(port, exposure);
    if (exposure.kind !== ExposureKind.THIS_MACHINE) return publicHost === undefined ? shown : { ...shown, url: port.url };
    const { stackName } = this.options;
    const udp = protocol === Protocol.UDP ? '/udp' : '';
    const name = `${stackName}_${workload!.name}_${endpoint.portName}`;
    const image = workload!.application.images.resolve(TOOLS_IMAGE).reference;
    const nc = udp === '' ? 'nc' : 'nc -u';
    // published by a container of its own, which joins the network that leads nowhere else
    return {
      ...shown,
      url: `${scheme}://localhost:${hostPort}`,
      command: `docker create --rm --name ${name} -p 127.0.0.1:${hostPort}:${hostPort}${udp} ${image} ${nc} -ll -p ${hostPort} -e ${nc} ${port.balancer?.name ?? host} ${endpoint.port} && `
        + `docker network connect ${stackName}_${shortName(stackName, edgeOf(workload!))} ${name} && docker start -a ${name}`,
    };
  }
}
