import { orNone } from './container';
import { shortName } from './names';
import type { StackNetwork } from './stack-file';
import type { Connection } from '../../model/connection';
import type { Network } from '../../model/network';
import { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { byText } from '../../private/names';

/** The network of services that prepare storage, on which none of them listens. */
export const SETUP_NETWORK = 'conduit_setup';

/** A network has 254 addresses. Each replica takes two while it is changed, and the engine itself takes some. */
const MOST_REPLICAS = 120;

interface OverlayNetwork {
  readonly name: string;
  /** Whether it leads out, which a network must on which a port is published. */
  readonly leadsOut: boolean;
  readonly members: WorkloadBase[];
}

/** The network over which a workload is reached from outside, or from this machine. */
export function edgeOf({ name }: WorkloadBase): string {
  return `${name}__edge`;
}

/** The network that one edge needs; no workload's name contains `_`. */
function networkOf(client: WorkloadBase, server: WorkloadBase | undefined): OverlayNetwork {
  if (!server) return { name: `${client.name}_outside`, leadsOut: true, members: [client] };
  const [first, second] = [client.name, server.name].sort(byText);
  // so that a workload of that name is not taken for a way out
  return { name: second === 'outside' ? `${second}_${first}` : `${first}_${second}`, leadsOut: false, members: [client, server] };
}

/** The overlay networks of a stack. */
export class Networks {
  private readonly all = new Map<string, OverlayNetwork>();
  private readonly byWorkload = new Map<WorkloadBase, Set<string>>();

  public constructor(private readonly stack: string) {}

  /** Adds the network on which the members of a cluster see each other. */
  public addMembers(workload: WorkloadBase): void {
    if (workload instanceof Workload && workload.clustered) this.add({ name: `${workload.name}__members`, leadsOut: false, members: [workload] });
  }

  /** Adds the network that an edge needs. */
  public addEdge({ client: { clientWorkload }, endpoint }: Connection): void {
    if (clientWorkload) this.add(networkOf(clientWorkload, endpoint.workload));
  }

  /** Adds a network that the program defines. */
  public addDeclared({ name, members }: Network): void {
    this.add({ name, leadsOut: false, members });
  }

  /** Adds a network of its own to a workload that is on no other, as Swarm would put it on one with everybody else. */
  public addLonely(workload: WorkloadBase): void {
    if (!this.byWorkload.has(workload)) this.add({ name: `${workload.name}__alone`, leadsOut: false, members: [workload] });
  }

  /** Adds the network over which a workload is reached from outside, or from this machine alone. */
  public addEntrance(workload: WorkloadBase, leadsOut: boolean): void {
    this.add({ name: edgeOf(workload), leadsOut, members: [workload] });
  }

  /** The networks of a workload, with further names for it. */
  public membership(workload: WorkloadBase, aliases: string[]): Record<string, { aliases: string[] } | null> {
    const networks = [...this.byWorkload.get(workload)!].sort(byText);
    return Object.fromEntries(networks.map(name => [shortName(this.stack, name), aliases.length > 0 ? { aliases } : null]));
  }

  /** Workloads with several replicas on networks that have not enough addresses. */
  public get tooMany(): WorkloadBase[] {
    const full = [...this.all.values()].filter(({ members }) => members.reduce((sum, { replicas }) => sum + replicas, 0) > MOST_REPLICAS);
    return [...new Set(full.flatMap(({ members }) => members.filter(({ replicas }) => replicas > 1)))];
  }

  /** All networks, by name. */
  public lower(encrypted: boolean, needsSetup: boolean): Record<string, StackNetwork> | undefined {
    const setup: OverlayNetwork[] = needsSetup ? [{ name: SETUP_NETWORK, leadsOut: false, members: [] }] : [];
    const sorted = [...this.all.values(), ...setup].sort((a, b) => byText(a.name, b.name));
    return orNone(sorted.map(({ name, leadsOut }): [string, StackNetwork] => [shortName(this.stack, name), {
      driver: 'overlay',
      attachable: true,
      internal: leadsOut ? undefined : true,
      driver_opts: encrypted ? { encrypted: 'true' } : undefined,
    }]));
  }

  private add(network: OverlayNetwork): void {
    if (this.all.has(network.name)) return;
    this.all.set(network.name, network);
    for (const member of network.members) {
      if (!this.byWorkload.has(member)) this.byWorkload.set(member, new Set());
      this.byWorkload.get(member)!.add(network.name);
    }
  }
}
