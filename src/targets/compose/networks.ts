import { comesByIPv6, Relay } from './host-ports';
import type { Network as NetworkEntry, ServiceNetworks } from './specification.generated';
import { allocateSubnets, gatewayOf, ipv6Subnet, lastOf, lowerHalfOf } from './subnets';
import type { Connection } from '../../model/connection';
import type { Container } from '../../model/container';
import type { LoadBalancer } from '../../model/load-balancer';
import type { Network } from '../../model/network';
import { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { byText } from '../../private/names';

/** `internal` alone leaves the host reachable by the gateway's address; the isolated mode takes that address away. */
const CLOSED: NetworkEntry = { internal: true, driver_opts: { 'com.docker.network.bridge.gateway_mode_ipv4': 'isolated' } };

/** What each kind of network lets through. */
const OPTIONS = {
  /** Between two workloads with an edge, so that only those see each other. */
  pair: CLOSED,
  /** Among the members of a cluster. */
  members: CLOSED,
  /** Among the workloads on a network that the program defines. */
  declared: CLOSED,
  /** To what is outside the application. */
  outside: {},
  /** To and from the host alone, for a published port: whatever leaves the host keeps an address that nobody answers. */
  edge: { driver_opts: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' } },
} satisfies Record<string, NetworkEntry>;

interface ProjectNetwork {
  readonly name: string;
  readonly kind: keyof typeof OPTIONS;
  readonly members: WorkloadBase[];
}

/** The network that one edge of the application's own programs needs; no workload's name contains '_'. */
function networkOf(client: WorkloadBase, server: WorkloadBase | undefined): ProjectNetwork {
  return server ? { name: pairOf(client, server), kind: 'pair', members: [client, server] } : { name: `${client.name}_outside`, kind: 'outside', members: [client] };
}

type Named = Pick<WorkloadBase, 'name'>;

function pairOf(client: Named, server: Named): string {
  const [first, second] = [client.name, server.name].sort(byText);
  // so that a workload of that name is not taken for a way out
  return second === 'outside' ? `${second}_${first}` : `${first}_${second}`;
}

/** The network over which a workload is reached from outside, or what stands in front of it. */
export function edgeOf({ name }: Named): string {
  return `${name}__edge`;
}

/** The network between what stands in front of a workload, and the workload. */
export function relayOf(owner: WorkloadBase | LoadBalancer, workload: WorkloadBase): string {
  return owner === workload ? `${owner.name}__relay` : pairOf(owner, workload);
}

/** The networks of a project. */
export class Networks {
  private readonly all = new Map<string, ProjectNetwork>();
  private readonly byWorkload = new Map<WorkloadBase, Set<string>>();
  private readonly withIPv6 = new Set<string>();
  /** Those whose gateway's addresses somebody must know. */
  private readonly withRelay = new Set<string>();
  /** Those on which a relay has an address that stays, by the workloads that have to know it. */
  private readonly withAddress = new Map<WorkloadBase, Set<string>>();
  private subnets = new Map<string, string>();

  /** Adds the network on which the members of a cluster see each other. */
  public addMembers(workload: WorkloadBase): void {
    if (workload instanceof Workload && workload.clustered) this.add({ name: `${workload.name}__members`, kind: 'members', members: [workload] });
  }

  /** Adds the network that an edge needs. */
  public addEdge({ client: { clientWorkload }, endpoint }: Connection): void {
    if (clientWorkload) this.add(networkOf(clientWorkload, endpoint.workload));
  }

  /** Adds a network that the program defines. */
  public addDeclared({ name, members }: Network): void {
    this.add({ name, kind: 'declared', members });
  }

  /** Adds the network over which a workload is reached from outside, once all edges are there. It is one that leads out anyway, or one of its own. */
  public addEntrance(workload: WorkloadBase, ipv6: boolean): void {
    const { name } = networkOf(workload, undefined);
    const entrance: ProjectNetwork = this.all.get(name) ?? { name: edgeOf(workload), kind: 'edge', members: [workload] };
    this.add(entrance);
    if (ipv6) this.withIPv6.add(entrance.name);
  }

  /** Adds the networks of a relay, once all entrances are there. Over one it is reached from outside, and over one it reaches each workload. */
  public addRelay({ owner, ports }: Relay): void {
    const edge = edgeOf(owner);
    this.add({ name: edge, kind: 'edge', members: [] });
    this.withRelay.add(edge);
    if (ports.some(comesByIPv6)) this.withIPv6.add(edge);
    for (const { endpoint, proxyProtocolPort } of ports) {
      const [workload, name] = [endpoint.workload!, relayOf(owner, endpoint.workload!)];
      this.add({ name, kind: 'pair', members: [workload] });
      if (proxyProtocolPort === undefined) continue;
      this.withAddress.set(workload, (this.withAddress.get(workload) ?? new Set()).add(name));
    }
  }

  /** Address of the relay on the network between it and a workload that has to know it. It is the last one, which no other container is given. */
  public relayAddress(owner: Relay['owner'], workload: WorkloadBase): string | undefined {
    const name = relayOf(owner, workload);
    return this.withAddress.get(workload)?.has(name) ? lastOf(this.subnets.get(name)!) : undefined;
  }

  /** Addresses of all relays that tell a workload by PROXY protocol who the client is. */
  public proxySourcesOf(workload: WorkloadBase): string[] {
    return [...this.withAddress.get(workload) ?? []].sort(byText).map(name => lastOf(this.subnets.get(name)!));
  }

  /** Whether a workload is on a network that leads to the host, and on none that leads further. */
  public endsAtHost(workload: WorkloadBase): boolean {
    return this.byWorkload.get(workload)?.has(edgeOf(workload)) ?? false;
  }

  /** The networks of a workload, with further names for it. Undefined if it is on none. */
  public membership(workload: WorkloadBase, aliases: string[]): Record<string, ServiceNetworks | null> | undefined {
    return toMembership(this.byWorkload.get(workload), aliases);
  }

  /** The networks that a container needs by itself: those of its own edges, and those that its workload was put on. */
  public membershipOf({ workload, connections }: Container): Record<string, ServiceNetworks | null> | undefined {
    const own = connections.map(({ endpoint }) => networkOf(workload, endpoint.workload).name);
    return toMembership(new Set([...own, ...workload.networks.map(({ name }) => name)]), []);
  }

  /** All networks with their subnets. */
  public lower(project: string, block: string): Record<string, NetworkEntry> {
    const withAddress = new Set([...this.withAddress.values()].flatMap(names => [...names]));
    const requests = [...this.all.values()].map(({ name, members }) => {
      const containers = members.reduce((sum, member) => sum + member.replicas + member.containers.length, 0);
      return { network: name, containers: withAddress.has(name) ? 2 * (containers + 4) : containers }; // of which half is given out
    });
    this.subnets = allocateSubnets(project, block, requests);
    const networks: Record<string, NetworkEntry> = Object.create(null);
    for (const [name, subnet] of this.subnets) {
      const enable_ipv6 = this.withIPv6.has(name);
      const known = [{ subnet, gateway: gatewayOf(subnet) }, ...(enable_ipv6 ? [ipv6Subnet(project, name)] : [])];
      const config = this.withRelay.has(name) ? known : [{ subnet, ...(withAddress.has(name) ? { ip_range: lowerHalfOf(subnet) } : {}) }];
      networks[name] = { ...OPTIONS[this.all.get(name)!.kind], enable_ipv6, ipam: { config } };
    }
    return networks;
  }

  private add(network: ProjectNetwork): void {
    if (this.all.has(network.name)) return;
    this.all.set(network.name, network);
    for (const member of network.members) {
      if (!this.byWorkload.has(member)) this.byWorkload.set(member, new Set());
      this.byWorkload.get(member)!.add(network.name);
    }
  }
}

function toMembership(networks: Set<string> | undefined, aliases: string[]): Record<string, ServiceNetworks | null> | undefined {
  if (!networks || networks.size === 0) return undefined;
  // no prototype: many objects with different first keys would otherwise be slow
  const membership: Record<string, ServiceNetworks | null> = Object.create(null);
  for (const network of [...networks].sort(byText)) membership[network] = aliases.length > 0 ? { aliases } : null;
  return membership;
}
