import * as fc from 'fast-check';
import type {
  ContainerDescription, Description, EdgeDescription, FileDescription, NetworkDescription, NodeDescription, OutsideDescription, Place, PortDescription,
  PublishedDescription, QueueDescription,
  SecretDescription, SharedDescription, VolumeDescription,
} from './description';
import { BROKER } from './description';

// Random choices are made first, with indices of any size; `shape` then makes them valid. So fast-check can shrink them.

/** Names that would clash if two names were ever joined carelessly, or met a property of Object. */
const NAMES = ['a', 'b', 'c', 'a-b', 'a-0', 'b-1', 'outside', 'main', 'sidecar', 'default', 'db', 'web', `w${'-long'.repeat(10)}x`];
const FURTHER_NAMES = ['a', 'b', 'a-b', 'a--b', 'constructor', 'data', 'outside', `n${'-long'.repeat(12)}`];

/** Texts that a shell, Compose or Kubernetes would like to expand, or that YAML takes for something else. */
const TEXTS = ['', 'plain', '$', '$$', '$HOME', '${HOME}', '$(HOME)', '$$(HOME)', '$$$(A)$', 'on', 'null', '1e3', '0x10', ' leading', 'two\nlines\n', 'a: b # c', "it's", '"quoted"', 'ä€😀', '\t'];

const index = fc.nat({ max: 1000 });
const place = fc.record({ node: index, container: index });
const text = fc.constantFrom(...TEXTS);

