import { serviceOf } from './routing';
import { FORGED } from '../proxies/http-facts';
import { CorsPolicy, PathMatch, ProxyConfiguration, ProxyForward, ProxyRedirect, ProxyRoute } from '../proxies/proxy-configuration';

/** Headers that controllers set by themselves, so that none of them may be taken away. */
const SET_BY_CONTROLLERS = ['X-Real-IP', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Forwarded-Port', 'X-Request-ID'];
const PREFIX = 'X-Forwarded-Prefix';

/** The rule of an HTTPRoute for one route. */
export function toRule(route: ProxyRoute, configuration: ProxyConfiguration): object {
  const { path, match, forward, redirect, cors } = route;
  const exact = match === PathMatch.EXACT;
  return {
    matches: [{ path: { type: exact ? 'Exact' : 'PathPrefix', value: path } }],
    filters: redirect ? [{ type: 'RequestRedirect', requestRedirect: toRedirect(redirect) }] : [
      requestHeaders(route),
      ...responseHeaders(configuration),
      ...(cors ? [{ type: 'CORS', cors: toCors(cors) }] : []),
      ...(forward?.rewrite === undefined ? [] : [{ type: 'URLRewrite', urlRewrite: { path: rewritten(forward.rewrite, exact) } }]),
    ],
    backendRefs: forward && backends(forward),
    // otherwise some controllers end a long answer after seconds
    timeouts: forward && { request: '0s' },
  };
}

/** The redirect in words of the Gateway API; undefined where that has none for where it leads. */
export function toRedirect({ to, status = 308 }: ProxyRedirect): object | undefined {
  const parts = /^(?:(https?):\/\/([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::([1-9]\d{0,4}))?)?(\/[^?#]*)?$/.exec(to);
  if (!parts) return undefined;
  const [, scheme, hostname, port, path = '/'] = parts;
  return {
    scheme,
    hostname,
    port: port === undefined ? undefined : Number(port),
    path: { type: 'ReplaceFullPath', replaceFullPath: path },
    statusCode: status,
  };
}

/** What a client says of itself is taken away, unless the controller says it. */
function requestHeaders({ path, forward }: ProxyRoute): object {
  const prefixed = forward?.rewrite !== undefined && path !== '/';
  return {
    type: 'RequestHeaderModifier',
    requestHeaderModifier: {
      set: prefixed ? [{ name: PREFIX, value: path }] : undefined,
      remove: FORGED.filter(name => !SET_BY_CONTROLLERS.includes(name) && !(prefixed && name === PREFIX)),
    },
  };
}

/** Headers of every answer: those of the program, and that browsers shall come by TLS alone. */
export function answerHeaders({ responseHeaders: headers, tls }: ProxyConfiguration): { name: string; value: string }[] {
  const hsts = tls?.hsts ? { 'Strict-Transport-Security': `max-age=${tls.hsts.toSeconds()}` } : {};
  return Object.entries({ ...headers, ...hsts }).map(([name, value]) => ({ name, value }));
}

function responseHeaders(configuration: ProxyConfiguration): object[] {
  const set = answerHeaders(configuration);
  return set.length > 0 ? [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { set } }] : [];
}

function toCors({ origins, methods = ['GET', 'HEAD', 'POST'], headers, credentials }: CorsPolicy): object {
  return { allowOrigins: origins, allowMethods: methods, allowHeaders: headers?.length ? headers : undefined, allowCredentials: credentials || undefined };
}

function rewritten(rewrite: string, exact: boolean): object {
  return exact ? { type: 'ReplaceFullPath', replaceFullPath: rewrite } : { type: 'ReplacePrefixMatch', replacePrefixMatch: rewrite };
}

/** Services with their shares: each of the same kind has the same. */
function backends({ upstreams, canary }: ProxyForward): object[] {
  const others = canary?.to ?? [];
  const [share, ofOthers] = canary ? [(100 - canary.percent) * others.length, canary.percent * upstreams.length] : [1, 0];
  const divisor = commonDivisor(share, ofOthers);
  return [...upstreams, ...others].map((endpoint, index, { length }) => ({
    name: serviceOf(endpoint),
    port: endpoint.port,
    weight: length === 1 ? undefined : (index < upstreams.length ? share : ofOthers) / divisor,
  }));
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
