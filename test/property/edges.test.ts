import { BROKER, BROKER_PORT, declaredEdges, Description, edge, networkEdges, NodeDescription } from './description';
import { forAllApplications, synthesize } from './synthesis';
import { containerOf, namesOn, networksOf, ownerOf, servicesOf } from '../../src/contracts/targets/compose-networks';
import { contains, DNS_POD, Labels, Policies } from '../../src/contracts/targets/network-policy';

const NAMESPACE = { 'kubernetes.io/metadata.name': 'prod' };
/** An address in each range that an application may name, and one in none. */
const OUTSIDE = ['192.0.2.10', '198.51.100.1', '203.0.113.9', '8.8.8.8'];

type Runnable = Pick<NodeDescription, 'name' | 'replicas' | 'stable'>;

function runnables({ nodes, queues }: Description): Runnable[] {
  return [...nodes, ...(queues.length > 0 ? [{ name: BROKER, replicas: 1, stable: true }] : [])];
}

/** Every declared port, and one that nobody declared. */
function portsOf({ nodes }: Description) {
  const ports = [...nodes.flatMap(node => node.containers.flatMap(container => container.ports)), BROKER_PORT, { name: 'none', number: 1, udp: false }];
  return [...new Map(ports.map(port => [`${port.number}/${port.udp}`, port])).values()];
}

function podLabels(objects: any[]): Map<string, Labels> {
  const labels = objects.filter(object => object.spec?.template).map(object => object.spec.template.metadata.labels);
  return new Map(labels.map(each => [each['app.kubernetes.io/name'], each]));
}

test('NetworkPolicies allow every declared edge between workloads and no other', () => {
  forAllApplications(description => {
    const { objects } = synthesize(description);
    const policies = new Policies(objects, NAMESPACE);
    const pods = podLabels(objects);
    const allowed = new Set<string>();
    for (const [client, from] of pods) {
      for (const [server, to] of pods) {
        for (const port of portsOf(description)) {
          if (policies.connects(from, to, { port: port.number, protocol: port.udp ? 'UDP' : 'TCP', name: port.name })) allowed.add(edge(client, server, port));
        }
      }
    }
    const among = description.nodes.filter(({ clustered }) => clustered).flatMap(({ name }) => portsOf(description).map(port => edge(name, name, port)));
    // where a network plug-in applies ranges of addresses to pods as well, a way out on a port meets the way in that everyone has
    const meeting = description.outside.flatMap(({ from, port, udp }) =>
      description.published.filter(each => each.everyone && each.port.number === port && each.port.udp === udp)
        .map(each => edge(description.nodes[from.node].name, description.nodes[each.node].name, each.port)));
    expect([...allowed].sort()).toEqual([...new Set([...declaredEdges(description), ...networkEdges(description), ...among, ...meeting])].sort());
    expect([...pods.keys()].sort()).toEqual(runnables(description).map(({ name }) => name).sort());
  });
});

test('NetworkPolicies allow declared ways out, names looked up where there is an edge, and from outside what is published to everyone', () => {
  forAllApplications(description => {
    const { objects } = synthesize(description);
    const policies = new Policies(objects, NAMESPACE);
    const edges = [...declaredEdges(description)];
    for (const [name, pod] of podLabels(objects)) {
      const declared = description.outside.filter(({ from }) => description.nodes[from.node].name === name);
      const ways = OUTSIDE.flatMap(address => [53, 443, 444].flatMap(port => [false, true].map(udp => ({ address, port, udp }))));
      const isDeclared = ({ address, port, udp }: typeof ways[number]) => declared.some(out => out.port === port && out.udp === udp
        && (out.addresses ?? (out.host === '192.0.2.10' ? ['192.0.2.10/32'] : ['0.0.0.0/0'])).some(cidr => contains(cidr, address)));
      expect(ways.filter(({ address, port, udp }) => policies.leaves(pod, address, { port, protocol: udp ? 'UDP' : 'TCP' }))).toEqual(ways.filter(isDeclared));
      const entering = portsOf(description).filter(({ name: port, number, udp }) => OUTSIDE.some(address => policies.enters(address, pod, { port: number, protocol: udp ? 'UDP' : 'TCP', name: port })));
      const published = description.published.filter(each => each.everyone && description.nodes[each.node].name === name).map(({ port }) => port.name);
      expect(entering.map(port => port.name).sort()).toEqual(published.sort());
      const connects = declared.length > 0 || description.nodes.some((node, number) => node.name === name && (node.clustered || description.networks.some(({ members }) => members.includes(number)))) || edges.some(each => each.startsWith(`${name} ->`));
      expect((['TCP', 'UDP'] as const).map(protocol => policies.leaves(pod, DNS_POD, { port: 53, protocol }))).toEqual([connects, connects]);
    }
  });
});

