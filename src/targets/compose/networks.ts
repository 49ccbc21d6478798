import type { Network, ServiceNetworks } from './specification.generated';
import { allocateSubnets } from './subnets';
import type { Connection } from '../../model/connection';
import { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { byText } from '../../private/names';

/** The name of the network that one edge needs; no workload's name contains '_'. */
function networkOf(edge: Connection): string {
  const { client, endpoint } = edge;
  if (!endpoint.workload) return `${client.workload.name}_outside`;
  const [first, second] = [client.workload.name, endpoint.workload.name].sort(byText);
  // so that a workload of that name is not taken for a way out
  return second === 'outside' ? `${second}_${first}` : `${first}_${second}`;
}

/** One network for each connected pair of workloads, so that only those see each other, and one for each way out. */
export class Networks {
  private readonly pairs = new Map<string, Set<WorkloadBase>>();
  private readonly byWorkload = new Map<WorkloadBase, Set<string>>();

  /** Adds the networks that the workload's connections need, and the one on which its members see each other. */
  public add(workload: WorkloadBase): void {
    if (workload instanceof Workload && workload.clustered) this.join(`${workload.name}__members`, workload);
    for (const edge of workload.connections) {
      const network = networkOf(edge);
      this.join(network, workload);
      if (edge.endpoint.workload) this.join(network, edge.endpoint.workload);
    }
  }

  /** The networks of a workload, with further names for it. Undefined if it has no connection. */
  public membership(workload: WorkloadBase, aliases: string[]): Record<string, ServiceNetworks | null> | undefined {
    return toMembership(this.byWorkload.get(workload), aliases);
  }

  /** The networks that these connections alone need. */
  public membershipFor(edges: Connection[]): Record<string, ServiceNetworks | null> | undefined {
    return toMembership(new Set(edges.map(networkOf)), []);
  }

  /** All networks with their subnets. */
  public lower(project: string, block: string): Record<string, Network> {
    const requests = [...this.pairs].map(([network, members]) => ({
      network, containers: [...members].reduce((sum, member) => sum + member.replicas + member.containers.length, 0),
    }));
    const networks: Record<string, Network> = Object.create(null);
    for (const [network, subnet] of allocateSubnets(project, block, requests)) {
      networks[network] = { ...(network.endsWith('_outside') ? {} : CLOSED), enable_ipv6: false, ipam: { config: [{ subnet }] } };
    }
    return networks;
  }

  private join(network: string, workload: WorkloadBase): void {
    if (!this.pairs.has(network)) this.pairs.set(network, new Set());
    this.pairs.get(network)!.add(workload);
    if (!this.byWorkload.has(workload)) this.byWorkload.set(workload, new Set());
    this.byWorkload.get(workload)!.add(network);
  }
}

/** `internal` alone leaves the host reachable by the gateway's address; the isolated mode takes that address away. */
const CLOSED: Network = { internal: true, driver_opts: { 'com.docker.network.bridge.gateway_mode_ipv4': 'isolated' } };

function toMembership(networks: Set<string> | undefined, aliases: string[]): Record<string, ServiceNetworks | null> | undefined {
  if (!networks || networks.size === 0) return undefined;
  // no prototype: many objects with different first keys would otherwise be slow
  const membership: Record<string, ServiceNetworks | null> = Object.create(null);
  for (const network of [...networks].sort(byText)) membership[network] = aliases.length > 0 ? { aliases } : null;
  return membership;
}
