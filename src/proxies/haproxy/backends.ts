import { isIPv4 } from 'net';
import { refusal } from './frontends';
import { answer, Line, linesIf, literal, pattern, request, Section, section } from './writer';
import type { Endpoint } from '../../model/endpoint';
import { Balancing, BalancingKind } from '../balancing';
import { DNS_SUFFIX_MARK } from '../dns-suffix';
import { CorsPolicy, PathMatch, ProxyConfiguration, ProxyForward, ProxyRoute, RateLimit } from '../proxy-configuration';

/** More replicas of one workload get no requests. */
const MOST_REPLICAS = 32;
/** What may be sent once more although it was sent, as it changes nothing that the first one did not. */
const REPEATABLE = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'];
/** Replicas are asked for a connection, and those that refuse get no requests until they take one. */
const CHECK = ['check', 'inter', '2s', 'fastinter', '500ms', 'fall', 2, 'rise', 1, 'observe', 'layer4', 'error-limit', 1, 'on-error', 'mark-down'];

/** A backend for each route, one more for its canary, and one for what fits none. */
export function backendsOf({ name, tls, routes }: ProxyConfiguration): Section[] {
  const proxy = { name, secure: tls?.redirectPort !== undefined };
  return [
    ...routes.flatMap((route, index) => [
      backend(`route_${index}`, proxy, route, index, route.forward?.upstreams),
      ...(route.forward?.canary ? [backend(`canary_${index}`, proxy, route, index, route.forward.canary.to)] : []),
      ...(route.rateLimit ? [limitTable(route.rateLimit, index)] : []),
    ]),
    section(['backend', 'none'], request('return', 'status', 404)),
  ];
}

/** What is the same of all backends. */
interface Proxy {
  readonly name: string;
  /** Whether clients come by TLS alone. */
  readonly secure: boolean;
}

function backend(name: string, proxy: Proxy, route: ProxyRoute, index: number, upstreams: Endpoint[] | undefined): Section {
  const { sources, rateLimit, basicAuthentication, cors, redirect, forward } = route;
  return section(['backend', name],
    ...refusal(sources),
    ...(cors ? corsLines(cors) : []),
    ...(rateLimit ? limitLines(rateLimit, index) : []),
    ...(basicAuthentication ? [
      request('auth', 'realm', basicAuthentication.realm ?? 'restricted', 'unless', '{', `http_auth(users_${index})`, '}'),
      request('set-var(txn.user)', 'http_auth_user'),
      request('set-header', 'X-Forwarded-User', '%[http_auth_user]'),
      request('del-header', 'Authorization'),
    ] : []),
    ...(redirect ? [request('redirect', 'location', literal(redirect.to), 'code', redirect.status ?? 308)] : []),
    ...(forward && upstreams ? forwardLines(proxy, route, forward, upstreams) : []));
}

function forwardLines(proxy: Proxy, route: ProxyRoute, forward: ProxyForward, upstreams: Endpoint[]): Line[] {
  const { balancing, stickyCookie, connectTimeout, responseTimeout, maxBodySize, retries, healthPath } = forward;
  const grpc = upstreams[0].scheme.startsWith('grpc');
  const milliseconds = `${responseTimeout.toMilliseconds()}ms`;
  return [
    ...balancingLines(balancing),
    ...linesIf(stickyCookie !== undefined,
      ['cookie', `${stickyCookie}`, 'insert', 'indirect', 'nocache', 'httponly', 'attr', 'SameSite=Lax', 'dynamic', ...(proxy.secure ? ['secure'] : [])], ['dynamic-cookie-key', proxy.name]),
    ['timeout', 'connect', `${connectTimeout.toMilliseconds()}ms`],
    ['timeout', 'server', milliseconds],
    ['timeout', 'tunnel', milliseconds],
    ['retries', retries],
    ...linesIf(retries > 0,
      ['option', 'redispatch', 1],
      ['retry-on', 'conn-failure', 'empty-response', 'junk-response', 'response-timeout', 502, 503, 504],
      request('disable-l7-retry', 'unless', '{', 'method', ...REPEATABLE, '}')),
    // a body whose length nobody says cannot be measured before it is passed on
    ...linesIf(!grpc, request('return', 'status', 411, 'if', '{', 'req.hdr(transfer-encoding)', '-m', 'found', '}', '!{', 'req.hdr(upgrade)', '-m', 'found', '}')),
    request('deny', 'deny_status', 413, 'if', '{', 'req.hdr(content-length)', '-m', 'int', 'gt', maxBodySize.toKibibytes() * 1024, '}'),
    ...rewriteLines(route, forward),
    ...linesIf(healthPath !== undefined, ['option', 'httpchk'], ['http-check', 'send', 'meth', 'GET', 'uri', `${healthPath}`, 'ver', 'HTTP/1.1', 'hdr', 'Host', 'health']),
    ...upstreams.map((upstream, number) => serverLine(upstream, number, forward)),
  ];
}