const rawContainer = fc.record({
  role: fc.constantFrom('init' as const, 'sidecar' as const, 'companion' as const),
  ports: fc.uniqueArray(fc.record({
    number: fc.oneof(fc.constantFrom(53, 80, 443, 8080, 8081, 9000), fc.integer({ min: 1, max: 65535 })), udp: fc.boolean(),
  }), { maxLength: 3, selector: port => `${port.number}/${port.udp}` }),
  env: fc.dictionary(fc.constantFrom('A', 'B_C', 'LONG_NAME', '_x'), text, { maxKeys: 3 }),
  args: fc.option(fc.array(text, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  health: fc.constantFrom('default' as const, 'http' as const, 'command' as const),
  writable: fc.boolean(),
  uid: fc.constantFrom(10001, 101, 1000),
});

const rawNode = fc.record({
  name: fc.constantFrom(...NAMES),
  kind: fc.constantFrom('workload' as const, 'workload' as const, 'service' as const, 'pair' as const, 'task' as const),
  main: rawContainer,
  others: fc.array(rawContainer, { maxLength: 2 }),
  replicas: fc.constantFrom(1, 1, 2, 3),
  stable: fc.boolean(),
  clustered: fc.boolean(),
  completionCheck: fc.boolean(),
});

const raw = fc.record({
  nodes: fc.uniqueArray(rawNode, { minLength: 1, maxLength: 12, selector: node => node.name }),
  edges: fc.array(fc.record({ from: place, to: index, port: index, member: fc.option(index, { nil: undefined }), waits: fc.boolean() }), { maxLength: 15 }),
  outside: fc.array(fc.record({
    from: place,
    host: fc.constantFrom('api.example.com', '192.0.2.10'),
    port: fc.constantFrom(443, 53),
    udp: fc.boolean(),
    addresses: fc.option(fc.subarray(['198.51.100.0/25', '203.0.113.0/24'], { minLength: 1 }), { nil: undefined }),
  }), { maxLength: 3 }),
  volumes: fc.uniqueArray(fc.record({
    name: fc.constantFrom(...FURTHER_NAMES),
    placement: fc.constantFrom('scratch' as const, 'one machine' as const, 'many machines' as const, 'per member' as const),
    mounts: fc.array(fc.record({ node: index, container: index, readOnly: fc.boolean(), directory: fc.constantFrom(undefined, 'logs', 'a/b') }), { minLength: 1, maxLength: 4 }),
  }), { maxLength: 3, selector: volume => volume.name }),
  shared: fc.array(fc.record({
    kind: fc.constantFrom('logs' as const, 'files' as const, 'seed' as const),
    writers: fc.array(index, { minLength: 1, maxLength: 3 }),
    readers: fc.array(index, { minLength: 1, maxLength: 3 }),
  }), { maxLength: 2 }),
  files: fc.uniqueArray(fc.record({
    name: fc.constantFrom(...FURTHER_NAMES),
    content: fc.oneof(text, fc.constant('resolver @{conduit.dnsResolver};\nserver a@{conduit.dnsSuffix};\n')),
    mounts: fc.array(place, { maxLength: 3 }),
  }), { maxLength: 3, selector: file => file.name }),
  secrets: fc.uniqueArray(fc.record({
    name: fc.constantFrom(...FURTHER_NAMES),
    key: fc.constantFrom('value', 'tls.key'),
    uses: fc.array(fc.record({
      node: index, container: index, how: fc.constantFrom('file' as const, 'path variable' as const, 'variable' as const),
    }), { maxLength: 3 }),
  }), { maxLength: 3, selector: secret => secret.name }),
  queues: fc.uniqueArray(fc.record({
    name: fc.constantFrom('orders', 'task_queue', 'a.b'),
    deadLetters: fc.boolean(),
    grants: fc.array(fc.record({
      node: index,
      container: index,
      right: fc.constantFrom('send' as const, 'receive' as const, 'receive dead letters' as const),
      declares: fc.boolean(),
    }), { maxLength: 4 }),
  }), { maxLength: 2, selector: queue => queue.name }),
  taskWaits: fc.array(fc.record({ node: index, task: index }), { maxLength: 4 }),
  nativeSidecars: fc.boolean(),
  secretStore: fc.boolean(),
  networks: fc.uniqueArray(fc.record({
    name: fc.constantFrom('a', 'a-b', 'outside', 'default', 'host', 'constructor', `n${'-long'.repeat(9)}`), members: fc.array(index, { minLength: 1, maxLength: 4 }),
  }), { maxLength: 2, selector: network => network.name }),
  published: fc.array(fc.record({ node: index, port: index, everyone: fc.boolean() }), { maxLength: 3 }),
});

type Raw = typeof raw extends fc.Arbitrary<infer T> ? T : never;
type RawContainer = Raw['nodes'][number]['main'];

/** Descriptions of valid applications. */
export const applications: fc.Arbitrary<Description> = raw.map(shape);

function shape(choices: Raw): Description {
  const nodes = shapeNodes(choices.nodes);
  const at = ({ node, container }: Place): Place => {
    const found = pick(nodes, node);
    return { node: nodes.indexOf(found), container: container % found.containers.length };
  };
  const single = (chosen: number[]) => [...new Set(chosen.map(node => at({ node, container: 0 }).node))].filter(node => nodes[node].replicas === 1);
  const shared = choices.shared.map(({ kind, writers, readers }, number): SharedDescription => ({
    name: `shared${number}`,
    kind,
    writers: kind === 'logs' ? single(writers) : [],
    // a writer's own logs need no second mount
    readers: kind === 'logs' ? single(readers).filter(reader => !single(writers).includes(reader)) : [...new Set(readers.map(node => at({ node, container: 0 }).node))],
  })).filter(({ kind, writers }) => kind !== 'logs' || writers.length > 0);
  return {
    nodes,
    edges: shapeEdges(choices.edges, nodes, at),
    outside: choices.outside.map(({ from, ...rest }): OutsideDescription => ({ ...rest, from: at(from) })),
    networks: choices.networks.map(({ name, members }): NetworkDescription =>
      ({ name, members: distinct(members.map(node => at({ node, container: 0 }).node)) })),
    published: shapePublished(choices.published, nodes),
    volumes: shapeVolumes(choices.volumes, nodes, at),
    shared,
    files: choices.files.map(({ mounts, ...rest }): FileDescription => ({ ...rest, mounts: distinct(mounts.map(at)) })),
    secrets: choices.secrets.map(({ uses, ...rest }): SecretDescription => ({ ...rest, uses: uses.map(use => ({ ...at(use), how: use.how })) })),
    queues: shapeQueues(choices.queues, nodes, at),
    taskWaits: distinct(choices.taskWaits.map(({ node, task }) => ({ node: at({ node, container: 0 }).node, task: at({ node: task, container: 0 }).node })))
      .filter(({ node, task }) => task < node && nodes[task].completionCheck !== undefined),
    nativeSidecars: choices.nativeSidecars,
    secretStore: choices.secretStore,
  };
}

function shapeNodes(chosen: Raw['nodes']): NodeDescription[] {
  const nodes: NodeDescription[] = [];
  const taken = new Set([BROKER, `${BROKER}-0`]);
  for (const { name, kind, main, others, ...rest } of chosen) {
    const stable = rest.stable && (kind === 'workload' || kind === 'service');
    const replicas = kind === 'task' ? 1 : rest.replicas;
    const claims = [name, ...stable ? Array.from({ length: replicas }, (_, ordinal) => `${name}-${ordinal}`) : []];
    if (claims.some(claim => taken.has(claim))) continue;
    claims.forEach(claim => taken.add(claim));
    nodes.push({ name, kind, stable, clustered: stable && rest.clustered, replicas, containers: shapeContainers(kind, main, others), completionCheck: kind === 'task' && rest.completionCheck ? ['test', '-e', '/$'] : undefined });
  }
  return nodes;
}

/** Containers of one node share their ports; a task has none, a pair has one further container, named by the library. */
function shapeContainers(kind: NodeDescription['kind'], main: RawContainer, others: RawContainer[]): ContainerDescription[] {
  const taken = new Set<string>();
  const finish = (container: RawContainer, name: string, role: ContainerDescription['role'], extra: RawContainer['ports'] = []): ContainerDescription => {
    const ports: PortDescription[] = [];
    for (const { number, udp } of [...container.ports, ...extra]) {
      const port = `p${number}${udp ? 'u' : ''}`;
      if (!taken.has(port)) ports.push({ name: port, number, udp });
      taken.add(port);
    }
    return { ...container, name, role, ports: kind === 'task' || role === 'init' ? [] : ports };
  };
  const first = finish(main, 'main', 'main', kind === 'service' ? [{ number: 8000, udp: false }] : []);
  if (kind === 'pair') {
    const sidecar = others[0] ?? main;
    return [first, finish(sidecar, 'sidecar', sidecar.role === 'companion' ? 'companion' : 'sidecar')];
  }
  // only the names and roles matter to a task: it has init containers and nothing else beside it
  return [first, ...others.map((container, number) => finish(container, `other${number}`, kind === 'task' ? 'init' : container.role))];
}

function shapeEdges(chosen: Raw['edges'], nodes: NodeDescription[], at: (place: Place) => Place): EdgeDescription[] {
  const servers = nodes.filter(node => node.containers.some(container => container.ports.length > 0));
  if (servers.length === 0) return [];
  return chosen.map(({ from, to, port, member, waits }): EdgeDescription => {
    const server = pick(servers, to);
    const client = at(from);
    const node = nodes.indexOf(server);
    const target = pick(server.containers.flatMap(container => container.ports), port);
    // members of one workload cannot connect to each other
    const ordinal = server.stable && node !== client.node && member !== undefined ? member % server.replicas : undefined;
    return { from: client, to: { node, port: target, member: ordinal }, waits: waits && node < client.node && !target.udp };
  });
}

/** Ports of nodes that run once; `kubectl` forwards TCP alone, so UDP is for everyone. */
function shapePublished(chosen: Raw['published'], nodes: NodeDescription[]): PublishedDescription[] {
  const servers = nodes.filter(({ replicas, containers }) => replicas === 1 && containers.some(({ ports }) => ports.length > 0));
  const published = (servers.length === 0 ? [] : chosen).map(({ node, port, everyone }, number): PublishedDescription => {
    const server = pick(servers, node);
    const target = pick(server.containers.flatMap(({ ports }) => ports), port);
    return { node: nodes.indexOf(server), port: target, hostPort: 20_000 + number, everyone: everyone || target.udp };
  });
  return published.filter((each, number) => published.findIndex(({ node, port }) => node === each.node && port === each.port) === number);
}

function shapeVolumes(chosen: Raw['volumes'], nodes: NodeDescription[], at: (place: Place) => Place): VolumeDescription[] {
  return chosen.flatMap(({ name, placement, mounts }, number): VolumeDescription[] => {
    const placed = mounts.map((mount, each) => ({ ...mount, ...at(mount), path: `/data/v${number}-${each}` }));
    const allowed = placed.filter(({ node }) => placement === 'scratch' ? node === placed[0].node :
      placement === 'per member' ? nodes[node].stable && node === placed[0].node :
        placement === 'many machines' || nodes[node].replicas === 1);
    return allowed.length > 0 ? [{ name, placement, mounts: allowed }] : [];
  });
}

function shapeQueues(chosen: Raw['queues'], nodes: NodeDescription[], at: (place: Place) => Place): QueueDescription[] {
  return chosen.map(({ name, deadLetters, grants }) => {
    const users = new Set<string>();
    return {
      name,
      deadLetters,
      grants: grants.map(grant => ({ ...grant, ...at(grant) })).filter(({ node, container, right }) => {
        // each may be granted once, and the broker's users are told apart by these words
        const user = `${nodes[node].name}${container > 0 ? `-${nodes[node].containers[container].name}` : ''} ${right}`;
        const valid = !users.has(user) && (deadLetters || right !== 'receive dead letters');
        users.add(user);
        return valid;
      }),
    };
  });
}

function pick<T>(items: T[], number: number): T {
  return items[number % items.length];
}

function distinct<T>(items: T[]): T[] {
  return [...new Map(items.map(item => [JSON.stringify(item), item])).values()];
}
