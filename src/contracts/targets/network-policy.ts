// NetworkPolicies as Kubernetes evaluates them: https://kubernetes.io/docs/concepts/services-networking/network-policies/

export type Labels = Record<string, string>;

/** A port as traffic meets it; `name` is the pod's own name for it. */
export interface Traffic { readonly port: number; readonly protocol: string; readonly name?: string }

interface Pod { readonly labels: Labels; readonly namespace: Labels }

type Direction = 'Ingress' | 'Egress';

/** The pods of the cluster's DNS server, as every distribution labels them. */
export const DNS_POD: Pod = { labels: { 'k8s-app': 'kube-dns' }, namespace: { 'kubernetes.io/metadata.name': 'kube-system' } };

export class Policies {
  private readonly policies: any[];
  private readonly rules = { Ingress: new Map<Labels, any[]>(), Egress: new Map<Labels, any[]>() };

  public constructor(objects: any[], private readonly namespace: Labels) {
    this.policies = objects.filter(object => object.kind === 'NetworkPolicy');
  }

  /** Whether a pod reaches another one of its namespace: both ends have to allow it. */
  public connects(client: Labels, server: Labels, traffic: Traffic): boolean {
    const to = { labels: server, namespace: this.namespace };
    return this.leaves(client, to, traffic) && this.enters({ labels: client, namespace: this.namespace }, server, traffic);
  }

  /** Whether traffic of a pod to another pod, or to an address outside the cluster, is let out. */
  public leaves(client: Labels, to: Pod | string, traffic: Traffic): boolean {
    return this.allows('Egress', client, to, traffic);
  }

  /** Whether traffic from another pod, or from an address outside the cluster, is let in. */
  public enters(from: Pod | string, server: Labels, traffic: Traffic): boolean {
    return this.allows('Ingress', server, from, traffic);
  }

  private allows(direction: Direction, subject: Labels, other: Pod | string, traffic: Traffic): boolean {
    const rules = this.rulesOf(direction, subject);
    return rules === undefined
      || rules.some(rule => portsMatch(rule.ports, traffic) && peersMatch(direction === 'Ingress' ? rule.from : rule.to, other, this.namespace));
  }

  /** What the policies that select a pod allow together; undefined if none selects it: then all is open. */
  private rulesOf(direction: Direction, subject: Labels): any[] | undefined {
    const known = this.rules[direction].get(subject);
    if (known) return known;
    const applying = this.policies.filter(({ spec }) => typesOf(spec).includes(direction) && selects(spec.podSelector, subject));
    if (applying.length === 0) return undefined;
    const rules = applying.flatMap(({ spec }) => (direction === 'Ingress' ? spec.ingress : spec.egress) ?? []);
    this.rules[direction].set(subject, rules);
    return rules;
  }
}

function typesOf(spec: any): string[] {
  return spec.policyTypes ?? ['Ingress', ...(spec.egress ? ['Egress'] : [])];
}

function peersMatch(peers: any[] | undefined, other: Pod | string, own: Labels): boolean {
  if (!peers || peers.length === 0) return true;
  return peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
    if (ipBlock) {
      // many network plug-ins apply address ranges to pods as well, so a range counts for any pod
      if (typeof other !== 'string') return true;
      return contains(ipBlock.cidr, other) && !(ipBlock.except ?? []).some((cidr: string) => contains(cidr, other));
    }
    if (typeof other === 'string') return false;
    const inNamespace = namespaceSelector ? selects(namespaceSelector, other.namespace) : sameLabels(own, other.namespace);
    return inNamespace && (!podSelector || selects(podSelector, other.labels));
  });
}

function portsMatch(ports: any[] | undefined, traffic: Traffic): boolean {
  if (!ports || ports.length === 0) return true;
  return ports.some(({ port, endPort, protocol = 'TCP' }) => protocol === traffic.protocol
    && (port === undefined || port === traffic.name || (traffic.port >= port && traffic.port <= (endPort ?? port))));
}

function selects({ matchLabels = {}, matchExpressions = [] }: any, labels: Labels): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value)
    && matchExpressions.every(({ key, operator, values }: any) => {
      switch (operator) {
        case 'In': return values.includes(labels[key]);
        case 'NotIn': return !values.includes(labels[key]);
        case 'Exists': return key in labels;
        case 'DoesNotExist': return !(key in labels);
        default: throw new Error(`unknown operator ${operator}`);
      }
    });
}

function sameLabels(a: Labels, b: Labels): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function contains(cidr: string, address: string): boolean {
  const [base, prefix] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(numberOf(base) / size) === Math.floor(numberOf(address) / size);
}

export function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
