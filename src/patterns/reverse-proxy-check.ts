import { Duration } from 'cdk8s';
import type { ReverseProxyProps } from './reverse-proxy';
import { isHostName, show } from './route-check';
import { Certificate } from '../model/certificate';
import { Exposure } from '../model/exposure';
import { isPortNumber } from '../private/ports';
import type { Problems } from '../private/problems';
import type { ProxyFeatureRequest } from '../proxies/feature-request';
import { ProxyFeature } from '../proxies/features';

/** Notes everything that is wrong with a proxy, but for its routes. Whoever calls without types may give anything. */
export function checkProxy(problems: Problems, props: ReverseProxyProps): void {
  const { engine, hosts, tls, exposure, responseHeaders = {}, httpPort, httpsPort } = props;
  problems.check(typeof engine?.run === 'function', `'engine' must be an IProxyEngine, got ${show(engine)}`);
  problems.check(hosts === undefined || (Array.isArray(hosts) && hosts.length > 0 && hosts.every(isHostName)), `'hosts' must be DNS names in lower case, got ${show(hosts)}`);
  problems.check(!Array.isArray(hosts) || new Set(hosts).size === hosts.length, `'hosts' has a name twice: ${show(hosts)}; give it once`);
  problems.check(exposure === undefined || exposure instanceof Exposure, `'exposure' must be an Exposure, got ${show(exposure)}`);
  for (const [property, port] of Object.entries({ httpPort, httpsPort })) {
    problems.check(port === undefined || isPortNumber(port), `'${property}' must be a whole number from 1 to 65535, got ${show(port)}`);
  }
  problems.check(httpPort === undefined || httpPort !== httpsPort, `'httpPort' and 'httpsPort' are both ${httpPort}; give one of them another number`);
  problems.check(httpsPort === undefined || tls !== undefined, "'httpsPort' is for clients with TLS; give 'tls', or leave it out");
  if (tls !== undefined) {
    problems.check(tls?.certificate === undefined || tls.certificate instanceof Certificate, `'certificate' of 'tls' must be a Certificate, got ${show(tls?.certificate)}`);
    const { hsts } = tls ?? {};
    problems.check(hsts === undefined || (hsts instanceof Duration && Number.isInteger(hsts.toSeconds({ integral: false }))), `'hsts' of 'tls' must be a Duration of whole seconds, got ${show(hsts)}`);
  }
  for (const [name, value] of Object.entries(responseHeaders)) {
    problems.check(/^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/.test(name), `a header's name must be letters, digits and hyphens, got '${name}' in 'responseHeaders'`);
    problems.check(typeof value === 'string' && /^[ -~]{1,4000}$/.test(value), `the value of '${name}' in 'responseHeaders' must be one line of letters, digits and signs, got ${JSON.stringify(value)}`);
  }
}

/** What the proxy asks its engine for, but for its routes. */
export function requestsOfProxy({ compression }: ReverseProxyProps): ProxyFeatureRequest[] {
  return compression ? [{ property: "'compression'", feature: ProxyFeature.COMPRESSION }] : [];
}
