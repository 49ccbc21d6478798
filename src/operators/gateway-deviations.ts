import type { ExistingGateway } from './gateway-routes';
import { answerHeaders, toRedirect } from './gateway-rules';
import { hostsOf, upstreamsOf } from './routing';
import { ROUTING_DEVIATIONS as DEVIATIONS } from './routing-deviations';
import type { ReverseProxy } from '../patterns/reverse-proxy';
import type { ProxyRoute } from '../proxies/proxy-configuration';
import type { Deviation } from '../targets/fidelity';
import type { ProvisionDeviation } from '../targets/kubernetes/provider';

/** Most listeners of a Gateway: one of them without TLS. */
const MOST_LISTENERS = 64;
/** Most headers that one filter sets, and most Services of one rule. */
const MOST = 16;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

/** Where a Gateway differs from a proxy of the application's own. */
export function gatewayDeviations(proxy: ReverseProxy, gateway: ExistingGateway | undefined, version: number): ProvisionDeviation[] {
  const { node: { path }, configuration } = proxy;
  const { tls, routes } = configuration;
  const some = (test: (route: ProxyRoute) => unknown, deviation: Deviation) => routes.some(test) ? [deviation] : [];
  const earlier = version < 5;
  const limits: boolean[] = [
    tls !== undefined && !gateway && (hostsOf(configuration) ?? []).length >= MOST_LISTENERS,
    answerHeaders(configuration).length > MOST,
    ...routes.map(route => upstreamsOf(route).length > MOST),
    ...routes.map(({ cors }) => [cors?.origins, cors?.headers].some((each = []) => each.length > 64)),
    ...routes.map(({ cors }) => !(cors?.methods ?? []).every(method => METHODS.includes(method))),
  ];
  const found = [
    ...some(({ forward }) => forward && (forward.upstreams.length > 1 || (forward.canary?.to.length ?? 0) > 1), DEVIATIONS.gatewayShares),
    ...some(({ redirect }) => redirect && !toRedirect(redirect), DEVIATIONS.gatewayRedirect),
    ...(earlier ? some(({ redirect }) => redirect && ![301, 302].includes(redirect.status ?? 308), DEVIATIONS.gatewayStatus) : []),
    ...(earlier ? some(({ cors }) => cors, DEVIATIONS.gatewayCors) : []),
    ...(earlier && tls?.redirectPort !== undefined ? [DEVIATIONS.gatewayTlsStatus] : []),
    ...(gateway && tls ? [DEVIATIONS.gatewayCertificate] : []),
    ...(limits.includes(true) ? [DEVIATIONS.gatewayLimits] : []),
  ];
  return found.map(deviation => ({ ...deviation, path }));
}
