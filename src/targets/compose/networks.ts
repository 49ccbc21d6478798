import type { Network as NetworkEntry, ServiceNetworks } from './specification.generated';
import { allocateSubnets, gatewayOf, ipv6Subnet } from './subnets';
import type { Connection } from '../../model/connection';
import type { Container } from '../../model/container';
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
  if (!server) return { name: `${client.name}_outside`, kind: 'outside', members: [client] };
  const [first, second] = [client.name, server.name].sort(byText);
  // so that a workload of that name is not taken for a way out
  const name = second === 'outside' ? `${second}_${first}` : `${first}_${second}`;
  return { name, kind: 'pair', members: [client, server] };
}

function edgeOf(workload: WorkloadBase): string {
  return `${workload.name}__edge`;
}

/** The network between a workload and its relays. */
function relayOf(workload: WorkloadBase): string {
  return `${workload.name}__relay`;
}

/** The networks of a project. */
export class Networks {
  private readonly all = new Map<string, ProjectNetwork>();
  private readonly byWorkload = new Map<WorkloadBase, Set<string>>();
  private readonly withIPv6 = new Set<string>();
  /** Those whose gateway's addresses somebody must know. */
  private readonly withRelay = new Set<string>();

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

  /** Adds the networks of a workload's relays, once all entrances are there. Over one they are reached from outside, and over one they reach the workload. */
  public addRelays(workload: WorkloadBase, ipv6: boolean): void {
    const edge = edgeOf(workload);
    this.add({ name: edge, kind: 'edge', members: [] });
    this.add({ name: relayOf(workload), kind: 'pair', members: [workload] });
    this.withRelay.add(edge);
    if (ipv6) this.withIPv6.add(edge);
  }

  /** The networks of a workload's relays, the one over which they are reached first. */
  public relaysOf(workload: WorkloadBase): [string, string] {
    return [edgeOf(workload), relayOf(workload)];
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
    const requests = [...this.all.values()].map(({ name, members }) => ({
      network: name, containers: members.reduce((sum, member) => sum + member.replicas + member.containers.length, 0),
    }));
    const networks: Record<string, NetworkEntry> = Object.create(null);
    for (const [name, subnet] of allocateSubnets(project, block, requests)) {
      const enable_ipv6 = this.withIPv6.has(name);
      const known = [{ subnet, gateway: gatewayOf(subnet) }, ...(enable_ipv6 ? [ipv6Subnet(project, name)] : [])];
      networks[name] = { ...OPTIONS[this.all.get(name)!.kind], enable_ipv6, ipam: { config: this.withRelay.has(name) ? known : [{ subnet }] } };
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
