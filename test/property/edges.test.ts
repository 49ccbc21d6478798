import { namesOn, networksOf, ownerOf, servicesOf } from './compose-view';
import { BROKER, BROKER_PORT, declaredEdges, Description, edge, NodeDescription } from './description';
import { contains, DNS_POD, Labels, Policies } from './network-policy';
import { forAllApplications, synthesize } from './synthesis';

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
    expect([...allowed].sort()).toEqual([...declaredEdges(description)].sort());
    expect([...pods.keys()].sort()).toEqual(runnables(description).map(({ name }) => name).sort());
  });
});

test('NetworkPolicies allow declared ways out, names looked up where there is an edge, and nothing from outside', () => {
  forAllApplications(description => {
    const { objects } = synthesize(description);
    const policies = new Policies(objects, NAMESPACE);
    for (const [name, pod] of podLabels(objects)) {
      const declared = description.outside.filter(({ from }) => description.nodes[from.node].name === name);
      for (const address of OUTSIDE) {
        for (const port of [53, 443, 444]) {
          for (const udp of [false, true]) {
            const expected = declared.some(out => out.port === port && out.udp === udp
              && (out.addresses ?? (out.host === '192.0.2.10' ? ['192.0.2.10/32'] : ['0.0.0.0/0'])).some(cidr => contains(cidr, address)));
            expect(policies.leaves(pod, address, { port, protocol: udp ? 'UDP' : 'TCP' })).toBe(expected);
          }
        }
        expect(policies.enters(address, pod, { port: 8000, protocol: 'TCP' })).toBe(false);
      }
      const connects = declared.length > 0 || [...declaredEdges(description)].some(each => each.startsWith(`${name} ->`));
      expect(policies.leaves(pod, DNS_POD, { port: 53, protocol: 'UDP' })).toBe(connects);
      expect(policies.leaves(pod, DNS_POD, { port: 53, protocol: 'TCP' })).toBe(connects);
    }
  });
});

test('in Compose two workloads share a network if and only if an edge between them is declared', () => {
  forAllApplications(description => {
    const { compose } = synthesize(description);
    const pairs = new Set([...declaredEdges(description)].map(each => each.replace(/:.*/, '').split(' -> ').sort().join(' ')));
    const all = runnables(description);
    for (const a of all) {
      for (const b of all.filter(other => other !== a)) {
        const networks = new Set(servicesOf(compose, a).flatMap(service => networksOf(compose, service)));
        const shared = servicesOf(compose, b).flatMap(service => networksOf(compose, service)).some(network => networks.has(network));
        expect({ a: a.name, b: b.name, shared }).toEqual({ a: a.name, b: b.name, shared: pairs.has([a.name, b.name].sort().join(' ')) });
      }
      const out = servicesOf(compose, a).flatMap(service => networksOf(compose, service)).some(network => !compose.networks[network].internal);
      expect(out).toBe(description.outside.some(({ from }) => description.nodes[from.node].name === a.name));
    }
    // and nobody is on Compose's own network, which all would share
    for (const [name, service] of Object.entries<any>(compose.services)) {
      expect({ name, placed: service.networks !== undefined || service.network_mode !== undefined }).toEqual({ name, placed: true });
    }
  });
});

test('whoever has an edge finds the other side by the same name on both targets', () => {
  forAllApplications(description => {
    const { objects, compose } = synthesize(description);
    const { nodes } = description;
    for (const { from, to } of description.edges.filter(each => each.from.node !== each.to.node)) {
      const [client, server] = [nodes[from.node], nodes[to.node]];
      const hosts = to.member === undefined ? [server.name] : [`${server.name}-${to.member}.${server.name}`, `${server.name}-${to.member}`];
      for (const host of hosts) {
        expect({ host, found: clusterResolves(objects, host, to.port.name) }).toEqual({ host, found: true });
        const { name } = client.containers[from.container];
        const clients = servicesOf(compose, client).filter(service => service.endsWith(`_${name}`) || (!service.includes('_') && name === 'main'));
        expect(clients.length).toBeGreaterThan(0);
        for (const service of clients) {
          const found = networksOf(compose, service).some(network => servicesOf(compose, server)
            .some(other => ownerOf(compose, other) === other && namesOn(compose, other, network).includes(host) && networksOf(compose, other).includes(network)));
          expect({ host, service, found }).toEqual({ host, service, found: true });
        }
      }
    }
  });
});

/** Whether the cluster's DNS knows the name, and the Service behind it leads to a port of pods. */
function clusterResolves(objects: any[], host: string, portName: string): boolean {
  const [first, subdomain] = host.split('.');
  const service = objects.find(object => object.kind === 'Service' && object.metadata.name === (subdomain ?? first));
  const behind = objects.filter(({ kind, metadata, spec }) => spec?.template && Object.entries(service.spec.selector).every(([key, value]) =>
    key === 'statefulset.kubernetes.io/pod-name' ? kind === 'StatefulSet' && String(value).startsWith(`${metadata.name}-`) : spec.template.metadata.labels[key] === value));
  const leads = service.spec.ports.some((port: any) => port.name === portName && behind.some(({ spec }) =>
    [...spec.template.spec.containers, ...(spec.template.spec.initContainers ?? [])]
      .some((container: any) => container.ports?.some((each: any) => each.name === port.targetPort && each.containerPort === port.port && each.protocol === port.protocol))));
  if (subdomain === undefined) return leads;
  const governed = behind.some(({ kind, metadata, spec }) => kind === 'StatefulSet' && spec.serviceName === subdomain && first.startsWith(`${metadata.name}-`)
    && Number(first.slice(metadata.name.length + 1)) < spec.replicas);
  return leads && governed && service.spec.clusterIP === 'None';
}
