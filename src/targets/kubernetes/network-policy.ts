import type { k8s } from 'cdk8s-plus-27';
import { applicationLabels, selectorLabels, workloadLabels } from './labels';
import type { Manifest, Plain } from './plain';
import type { Application } from '../../model/application';
import type { Connection } from '../../model/connection';
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

/** Opens exactly the edges of one workload, at both their ends. Ports are the pods' own, as policies are enforced there. */
export function lowerPolicy(workload: WorkloadBase, component: string, incoming: Connection[]): Manifest {
  const ingress: Plain<k8s.NetworkPolicyIngressRule>[] = groupBy(incoming, edge => `${edge.endpoint.port}/${edge.endpoint.protocol}`).map(edges => ({
    from: distinctWorkloads(edges.map(edge => edge.client.workload)).map(toPeer),
    ports: [toPort(edges[0])],
  }));
  const outgoing = workload.connections;
  const egress: Plain<k8s.NetworkPolicyEgressRule>[] = groupBy(outgoing, edge => edge.endpoint.workload?.name ?? `outside ${edge.endpoint.address} ${edge.endpoint.addresses.sort(byText).join(' ')}`).map(edges => ({
    to: edges[0].endpoint.workload ? [toPeer(edges[0].endpoint.workload)] : edges[0].endpoint.addresses.sort(byText).map(cidr => ({ ipBlock: { cidr } })),
    ports: groupBy(edges, edge => `${edge.endpoint.port}/${edge.endpoint.protocol}`).map(same => toPort(same[0])),
  }));
  if (workload instanceof Workload && workload.clustered) {
    ingress.push({ from: [toPeer(workload)] });
    egress.push({ to: [toPeer(workload)] });
  }
  const spec: Plain<k8s.NetworkPolicySpec> = {
    podSelector: { matchLabels: selectorLabels(workload) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: ingress.length > 0 ? ingress : undefined,
    egress: egress.length > 0 ? [...egress, DNS] : undefined,
  };
  return policy(workload.name, workloadLabels(workload, component), spec);
}

function policy(name: string, labels: Record<string, string>, spec: Plain<k8s.NetworkPolicySpec>): Manifest {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, labels }, spec };
}

function toPeer(workload: WorkloadBase): Plain<k8s.NetworkPolicyPeer> {
  return { podSelector: { matchLabels: selectorLabels(workload) } };
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
