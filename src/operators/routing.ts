import { isIPv4 } from 'net';
import type { ProxyRoutesProps } from './proxy-routes';
import { ROUTING_DEVIATIONS as DEVIATIONS } from './routing-deviations';
import type { Endpoint } from '../model/endpoint';
import { ExposureKind } from '../model/exposure';
import type { Primitive } from '../model/primitive';
import { Secret } from '../model/secret';
import { Workload } from '../model/workload';
import type { ReverseProxy } from '../patterns/reverse-proxy';
import { byText, isDnsName } from '../private/names';
import type { Problems } from '../private/problems';
import { ProxyFeature, ProxyFeatureSupport, ProxySupportLevel } from '../proxies/features';
import { KnownProxyEngines } from '../proxies/known-engines';
import type { ProxyConfiguration, ProxyRoute } from '../proxies/proxy-configuration';
import { FidelityLevel } from '../targets/fidelity';
import { requireNamespace } from '../targets/kubernetes/namespace';
import type { Caller, Provision, ProvisionDeviation } from '../targets/kubernetes/provider';

/** Notes a name that no object can have. */
export function requireObjectName(problems: Problems, property: string, name: string): void {
  problems.check(isDnsName(name), `${property} must be a DNS name in lower case, got '${name}'`);
}

/** Notes what is wrong with the pods that take requests. */
export function checkPods(problems: Problems, path: string, { namespace, podLabels = {} }: ProxyRoutesProps): void {
  requireNamespace(path, namespace);
  for (const [name, value] of Object.entries(podLabels)) {
    problems.check(/^([a-z0-9.-]{1,253}\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(name) && /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(value),
      `'podLabels' must be labels such as app.kubernetes.io/name, got '${name}' with '${value}'`);
  }
}

/** Host names of the proxy but for that of its workload; undefined for every name. */
export function hostsOf({ hosts, name }: ProxyConfiguration): string[] | undefined {
  return hosts?.filter(host => host !== name);
}

/**
 * The routes of each host, in the order in which they decide; those of undefined are for all others. A controller chooses by the host first, and a proxy by
 * the path. So what is for every host is also among the routes of each that has some of its own.
 */
export function routesByHost(configuration: ProxyConfiguration): Map<string | undefined, ProxyRoute[]> {
  const { routes } = configuration;
  const named = [...new Set(routes.flatMap(({ host }) => host ?? []))].sort(byText);
  const found = new Map<string | undefined, ProxyRoute[]>();
  for (const host of hostsOf(configuration) ?? [...named, undefined]) {
    const first = new Map<string, ProxyRoute>();
    for (const route of routes.filter(each => each.host === undefined || each.host === host)) {
      const key = `${route.match} ${route.path}`;
      if (!first.has(key)) first.set(key, route);
    }
    if (first.size > 0) found.set(host, [...first.values()]);
  }
  return found;
}

/** The Service that leads to an upstream: a controller chooses among replicas by itself. */
export function serviceOf({ host, workload }: Endpoint): string {
  if (workload instanceof Workload && host === workload.replicasName) return workload.name;
  return host.split('.')[0]; // a member is <name>-<n>.<name>, or its Service <name>-<n>
}

/** All endpoints to which a route sends requests. */
export function upstreamsOf({ forward }: ProxyRoute): Endpoint[] {
  return [...forward?.upstreams ?? [], ...forward?.canary?.to ?? []];
}

/** Pods that take requests connect to every upstream. */
export function callersOf({ configuration }: ReverseProxy, { namespace: namespaceName, podLabels }: ProxyRoutesProps): Caller[] {
  const called = new Map(configuration.routes.flatMap(upstreamsOf).map(endpoint => [`${endpoint.workload?.name} ${endpoint.port}`, endpoint]));
  return [...called.values()].flatMap(({ workload, port }) => workload ? [{ workload, port, namespaceName, podLabels }] : []);
}

/** What a proxy made for itself is not needed, but for the certificate; undefined for anything else. */
export function provideParts(proxy: ReverseProxy, primitive: Primitive, issued: boolean): Provision | undefined {
  const { certificate } = proxy;
  const parts: Primitive[] = certificate ? [certificate.chain, certificate.key, certificate.caCertificates] : [];
  if (parts.includes(primitive)) return issued ? { manifests: [] } : undefined;
  return primitive.node.scopes.includes(proxy) && !(primitive instanceof Secret) ? { manifests: [] } : undefined;
}

/** What is asked for that the controller lacks, each with what has it. */
export function lackingFeatures(
  { node: { path }, requests }: ReverseProxy,
  provider: string,
  support: (feature: ProxyFeature) => ProxyFeatureSupport,
  able: (feature: ProxyFeature) => string[] = () => [],
): ProvisionDeviation[] {
  return requests.flatMap(({ feature, property }) => {
    const { level, how: reason } = support(feature);
    if (level !== ProxySupportLevel.REFUSED) return [];
    const others = [...able(feature), ...KnownProxyEngines.thatCan(feature)];
    const remedy = `use ${others.join(' or ')} in its place, or leave out ${property}`;
    return [{ path, level: FidelityLevel.REFUSED, feature: `${property} (${feature}) with ${provider}`, reason, remedy }];
  });
}

/** What differs from a proxy of the application's own, whatever the controller. */
export function commonDeviations(proxy: ReverseProxy): ProvisionDeviation[] {
  const { workload, configuration } = proxy;
  const hosts = hostsOf(configuration);
  const names = [...hosts ?? [], ...configuration.routes.flatMap(({ host }) => host ?? [])];
  const kinds = workload.publishedPorts.flatMap(({ exposures }) => exposures.map(({ kind }) => kind));
  const found = [
    DEVIATIONS.routed,
    DEVIATIONS.routedClients,
    DEVIATIONS.routedDefaults,
    ...(hosts ? [DEVIATIONS.routedHosts] : []),
    ...(kinds.some(kind => kind === ExposureKind.THIS_MACHINE || kind === ExposureKind.HOST_ADDRESS) ? [DEVIATIONS.routedLocally] : []),
    ...(hosts?.length === 0 || names.some(host => isIPv4(host) || host === workload.name) ? [DEVIATIONS.routedAddress] : []),
    ...(isAsMade(proxy) ? [] : [DEVIATIONS.routedAdditions]),
  ];
  return found.map(deviation => ({ ...deviation, path: proxy.node.path }));
}

/** Whether a program gave nothing to the workload of the proxy beside its routes. */
function isAsMade({ workload, certificate, node }: ReverseProxy): boolean {
  const { main: { mounts, configFiles }, containers, tasks, connections, networks, publishedPorts } = workload;
  return containers.length === 1 && tasks.length === 0 && mounts.length === 0 && networks.length === 0
    && configFiles.every(file => file.node.path.startsWith(`${node.path}/`)) && connections.every(({ flow }) => flow?.action === 'forward' || flow?.action === 'authenticate')
    && publishedPorts.length === (certificate ? 2 : 1) && publishedPorts.every(({ exposures }) => exposures.length === 1);
}
