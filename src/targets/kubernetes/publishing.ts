import type { k8s } from 'cdk8s-plus-27';
import { KUBERNETES_DEVIATIONS as DEVIATIONS } from './deviations';
import { balancerLabel, nameLabel, ownSelector, selectorLabels, workloadLabels } from './labels';
import type { Manifest, Plain, PlainServiceSpec } from './plain';
import type { ProvidedPods } from './provider';
import { Protocol } from '../../model/endpoint';
import { ExposureKind } from '../../model/exposure';
import type { LoadBalancer } from '../../model/load-balancer';
import type { Entrance, PublishedPort } from '../../model/published-port';
import type { Workload } from '../../model/workload';
import { withinLimit } from '../../private/hash';
import { byText } from '../../private/names';
import { exposedPort, ExposedPort } from '../exposed';
import type { Deviation } from '../fidelity';

/** What leads clients outside the cluster to published ports. */
export enum PortPublishing {
  /** A load balancer in front of the cluster, for each workload. */
  LOAD_BALANCER = 'LoadBalancer',
  /** A port of the nodes that run the workload. */
  NODE_PORT = 'NodePort',
}

/** How a chart publishes. */
export interface PublishingContext {
  readonly through: PortPublishing;
  /** Whether load balancers come through ports of the nodes. */
  readonly nodePorts: boolean;
  readonly namespace?: string;
}

/** The range of node ports of a cluster that was not told otherwise. */
const isNodePort = (port: number) => port >= 30000 && port <= 32767;

/** What one Service has of a published port. */
type Way = Pick<Entrance, 'endpoint' | 'hostPort'> & { readonly sources: string[] };

/** The Services that lead clients outside the cluster to a workload, and to its members. What is published to this machine has none. */
export function lowerPublishing(workload: Workload, context: PublishingContext, pods?: ProvidedPods): Manifest[] {
  const published = workload.publishedPorts.filter(({ balancer }) => !balancer);
  const waysTo = (member?: string) => published.flatMap(port => waysOf(port, member));
  const labels = workloadLabels(workload, 'workload');
  return [
    ...publicService(workload.name, labels, pods?.labels ?? selectorLabels(workload), waysTo(), context, pods),
    ...workload.memberNames.flatMap(member => {
      const selector = pods ? pods.hosts?.[member] : ownSelector(workload, member);
      return selector ? publicService(member, labels, selector, waysTo(member), context, pods) : [];
    }),
  ];
}

/** The Service that leads clients outside the cluster to all that stands behind a load balancer. Pods that somebody else makes have no label of ours. */
export function lowerBalancer(balancer: LoadBalancer, context: PublishingContext, pods?: ProvidedPods): Manifest[] {
  const labels = { ...nameLabel(balancer.name), 'app.kubernetes.io/component': 'load-balancer' };
  const selector = pods?.labels ?? { [balancerLabel(balancer)]: 'true', 'app.kubernetes.io/instance': balancer.application.name };
  const first = new Map(balancer.ports.map(port => [port.endpoint.portName, port])); // which is the same port of each workload
  return publicService(balancer.name, labels, selector, [...first.values()].flatMap(port => waysOf(port)), context, pods);
}

/** Those to one member, or to all replicas, for clients outside the cluster. */
function waysOf(port: PublishedPort, member?: string): Way[] {
  const sources = sourcesOf(port);
  const entrances = port.entrances.filter(entrance => entrance.member === member && sources.length > 0);
  return entrances.map(({ endpoint, hostPort }) => ({ endpoint, hostPort, sources }));
}