function balancingLines({ kind, name }: Balancing): Line[] {
  const by = (expression: string): Line[] => [['balance', 'hash', expression], ['hash-type', 'consistent']];
  switch (kind) {
    case BalancingKind.ROUND_ROBIN: return [['balance', 'roundrobin']];
    case BalancingKind.LEAST_CONNECTIONS: return [['balance', 'leastconn']];
    case BalancingKind.CLIENT_ADDRESS: return by('src');
    case BalancingKind.HEADER: return by(`req.hdr(${name})`);
    case BalancingKind.COOKIE: return by(`req.cook(${name})`);
  }
}

/** The path as it was written, as what it means could not be written again. */
function rewriteLines({ path, match }: ProxyRoute, { rewrite }: ProxyForward): Line[] {
  if (rewrite === undefined) return [];
  const [from, to] = [path, rewrite].map(each => each === '/' ? '' : each);
  return [
    ...linesIf(path !== '/', request('deny', 'deny_status', 400, 'unless', '{', 'path', path, '}', '||', '{', 'path', '-m', 'beg', `${path}/`, '}'), request('set-header', 'X-Forwarded-Prefix', literal(path))),
    ...linesIf(match === PathMatch.PREFIX, request('replace-path', `^${pattern(from)}/(.*)$`, `${literal(to)}/\\1`)),
    ...linesIf(path !== '/', request('set-path', literal(rewrite), 'if', '{', 'var(txn.path)', '-m', 'str', path, '}')),
  ];
}

function serverLine({ host, port, workload, scheme }: Endpoint, number: number, { caCertificates }: ProxyForward): Line {
  const address = `${host}${workload ? DNS_SUFFIX_MARK : ''}:${port}`;
  const fixed = isIPv4(host);
  const named = workload?.name ?? host;
  const grpc = scheme.startsWith('grpc');
  return [
    ...(fixed ? ['server', `upstream_${number}`, address] : ['server-template', `upstream_${number}_`, `1-${MOST_REPLICAS}`, address, 'resolvers', 'engine', 'init-addr', 'none', 'resolve-prefer', 'ipv4']),
    ...(caCertificates ? ['ssl', 'verify', 'required', 'ca-file', caCertificates.path, 'ssl-min-ver', 'TLSv1.2', 'alpn', grpc ? 'h2' : 'http/1.1', 'verifyhost', named, ...(isIPv4(named) ? [] : ['sni', `str(${named})`])]
      : grpc ? ['proto', 'h2'] : []),
    ...CHECK,
  ];
}

/** As many requests at once as the limit says, and as many for each second on average. */
function limitOf({ requestsPerSecond, burst = requestsPerSecond }: RateLimit): { count: number; milliseconds: number } {
  const count = Math.max(burst + 1, Math.ceil(requestsPerSecond / 100));
  return { count, milliseconds: Math.ceil(count * 1000 / requestsPerSecond) };
}

function limitTable(limit: RateLimit, index: number): Section {
  const { milliseconds } = limitOf(limit);
  return section(['backend', `limit_${index}`], ['stick-table', 'type', 'ipv6', 'size', '100k', 'expire', `${Math.max(10_000, 2 * milliseconds)}ms`, 'store', `gpc0,gpc0_rate(${milliseconds}ms)`]);
}

/** Requests that are refused do not count. */
function limitLines(limit: RateLimit, index: number): Line[] {
  return [
    request('track-sc0', 'src', 'table', `limit_${index}`),
    request('deny', 'deny_status', 429, 'if', '{', 'sc0_gpc0_rate', 'ge', limitOf(limit).count, '}'),
    request('sc-inc-gpc0(0)'),
  ];
}

function corsLines({ origins, methods = ['GET', 'HEAD', 'POST'], headers = [], credentials }: CorsPolicy): Line[] {
  const everyone = origins.includes('*');
  const asked = ['if', '{', 'method', 'OPTIONS', '}', '{', 'req.hdr(access-control-request-method)', '-m', 'found', '}'];
  const onlyIf = ['if', '{', 'var(txn.origin)', '-m', 'found', '}'];
  return [
    ...(everyone ? [] : origins).map((origin): Line => ['acl', 'origins', 'req.hdr(origin)', '-m', 'str', origin]),
    everyone ? request('set-var(txn.origin)', 'str(*)') : request('set-var(txn.origin)', 'req.hdr(origin)', 'if', 'origins'),
    request('return', 'status', 204, 'hdr', 'Access-Control-Allow-Methods', methods.join(', '), ...(headers.length > 0 ? ['hdr', 'Access-Control-Allow-Headers', headers.join(', ')] : []), ...asked),
    ['http-response', 'del-header', 'Access-Control-Allow-', '-m', 'beg'],
    answer('del-header', 'Access-Control-Allow-Origin'),
    answer('del-header', 'Access-Control-Allow-Credentials'),
    answer('set-header', 'Access-Control-Allow-Origin', '%[var(txn.origin)]', ...onlyIf),
    ...linesIf(credentials, answer('set-header', 'Access-Control-Allow-Credentials', 'true', ...onlyIf)),
    answer('add-header', 'Vary', 'Origin'),
  ];
}
