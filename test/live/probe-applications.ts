// Random applications of programs that answer on all their ports, and on ports that nobody declared.
import { Application, ConfigFile, Container, Endpoint, Protocol, SidecarPair, Workload } from 'cdk8s-conduit';
import * as fc from 'fast-check';
import { ANSWERER } from './probing';

export interface ProbePort { readonly number: number; readonly udp: boolean }

export interface ProbeNode {
  readonly name: string;
  readonly kind: 'workload' | 'stable' | 'pair';
  readonly replicas: number;
  readonly ports: ProbePort[];
  /** Of the second container of a pair. */
  readonly sidecarPorts: ProbePort[];
}

export interface ProbeEdge {
  /** Nodes, by index. */
  readonly from: number;
  readonly to: number;
  readonly port: ProbePort;
  /** One member of a stable workload is named. */
  readonly member?: number;
  /** Declared by the second container of a pair. */
  readonly bySidecar: boolean;
  readonly waits: boolean;
}

export interface ProbeApplication {
  readonly nodes: ProbeNode[];
  readonly edges: ProbeEdge[];
  /** Nodes that may connect to the one server outside, by index. */
  readonly travellers: number[];
}

/** On these every program answers, too, though nobody declared them. */
export const UNDECLARED: ProbePort[] = [{ number: 9999, udp: false }, { number: 9999, udp: true }];

/** Names that would clash if two names were ever joined carelessly. */
const NAMES = ['a', 'b', 'a-b', 'b-1', 'db', 'web', 'outside', 'main', 'sidecar', `w${'-long'.repeat(8)}`];

const index = fc.nat({ max: 1000 });
const port = fc.record({ number: fc.constantFrom(53, 80, 5000, 8080), udp: fc.boolean() });
const ports = (minLength: number) => fc.uniqueArray(port, { minLength, maxLength: 2, selector: nameOf });

const raw = fc.record({
  nodes: fc.uniqueArray(fc.record({
    name: fc.constantFrom(...NAMES),
    kind: fc.constantFrom('workload' as const, 'workload' as const, 'stable' as const, 'pair' as const),
    replicas: fc.constantFrom(1, 1, 2),
    ports: ports(0),
    sidecarPorts: ports(0),
  }), { minLength: 4, maxLength: 10, selector: node => node.name }),
  edges: fc.array(fc.record({
    from: index,
    to: index,
    port: index,
    member: fc.option(index, { nil: undefined }),
    bySidecar: fc.boolean(),
    waits: fc.boolean(),
  }), { minLength: 3, maxLength: 15 }),
  travellers: fc.array(index, { maxLength: 3 }),
});

export const probeApplications: fc.Arbitrary<ProbeApplication> = raw.map(({ nodes: chosen, edges, travellers }) => {
  const nodes = chosen.map((node): ProbeNode => ({
    ...node, sidecarPorts: node.kind === 'pair' ? node.sidecarPorts.filter(({ number }) => node.ports.every(other => other.number !== number)) : [],
  }));
  const servers = nodes.filter(node => portsOf(node).length > 0);
  const pick = <T>(items: T[], number: number) => items[number % items.length];
  return {
    nodes,
    travellers: [...new Set(travellers.map(number => number % nodes.length))],
    edges: servers.length === 0 ? [] : edges.flatMap((edge): ProbeEdge[] => {
      const server = pick(servers, edge.to);
      const [from, to] = [edge.from % nodes.length, nodes.indexOf(server)];
      const target = pick(portsOf(server), edge.port);
      return from === to ? [] : [{
        from,
        to,
        port: target,
        member: server.kind === 'stable' && edge.member !== undefined ? edge.member % server.replicas : undefined,
        bySidecar: edge.bySidecar && nodes[from].kind === 'pair',
        waits: edge.waits && to < from && !target.udp, // so that nobody waits in a circle
      }];
    }),
  };
});

export function portsOf({ ports: main, sidecarPorts }: ProbeNode): ProbePort[] {
  return [...main, ...sidecarPorts];
}

export function nameOf({ number, udp }: ProbePort): string {
  return `${number}${udp ? 'u' : ''}`;
}

/** Builds the described application; `outside` is where travellers may go. */
export function build({ nodes, edges, travellers }: ProbeApplication, outside: { readonly address: string; readonly port: number }): Application {
  const application = new Application('matrix');
  const program = new ConfigFile(application, 'answerer', { path: '/app/answerer.py', content: ANSWERER });
  const propsOf = (name: string, own: ProbePort[], undeclared: ProbePort[]) => ({
    image: 'python:3.13-slim',
    args: ['python', '/app/answerer.py', name, ...[...own, ...undeclared].map(nameOf)],
    ports: own.map(each => ({ name: `p${nameOf(each)}`, number: each.number, protocol: each.udp ? Protocol.UDP : Protocol.TCP })),
    resources: { cpuRequest: 0.01, cpuLimit: 1 },
  });
  const workloads = nodes.map(node => {
    const main = propsOf(node.name, node.ports, UNDECLARED);
    return node.kind === 'pair'
      ? new SidecarPair(application, node.name, { main, sidecar: propsOf(node.name, node.sidecarPorts, []), replicas: node.replicas }).workload
      : new Workload(application, node.name, { ...main, replicas: node.replicas, stable: node.kind === 'stable' });
  });
  for (const workload of workloads) for (const container of workload.containers) container.mountConfigFile(program);

  const clientOf = (node: number, bySidecar: boolean): Container => bySidecar ? workloads[node].containers.find(({ name }) => name === 'sidecar')! : workloads[node].main;
  edges.forEach(({ from, to, port: target, member, bySidecar, waits }, number) => {
    const name = `p${nameOf(target)}`;
    const endpoint = member === undefined ? workloads[to].endpoint(name) : (workloads[to] as Workload).memberEndpoint(member, name);
    clientOf(from, bySidecar).connectTo(endpoint, { prefix: `EDGE_${number}`, waits });
  });
  for (const node of travellers) clientOf(node, false).connectTo(Endpoint.external(outside.address, outside.port), { prefix: 'OUTSIDE' });
  return application;
}
