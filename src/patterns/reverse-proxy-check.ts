import type { ReverseProxyProps } from './reverse-proxy';
import { ExposureKind } from '../model/exposure';
import { isHost } from '../private/addresses';
import { isPortNumber } from '../private/ports';
import type { Problems } from '../private/problems';
import type { ProxyFeatureRequest } from '../proxies/feature-request';
import { ProxyFeature } from '../proxies/features';

/** Notes everything that is wrong with a proxy, but for its routes. */
export function checkProxy(problems: Problems, props: ReverseProxyProps): void {
  const { hosts, tls, responseHeaders = {}, httpPort, httpsPort, balancer } = props;
  problems.check(hosts === undefined || (hosts.length > 0 && hosts.every(isHost)), `'hosts' must be DNS names in lower case, got ${hosts?.join(', ') || 'none'}`);
  problems.check(new Set(hosts).size === (hosts ?? []).length, `'hosts' has a name twice: ${hosts?.join(', ')}; give it once`);
  for (const [property, port] of Object.entries({ httpPort, httpsPort })) {
    problems.check(port === undefined || isPortNumber(port), `'${property}' must be a whole number from 1 to 65535, got ${port}`);
  }
  problems.check(httpPort === undefined || httpPort !== httpsPort, `'httpPort' and 'httpsPort' are both ${httpPort}; give one of them another number`);
  problems.check(httpsPort === undefined || tls !== undefined, "'httpsPort' is for clients with TLS; give 'tls', or leave it out");
  for (const name of ['exposure', 'publicHost'] as const) {
    problems.check(!balancer || props[name] === undefined, `'${name}' is said by load balancer '${balancer?.name}'; leave it out here, and give it to 'new LoadBalancer'`);
  }
  const hsts = tls?.hsts?.toSeconds({ integral: false });
  problems.check(hsts === undefined || Number.isInteger(hsts), `'hsts' of 'tls' must be a Duration of whole seconds, got ${hsts} s`);
  for (const [name, value] of Object.entries(responseHeaders)) {
    problems.check(/^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/.test(name), `a header's name must be letters, digits and hyphens, got '${name}' in 'responseHeaders'`);
    problems.check(/^[ -~]{1,4000}$/.test(value), `the value of '${name}' in 'responseHeaders' must be one line of letters, digits and signs, got ${JSON.stringify(value)}`);
  }
}

/** What the proxy asks its engine for, but for its routes. */
export function requestsOfProxy({ compression, balancer, responseHeaders, tls, exposure }: ReverseProxyProps): ProxyFeatureRequest[] {
  const asks: [holds: boolean | undefined, property: string, feature: ProxyFeature][] = [
    [compression, 'compression', ProxyFeature.COMPRESSION],
    [balancer !== undefined, 'balancer', ProxyFeature.PROXY_PROTOCOL],
    [exposure?.kind === ExposureKind.SOURCES, 'exposure', ProxyFeature.SOURCES],
    [responseHeaders !== undefined, 'responseHeaders', ProxyFeature.RESPONSE_HEADERS],
    [tls?.hsts !== undefined, 'hsts', ProxyFeature.RESPONSE_HEADERS],
    [tls?.redirect, 'redirect', ProxyFeature.TLS_REDIRECT],
  ];
  return asks.filter(([holds]) => holds).map(([, property, feature]) => ({ property: `'${property}'`, feature }));
}