test('in Compose two workloads share a network if and only if an edge between them, or a network of both, is declared', () => {
  forAllApplications(description => {
    const { compose } = synthesize(description);
    const all = runnables(description);
    const networks = new Map(all.map(each => [each.name, new Set(servicesOf(compose, each).flatMap(service => networksOf(compose, service)))]));
    const sharing = all.flatMap(a => all.filter(b => a.name < b.name && [...networks.get(a.name)!].some(network => networks.get(b.name)!.has(network))).map(b => `${a.name} ${b.name}`));
    const { nodes } = description;
    const together = description.networks.flatMap(({ members }) =>
      members.flatMap(a => members.map(b => [nodes[a].name, nodes[b].name])).filter(([a, b]) => a < b));
    const declared = [...[...declaredEdges(description)].map(each => each.replace(/:.*/, '').split(' -> ').sort()), ...together].map(pair => pair.join(' '));
    expect(sharing.sort()).toEqual([...new Set(declared)].sort());

    const namesOf = (indices: number[]) => [...new Set(indices.map(node => nodes[node].name))].sort();
    const on = (isKind: (network: any) => boolean) => all
      .filter(({ name }) => [...networks.get(name)!].some(network => isKind(compose.networks[network]))).map(({ name }) => name).sort();
    const travellers = description.outside.map(({ from }) => from.node);
    const isEdge = ({ driver_opts }: any) => driver_opts?.['com.docker.network.bridge.enable_ip_masquerade'] === 'false';
    expect(on(network => !network.internal && !isEdge(network))).toEqual(namesOf(travellers));
    expect(on(isEdge)).toEqual(namesOf(description.published.map(({ node }) => node).filter(node => !travellers.includes(node))));
    expect(Object.entries<any>(compose.services).flatMap(([service, { ports = [] }]) => ports.map((port: any) => `${service} ${port.host_ip}:${port.published} ${port.target}`)).sort())
      .toEqual(description.published.map(({ node, port, hostPort, everyone }) =>
        `${nodes[node].name}${nodes[node].stable ? '-0' : ''} ${everyone ? '0.0.0.0' : '127.0.0.1'}:${hostPort} ${port.number}`).sort());

    // nobody is on Compose's own network, which all would share
    const unplaced = Object.entries<any>(compose.services).filter(([, service]) => service.networks === undefined && service.network_mode === undefined);
    expect(unplaced).toEqual([]);
  });
});

test('whoever has an edge finds the other side by the same name on both targets', () => {
  forAllApplications(description => {
    const { objects, compose } = synthesize(description);
    const { nodes } = description;
    for (const { from, to } of description.edges.filter(each => each.from.node !== each.to.node)) {
      const [client, server] = [nodes[from.node], nodes[to.node]];
      const hosts = to.member === undefined ? [server.name] : [`${server.name}-${to.member}.${server.name}`, `${server.name}-${to.member}`];
      expect(hosts.filter(host => !clusterResolves(objects, host, to.port.name))).toEqual([]);
      const clients = servicesOf(compose, client).filter(service => containerOf(service) === client.containers[from.container].name);
      const servers = servicesOf(compose, server).filter(service => ownerOf(compose, service) === service);
      const lost = clients.filter(service => !hosts.every(host => networksOf(compose, service).some(network =>
        servers.some(other => networksOf(compose, other).includes(network) && namesOn(compose, other, network).includes(host)))));
      expect(clients).not.toEqual([]);
      expect(lost).toEqual([]);
    }
  });
});

/** Whether the cluster's DNS knows the name, and the Service behind it leads to a port of pods. */
function clusterResolves(objects: any[], host: string, portName: string): boolean {
  const [first, subdomain] = host.split('.');
  const service = objects.find(object => object.kind === 'Service' && object.metadata.name === (subdomain ?? first));
  const behind = objects.filter(({ kind, metadata, spec }) => spec?.template && Object.entries<string>(service.spec.selector).every(([key, value]) =>
    key === 'statefulset.kubernetes.io/pod-name' ? kind === 'StatefulSet' && value.startsWith(`${metadata.name}-`) : spec.template.metadata.labels[key] === value));
  const containers: any[] = behind.map(({ spec }) => spec.template.spec).flatMap(pod => [...pod.containers, ...(pod.initContainers ?? [])]);
  const listening: any[] = containers.flatMap(({ ports = [] }) => ports);
  const leads = service.spec.ports.some((port: any) => port.name === portName
    && listening.some(each => each.name === port.targetPort && each.containerPort === port.port && each.protocol === port.protocol));
  if (subdomain === undefined) return leads;
  const governed = behind.some(({ kind, metadata, spec }) => kind === 'StatefulSet' && spec.serviceName === subdomain && first.startsWith(`${metadata.name}-`)
    && Number(first.slice(metadata.name.length + 1)) < spec.replicas);
  return leads && governed && service.spec.clusterIP === 'None';
}
