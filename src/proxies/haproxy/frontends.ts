import { LOG_FORMAT } from './log';
import { answer, Line, linesIf, literal, request, Section, section } from './writer';
import { byText } from '../../private/names';
import { COMPRESSED, FORGED } from '../http-facts';
import { PathMatch, ProxyConfiguration, ProxyRoute } from '../proxy-configuration';
import { ProxyPorts } from '../proxy-engine';
import { RUN_PATH } from '../proxy-workload';

/** Where clients come in, with TLS and without, and where the health check does. */
export function frontendsOf(configuration: ProxyConfiguration): Section[] {
  const { tls } = configuration;
  return [
    tls?.redirectPort === undefined ? frontend(configuration, false) : redirectingFrontend(configuration, tls.redirectPort),
    ...(tls ? [frontend(configuration, true)] : []),
    section(['frontend', 'health'], ...bind(ProxyPorts.HEALTH), request('return', 'status', 200, 'if', '{', 'path', '/', '}'), request('return', 'status', 404)),
  ];
}

function frontend(configuration: ProxyConfiguration, secure: boolean): Section {
  const { routes, compression, responseHeaders, tls } = configuration;
  return section(['frontend', secure ? 'https' : 'http'],
    ...binds(configuration, secure),
    ...linesIf(compression, ['filter', 'compression'], ['compression', 'algo', 'gzip'], ['compression', 'type', ...COMPRESSED], ['compression', 'offload']),
    ...common(configuration, secure),
    ...forwarded(secure ? 443 : 80),
    ...Object.entries(responseHeaders).map(([name, value]) => answer('set-header', name, literal(value))),
    ...linesIf(secure && tls?.hsts !== undefined, answer('set-header', 'Strict-Transport-Security', `max-age=${tls?.hsts?.toSeconds()}`)),
    ...linesIf(routes.some(({ forward }) => forward?.canary), request('set-var(txn.dice)', 'rand(100)')),
    ...routes.flatMap(choices),
    ['default_backend', 'none']);
}

/** Whoever comes without TLS. */
function redirectingFrontend(configuration: ProxyConfiguration, port: number): Section {
  return section(['frontend', 'http'],
    ...binds(configuration, false),
    ...common(configuration, false),
    request('redirect', 'location', `https://%[var(txn.host)]${port === 443 ? '' : `:${port}`}%[pathq]`, 'code', 308));
}

/** What is said of every request in the log, and who may not come. */
function common({ hosts, sources }: ProxyConfiguration, secure: boolean): Line[] {
  return [
    ['log', 'global'],
    ['log-format', LOG_FORMAT],
    ['unique-id-format', '%[uuid(4),regsub(-,,g)]'],
    request('set-var(txn.scheme)', `str(${secure ? 'https' : 'http'})`),
    request('set-var(txn.method)', 'method'),
    request('set-var-fmt(txn.protocol)', 'HTTP/%[req.ver]'),
    request('set-var(txn.agent)', 'req.hdr(user-agent)'),
    request('set-var(txn.raw)', 'path'),
    request('set-var(txn.host)', 'req.hdr(host),host_only,rtrim(.),lower'),
    // routes see a path as upstreams may understand it; what two programs could take for different ones is refused
    request('set-var(txn.path)', 'path,url_dec,regsub(/+,/,g)'),
    request('deny', 'deny_status', 400, 'unless', '{', 'req.hdr(host)', '-m', 'reg', '^([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+\\])(:[0-9]+)?$', '}'),
    request('deny', 'deny_status', 400, 'if', '{', 'var(txn.path)', '-m', 'reg', '(^|/)\\.\\.?(/|$)', '}'),
    request('deny', 'deny_status', 400, 'if', '{', 'var(txn.raw)', '-m', 'sub', '%00', '}'),
    ...[...hosts ?? []].sort(byText).map((host): Line => ['acl', 'hosts', 'var(txn.host)', '-m', 'str', host]),
    ...linesIf(hosts !== undefined, request('return', 'status', 421, 'unless', 'hosts')),
    ...refusal(sources),
  ];
}

