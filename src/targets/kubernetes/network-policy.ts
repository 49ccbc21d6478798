import type { k8s } from 'cdk8s-plus-27';
import { COMPONENTS, nameLabel, networkLabel, selectorLabels, workloadLabels } from './labels';
import type { Manifest, Plain } from './plain';
import type { Caller } from './provider';
import type { Provisions } from './provisions';
import { lowerSources } from './publishing';
import type { Application } from '../../model/application';
import type { Connection } from '../../model/connection';
import type { Network } from '../../model/network';
import { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { linkLocalPartOf } from '../../private/addresses';
import { byText } from '../../private/names';

/** Closes every pod of the application in both directions; other policies only add to it. */
export function denyAll(application: Application): Manifest {
  const spec: Plain<k8s.NetworkPolicySpec> = {
    podSelector: {
      matchLabels: { 'app.kubernetes.io/part-of': application.name },
      matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: COMPONENTS }],
    },
    policyTypes: ['Ingress', 'Egress'],
  };
  return policy(`conduit-default-deny-${application.name}`, nameLabel(application.name), spec);
}

/** What lowering a policy needs to know of its chart. */
export interface PolicyContext {
  readonly provisions: Provisions;
  /** All pods on a network. */
  readonly peersOn: (network: Network) => Plain<k8s.NetworkPolicyPeer>[];
  /** Where names are looked up. */
  readonly dns: Plain<k8s.NetworkPolicyEgressRule>;
}

/**
 * Opens exactly the edges of one workload, at both their ends, and its networks, and lets in callers of other applications in the cluster. Ports are the
 * pods' own, as policies are enforced there.
 */
export function lowerPolicy(workload: WorkloadBase, component: string, { provisions, peersOn, dns }: PolicyContext): Manifest {
  const runs = (client: WorkloadBase) => provisions.podLabelsOf(client) !== undefined;
  const selectorOf = (peer: WorkloadBase) => provisions.podLabelsOf(peer) ?? selectorLabels(peer);
  const toPeer = (peer: WorkloadBase): Plain<k8s.NetworkPolicyPeer> => ({ podSelector: { matchLabels: selectorOf(peer) } });
  const incoming = workload.application.connectionsTo(workload).filter(({ client }) => client.clientWorkload && runs(client.clientWorkload));
  const ingress: Plain<k8s.NetworkPolicyIngressRule>[] = groupBy(incoming, edge => `${edge.endpoint.port}/${edge.endpoint.protocol}`).map(edges => ({
    from: distinctWorkloads(edges.map(edge => edge.client.clientWorkload!)).map(toPeer),
    ports: [toPort(edges[0])],
  }));
  if (workload instanceof Workload) ingress.push(...lowerSources(workload));
  const outgoing = workload.connections;
  const egress: Plain<k8s.NetworkPolicyEgressRule>[] = groupBy(outgoing, edge => edge.endpoint.workload?.name ?? `outside ${edge.endpoint.address} ${edge.endpoint.addresses.sort(byText).join(' ')}`).map(edges => ({
    to: edges[0].endpoint.workload ? [toPeer(edges[0].endpoint.workload)] : edges[0].endpoint.addresses.sort(byText).map(toBlock),
    ports: groupBy(edges, edge => `${edge.endpoint.port}/${edge.endpoint.protocol}`).map(same => toPort(same[0])),
  }));
  for (const network of workload.networks) {
    const peers = peersOn(network);
    if (workload.ports.length > 0) ingress.push({ from: peers, ports: workload.ports.map(port => ({ port: port.number, protocol: port.protocol ?? 'TCP' })) });
    egress.push({ to: peers }); // which ports, the policies of the others say
  }
  const members = membersOf(workload, provisions);
  if (members) {
    ingress.push({ from: [members] });
    egress.push({ to: [members] });
  }
  ingress.push(...lowerCallers(provisions.callersOf(workload)));
  const spec: Plain<k8s.NetworkPolicySpec> = {
    podSelector: { matchLabels: selectorOf(workload) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: ingress.length > 0 ? ingress : undefined,
    egress: egress.length > 0 ? [...egress, dns] : undefined,
  };
  return policy(workload.name, workloadLabels(workload, component), spec);
}

/** All pods on a network. Those that somebody else makes have no label of ours. */
export function lowerPeers(network: Network, provisions: Provisions): Plain<k8s.NetworkPolicyPeer>[] {
  const provided = network.members.flatMap(member => provisions.podsOf(member) ?? []);
  return [{ [networkLabel(network)]: 'true' }, ...provided.map(({ labels }) => labels)].map(matchLabels => ({ podSelector: { matchLabels } }));
}

function policy(name: string, labels: Record<string, string>, spec: Plain<k8s.NetworkPolicySpec>): Manifest {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, labels }, spec };
}

/** Pods that reach those of a workload, and are reached from them, on every port. */
function membersOf(workload: WorkloadBase, provisions: Provisions): Plain<k8s.NetworkPolicyPeer> | undefined {
  const pods = provisions.podsOf(workload);
  const clustered = workload instanceof Workload && workload.clustered;
  const matchLabels = pods?.peers ?? (clustered ? pods?.labels ?? selectorLabels(workload) : undefined);
  return matchLabels && { podSelector: { matchLabels } };
}

function lowerCallers(callers: Caller[]): Plain<k8s.NetworkPolicyIngressRule>[] {
  return groupBy(callers, ({ namespaceName, podLabels = {} }) => `${namespaceName} ${JSON.stringify(Object.entries(podLabels).sort())}`).map(same => ({
    from: [{
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': same[0].namespaceName } },
      podSelector: same[0].podLabels && { matchLabels: same[0].podLabels },
    }],
    ports: groupBy(same, ({ port, protocol }) => `${`${port}`.padStart(5, '0')}/${protocol ?? 'TCP'}`).map(([{ port, protocol }]) => ({ port, protocol: protocol ?? 'TCP' })),
  }));
}

/** Who wants to reach what is link-local says so by a range within it. */
function toBlock(cidr: string): Plain<k8s.NetworkPolicyPeer> {
  const linkLocal = linkLocalPartOf(cidr);
  return { ipBlock: { cidr, except: linkLocal === undefined ? undefined : [linkLocal] } };
}

function toPort(edge: Connection): Plain<k8s.NetworkPolicyPort> {
  return { port: edge.endpoint.port, protocol: edge.endpoint.protocol };
}

function distinctWorkloads(workloads: WorkloadBase[]): WorkloadBase[] {
  return [...new Set(workloads)].sort((a, b) => byText(a.name, b.name));
}

/** Groups in the order of their keys. */
function groupBy<T>(items: T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const its = key(item);
    const group = groups.get(its);
    if (group) group.push(item);
    else groups.set(its, [item]);
  }
  return [...groups].sort(([a], [b]) => byText(a, b)).map(([, group]) => group);
}
