import type { k8s } from 'cdk8s-plus-27';
import type { Plain } from './plain';
import { isIPv4Range } from '../../private/addresses';
import { Problems } from '../../private/problems';

/** Where a cluster looks up names: pods, and addresses that are none of pods, such as those of a cache on each node. */
export interface DnsServers {
  /**
   * Namespace of the pods.
   * @default 'kube-system'
   */
  readonly namespaceName?: string;
  /**
   * Labels of the pods.
   * @default - `k8s-app: kube-dns`
   */
  readonly podLabels?: Record<string, string>;
  /**
   * Ranges of addresses in CIDR notation at which names are looked up, too.
   * @default - none
   */
  readonly addresses?: string[];
}

/**
 * Lets pods look up names.
 * @throws if a range is malformed.
 */
export function lowerDnsServers(application: string, servers: DnsServers = {}): Plain<k8s.NetworkPolicyEgressRule> {
  const { namespaceName = 'kube-system', podLabels = { 'k8s-app': 'kube-dns' }, addresses = [] } = servers;
  const problems = new Problems(application);
  for (const range of addresses) problems.check(isIPv4Range(range), `'dnsServers.addresses' must be IPv4 ranges such as 169.254.20.10/32, each beginning with its first address, got '${range}'`);
  problems.throwIfAny();
  return {
    to: [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespaceName } }, podSelector: { matchLabels: { ...podLabels } } },
      ...addresses.map(cidr => ({ ipBlock: { cidr } })),
    ],
    ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }],
  };
}
