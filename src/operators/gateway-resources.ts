import { issuerAnnotations } from './certificate-issuer';
import type { ExistingGateway } from './gateway-routes';
import { toRule } from './gateway-rules';
import type { CertificateIssuer } from './proxy-routes';
import { hostsOf, routesByHost } from './routing';
import { LABELS } from './taking-over';
import type { ReverseProxy } from '../patterns/reverse-proxy';
import { shortHash, withinLimit } from '../private/hash';
import type { ProxyRoute } from '../proxies/proxy-configuration';
import type { Manifest } from '../targets/kubernetes/plain';

const API_VERSION = 'gateway.networking.k8s.io/v1';

/** Most host names of one HTTPRoute. */
const MOST_HOSTS = 16;

/** A Gateway of the proxy's own. With TLS it has a listener for each host, as cert-manager makes certificates for those that have a name. */
export function gatewayResource({ workload, configuration, certificate }: ReverseProxy, gatewayClassName: string, issuer?: CertificateIssuer): Manifest {
  const portOf = (name: string) => workload.publishedPorts.find(({ endpoint }) => endpoint.portName === name)!.hostPort;
  const annotations = issuerAnnotations(issuer);
  return {
    apiVersion: API_VERSION,
    kind: 'Gateway',
    metadata: { name: workload.name, labels: LABELS, annotations: issuer && annotations },
    spec: {
      gatewayClassName,
      listeners: [
        { name: 'http', port: portOf('http'), protocol: 'HTTP' },
        ...(certificate ? hostsOf(configuration) ?? [undefined] : []).map(hostname => ({
          name: secureListener(hostname),
          hostname,
          port: portOf('https'),
          protocol: 'HTTPS',
          tls: { mode: 'Terminate', certificateRefs: [{ name: certificate!.chain.bundle }] },
        })),
      ],
    },
  };
}

/** What sends clients without TLS to the port with TLS; nothing where they are answered, too. */
export function redirectToTls({ workload: { name }, configuration }: ReverseProxy, gateway: ExistingGateway | undefined, version: number): Manifest[] {
  const { tls } = configuration;
  if (tls?.redirectPort === undefined) return [];
  const requestRedirect = { scheme: 'https', port: tls.redirectPort === 443 ? undefined : tls.redirectPort, statusCode: version < 5 ? 301 : 308 };
  return inChunks(hostsOf(configuration)).map((hostnames, index) => httpRoute(`${name}-to-tls${numbered(index)}`, {
    parentRefs: parents(name, gateway, [gateway?.httpListener ?? 'http']),
    hostnames,
    rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect }] }],
  }));
}

/** An HTTPRoute for each route, at the listeners at which clients are answered. */
export function httpRoutes({ workload: { name }, configuration }: ReverseProxy, gateway?: ExistingGateway): Manifest[] {
  const { tls, routes } = configuration;
  const byHost = [...routesByHost(configuration)];
  const secure = (hosts: string[] | undefined) => gateway ? [gateway.httpsListener ?? 'https']
    : (hosts && hostsOf(configuration) ? hosts : [undefined]).map(secureListener);
  return routes.flatMap(route => {
    const hosts = byHost.filter(([, its]) => its.includes(route)).map(([host]) => host);
    const named = hosts.filter(host => host !== undefined) as string[];
    const groups = [...(hosts.includes(undefined) ? [undefined] : []), ...(named.length > 0 ? inChunks(named) : [])];
    return groups.map((hostnames, index) => httpRoute(`${routeName(name, route)}${numbered(index)}`, {
      parentRefs: parents(name, gateway, [
        ...(tls?.redirectPort === undefined ? [gateway?.httpListener ?? 'http'] : []),
        ...(tls ? secure(hostnames) : []),
      ]),
      hostnames,
      rules: [toRule(route, configuration)],
    }));
  });
}

function httpRoute(name: string, spec: object): Manifest {
  return { apiVersion: API_VERSION, kind: 'HTTPRoute', metadata: { name, labels: LABELS }, spec };
}

/** Name of a listener with TLS. */
function secureListener(hostname?: string): string {
  return hostname === undefined ? 'https' : withinLimit(`https-${hostname}`, 253);
}

function parents(name: string, gateway: ExistingGateway | undefined, listeners: string[]): object[] {
  return listeners.map(sectionName => ({ name: gateway?.name ?? name, namespace: gateway?.namespace, sectionName }));
}

/** A name that stays when other routes come and go. */
function routeName(proxy: string, { host = '', path, match }: ProxyRoute): string {
  const readable = `${host}${path}`.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 100).replace(/-$/, '');
  return [proxy, ...(readable === '' ? [] : [readable]), shortHash(`${match} ${host}${path}`, 6)].join('-');
}

function numbered(index: number): string {
  return index === 0 ? '' : `-${index + 1}`;
}

function inChunks(hosts: string[] | undefined): (string[] | undefined)[] {
  if (!hosts) return [undefined];
  return Array.from({ length: Math.ceil(hosts.length / MOST_HOSTS) }, (_, index) => hosts.slice(index * MOST_HOSTS, (index + 1) * MOST_HOSTS));
}