function publicService(
  name: string, labels: Record<string, string>, selector: Record<string, string>, ways: Way[],
  { through, nodePorts }: PublishingContext, pods?: ProvidedPods,
): Manifest[] {
  if (ways.length === 0) return [];
  const balanced = through === PortPublishing.LOAD_BALANCER;
  const sources = sorted(ways.flatMap(way => way.sources));
  const families = [...(sources.some(range => !isIPv6(range)) ? ['IPv4'] : []), ...(sources.some(isIPv6) ? ['IPv6'] : [])];
  const spec: PlainServiceSpec = {
    type: through,
    selector,
    // the policies need the clients' own addresses
    externalTrafficPolicy: 'Local',
    allocateLoadBalancerNodePorts: balanced && !nodePorts ? false : undefined,
    loadBalancerSourceRanges: balanced && !sources.some(range => range.endsWith('/0')) ? sources : undefined,
    ...(sources.some(isIPv6) ? { ipFamilies: families, ipFamilyPolicy: families.length > 1 ? 'RequireDualStack' : 'SingleStack' } : {}),
    ports: ways.map(({ endpoint: { portName, port, protocol }, hostPort }) => ({
      name: portName,
      port: hostPort,
      targetPort: pods ? port : portName,
      protocol,
      nodePort: !balanced && isNodePort(hostPort) ? hostPort : undefined,
    })),
  };
  return [{ apiVersion: 'v1', kind: 'Service', metadata: { name: serviceName(name), labels }, spec }];
}

/** Lets in whoever may come to the published ports. `kubectl port-forward` comes from within the pod. */
export function lowerSources(workload: Workload): Plain<k8s.NetworkPolicyIngressRule>[] {
  return workload.publishedPorts.filter(port => sourcesOf(port).length > 0).map(port => ({
    from: sourcesOf(port).map(cidr => ({ ipBlock: { cidr } })),
    ports: [{ port: port.endpoint.port, protocol: port.endpoint.protocol }],
  }));
}

/** What is not as declared. */
export function publishingDeviations(workload: Workload, { through }: PublishingContext, pods?: ProvidedPods): Deviation[] {
  return workload.publishedPorts.flatMap(({ endpoint: { protocol }, entrances, exposures, publicHosts }) => [
    ...(entrances.length > Math.max(1, publicHosts.length) && exposures.some(({ sourceRanges: [range] }) => range) ? [DEVIATIONS.membersOfOneHost] : []),
    ...(pods && entrances.some(({ member }) => member !== undefined && !pods.hosts?.[member]) ? [DEVIATIONS.unnamed] : []),
    ...exposures.flatMap(({ kind }) => {
      switch (kind) {
        case ExposureKind.THIS_MACHINE: return [protocol === Protocol.UDP ? DEVIATIONS.forwardedUdp : DEVIATIONS.forwarded];
        case ExposureKind.HOST_ADDRESS: return [DEVIATIONS.hostAddress];
        default: return through === PortPublishing.NODE_PORT && !entrances.every(({ hostPort }) => isNodePort(hostPort)) ? [DEVIATIONS.nodePort] : [];
      }
    }),
  ]);
}

/** All ways in to a workload. */
export function exposedPorts(workload: Workload, { namespace }: PublishingContext): ExposedPort[] {
  const kubectl = namespace === undefined ? 'kubectl' : `kubectl --namespace ${namespace}`;
  return workload.publishedPorts.flatMap(({ exposures, entrances, balancer }) => exposures.flatMap(exposure => entrances.map((entrance): ExposedPort => {
    const { endpoint: { scheme, port }, hostPort, publicEndpoint, member = workload.name } = entrance;
    const exposed = exposedPort(entrance, exposure);
    return exposure.kind === ExposureKind.THIS_MACHINE
      ? { ...exposed, url: `${scheme}://localhost:${hostPort}`, command: `${kubectl} port-forward service/${member} ${hostPort}:${port}` }
      : { ...exposed, url: publicEndpoint?.url, command: `${kubectl} get service ${serviceName(balancer?.name ?? member)}` };
  })));
}

/** No workload's name begins with 'conduit-'. */
function serviceName(name: string): string {
  return withinLimit(`conduit-public-${name}`);
}

function sourcesOf({ exposures }: PublishedPort): string[] {
  return sorted(exposures.flatMap(({ sourceRanges }) => sourceRanges));
}

function sorted(ranges: string[]): string[] {
  return [...new Set(ranges)].sort(byText);
}

function isIPv6(range: string): boolean {
  return range.includes(':');
}
