import type { k8s } from 'cdk8s-plus-27';
import { applicationLabels, networkLabel, selectorLabels, workloadLabels } from './labels';
import type { Takeover } from './operator';
import type { Manifest, Plain } from './plain';
import { lowerSources } from './publishing';
import type { Application } from '../../model/application';
import type { Connection } from '../../model/connection';
import type { Network } from '../../model/network';
import { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { byText } from '../../private/names';

const DNS: Plain<k8s.NetworkPolicyEgressRule> = {
  to: [{
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  }],
  ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }],
};

/** Closes every pod of the application in both directions; other policies only add to it. */
export function denyAll(application: Application): Manifest {
  const spec: Plain<k8s.NetworkPolicySpec> = {
    podSelector: { matchLabels: { 'app.kubernetes.io/part-of': application.name } },
    policyTypes: ['Ingress', 'Egress'],
  };
  return policy(`conduit-default-deny-${application.name}`, applicationLabels(application), spec);
}

/** What lowering a policy needs to know of its chart. */
export interface PolicyContext {
  readonly takeover: Takeover;
  /** All pods on a network. */
  readonly peersOn: (network: Network) => Plain<k8s.NetworkPolicyPeer>[];
  readonly kedaNamespace: string;
}

/**
 * Opens exactly the edges of one workload, at both their ends, and its networks. Ports are the pods' own, as policies are enforced there.
 * @param read ports on which KEDA reads backlogs
 */
export function lowerPolicy(workload: WorkloadBase, component: string, read: Set<number>, { takeover, peersOn, kedaNamespace }: PolicyContext): Manifest {
  const runs = (client: WorkloadBase) => takeover.pods.has(client) || !takeover.taken.has(client);
  const selectorOf = (peer: WorkloadBase) => takeover.pods.get(peer)?.selector ?? selectorLabels(peer);
  const toPeer = (peer: WorkloadBase): Plain<k8s.NetworkPolicyPeer> => ({ podSelector: { matchLabels: selectorOf(peer) } });
  const incoming = workload.application.connectionsTo(workload).filter(({ client }) => client.clientWorkload && runs(client.clientWorkload));
  const ingress: Plain<k8s.NetworkPolicyIngressRule>[] = groupBy(incoming, edge => `${edge.endpoint.port}/${edge.endpoint.protocol}`).map(edges => ({
    from: distinctWorkloads(edges.map(edge => edge.client.clientWorkload!)).map(toPeer),
    ports: [toPort(edges[0])],
  }));
  if (workload instanceof Workload) ingress.push(...lowerSources(workload));
  if (read.size > 0) ingress.push({ from: [kedaOperator(kedaNamespace)], ports: [...read].sort().map(port => ({ port, protocol: 'TCP' })) });
  const outgoing = workload.connections;
  const egress: Plain<k8s.NetworkPolicyEgressRule>[] = groupBy(outgoing, edge => edge.endpoint.workload?.name ?? `outside ${edge.endpoint.address} ${edge.endpoint.addresses.sort(byText).join(' ')}`).map(edges => ({
    to: edges[0].endpoint.workload ? [toPeer(edges[0].endpoint.workload)] : edges[0].endpoint.addresses.sort(byText).map(cidr => ({ ipBlock: { cidr } })),
    ports: groupBy(edges, edge => `${edge.endpoint.port}/${edge.endpoint.protocol}`).map(same => toPort(same[0])),
  }));
  for (const network of workload.networks) {
    const peers = peersOn(network);
    if (workload.ports.length > 0) ingress.push({ from: peers, ports: workload.ports.map(port => ({ port: port.number, protocol: port.protocol ?? 'TCP' })) });
    egress.push({ to: peers }); // which ports, the policies of the others say
  }
  const operated = takeover.pods.get(workload);
  if (operated || (workload instanceof Workload && workload.clustered)) {
    const members = { podSelector: { matchLabels: operated?.cluster ?? selectorLabels(workload) } };
    ingress.push({ from: [members] });
    egress.push({ to: [members] });
  }
  ingress.push(...takeover.ingress.get(workload) ?? []);
  const spec: Plain<k8s.NetworkPolicySpec> = {
    podSelector: { matchLabels: selectorOf(workload) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: ingress.length > 0 ? ingress : undefined,
    egress: egress.length > 0 ? [...egress, DNS] : undefined,
  };
  return policy(workload.name, workloadLabels(workload, component), spec);
}

/** All pods on a network. Those of operators have no label of ours. */
export function lowerPeers(network: Network, takeover: Takeover): Plain<k8s.NetworkPolicyPeer>[] {
  const operated = network.members.flatMap(member => takeover.pods.get(member) ?? []);
  return [{ [networkLabel(network)]: 'true' }, ...operated.map(({ selector }) => selector)].map(matchLabels => ({ podSelector: { matchLabels } }));
}

function policy(name: string, labels: Record<string, string>, spec: Plain<k8s.NetworkPolicySpec>): Manifest {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, labels }, spec };
}

function kedaOperator(namespace: string): Plain<k8s.NetworkPolicyPeer> {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: { app: 'keda-operator' } }, // as KEDA's own manifests and its Helm chart have it
  };
}

function toPort(edge: Connection): Plain<k8s.NetworkPolicyPort> {
  return { port: edge.endpoint.port, protocol: edge.endpoint.protocol };
}

function distinctWorkloads(workloads: WorkloadBase[]): WorkloadBase[] {
  return [...new Set(workloads)].sort((a, b) => byText(a.name, b.name));
}

/** Groups in the order of their keys. */
function groupBy(edges: Connection[], key: (edge: Connection) => string): Connection[][] {
  const groups = new Map<string, Connection[]>();
  for (const edge of edges) {
    const group = groups.get(key(edge));
    if (group) group.push(edge);
    else groups.set(key(edge), [edge]);
  }
  return [...groups].sort(([a], [b]) => byText(a, b)).map(([, group]) => group);
}