/** The own gateways are refused unless one of them is allowed by its very address. */
export function refusal(sources: string[] | undefined): Line[] {
  if (sources === undefined) return [];
  const single = sources.filter(range => range.endsWith(range.includes(':') ? '/128' : '/32'));
  const acl = (name: string, ranges: string[]): Line[] => ranges.map(range => ['acl', name, 'src', range]);
  return [
    ['acl', 'gateways', 'src', '-f', `${RUN_PATH}/gateways`],
    ...acl('single_sources', single),
    ...acl('sources', sources),
    request('deny', 'deny_status', 403, 'if', 'gateways', ...(single.length > 0 ? ['!single_sources'] : [])),
    request('deny', 'deny_status', 403, 'unless', 'sources'),
  ];
}

function forwarded(usualPort: number): Line[] {
  const proto = '%[var(txn.scheme)]';
  return [
    ...FORGED.map(name => request('del-header', name)),
    request('set-header', 'X-Real-IP', '%[src]'),
    request('set-header', 'X-Forwarded-For', '%[src]'),
    request('set-header', 'X-Forwarded-Proto', proto),
    request('set-header', 'X-Forwarded-Host', '%[req.hdr(host)]'),
    request('set-header', 'X-Forwarded-Port', usualPort),
    request('set-header', 'X-Forwarded-Port', '%[req.hdr(host),port_only]', 'if', '{', 'req.hdr(host),port_only', '-m', 'int', 'gt', 0, '}'),
    request('set-var-fmt(txn.for)', '%[src]'),
    request('set-var-fmt(txn.for)', '"[%[src]]"', 'if', '{', 'var(txn.for)', '-m', 'sub', ':', '}'),
    request('set-header', 'Forwarded', `for=%[var(txn.for)];host="%[req.hdr(host)]";proto=${proto}`),
    request('set-header', 'X-Request-ID', '%ID'),
    // nothing but a WebSocket: whoever is let change to HTTP/2 behind the proxy's back gets around its rules
    request('del-header', 'Upgrade', 'unless', '{', 'req.hdr(upgrade)', '-m', 'str', '-i', 'websocket', '}'),
    request('del-header', 'Connection', 'unless', '{', 'req.hdr(upgrade)', '-m', 'found', '}'),
  ];
}

/** Where a request goes, if the route is for it and no earlier one is. */
function choices({ host, path, match, forward }: ProxyRoute, index: number): Line[] {
  const own = host === undefined ? [] : ['{', 'var(txn.host)', '-m', 'str', host, '}'];
  const paths = match === PathMatch.EXACT ? [['str', path]] : path === '/' ? [['beg', '/']] : [['str', path], ['beg', `${path}/`]];
  const to = (backend: string, ...more: (string | number)[]): Line[] => paths.map(([how, text]) =>
    ['use_backend', backend, 'if', ...own, '{', 'var(txn.path)', '-m', how, text, '}', ...more]);
  return [...(forward?.canary ? to(`canary_${index}`, '{', 'var(txn.dice)', '-m', 'int', 'lt', forward.canary.percent, '}') : []), ...to(`route_${index}`)];
}

/** Where clients come in. Of a port for PROXY protocol nobody learns anything but who is believed. */
function binds({ proxyProtocol }: ProxyConfiguration, secure: boolean): Line[] {
  const [own, proxied] = secure ? [ProxyPorts.HTTPS, ProxyPorts.HTTPS_PROXIED] : [ProxyPorts.HTTP, ProxyPorts.HTTP_PROXIED];
  return [
    ...bind(own, secure),
    ...(proxyProtocol ? [
      ...bind(proxied, secure),
      ['acl', 'proxied', 'dst_port', proxied],
      ['tcp-request', 'connection', 'reject', 'if', 'proxied', '!{', 'src', '-f', `${RUN_PATH}/proxies`, '}'],
      ['tcp-request', 'connection', 'expect-proxy', 'layer4', 'if', 'proxied'],
    ] : []),
  ];
}

function bind(port: number, secure = false): Line[] {
  const options = secure ? ['ssl', 'crt', `${RUN_PATH}/certificate.pem`, 'alpn', 'h2,http/1.1'] : [];
  return [['bind', `0.0.0.0:${port}`, ...options], ['bind', `[::]:${port}`, 'v6only', ...options]];
}
