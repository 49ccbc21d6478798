import { limitZone, shareVariable, sourceVariable } from './decisions';
import { answerHeaders, CONNECTION, corsHeaders, FORWARDED, hiddenHeaders, preflightHeaders, requestHeaders } from './headers';
import { block, Directive, line, linesIf, literal, pattern } from './writer';
import type { Endpoint } from '../../model/endpoint';
import { ForwardAuthentication, PathMatch, ProxyConfiguration, ProxyForward, ProxyRoute, RateLimit } from '../proxy-configuration';
import { RUN_PATH } from '../proxy-workload';

/** The places of a route: one for its path, and one for what is below it. */
export function locationsOf(configuration: ProxyConfiguration, route: ProxyRoute, secure: boolean): Directive[] {
  const index = configuration.routes.indexOf(route);
  const { path, match, forward, forwardAuthentication } = route;
  const linesFor = (below: boolean) => linesOf(configuration, route, index, secure, below);
  const exact = block('location', ['=', path], ...linesFor(false));
  const below = block('location', ['^~', path === '/' ? '/' : `${path}/`], ...linesFor(true));
  return [
    ...(match === PathMatch.EXACT ? [exact] : path === '/' ? [below] : [exact, below]),
    ...(forward && forward.retries > 0 ? [anotherListPlace(configuration, route, forward, secure)] : []),
    ...(forwardAuthentication ? [askingPlace(forwardAuthentication, index)] : []),
  ];
}

function linesOf(configuration: ProxyConfiguration, route: ProxyRoute, index: number, secure: boolean, below: boolean): Directive[] {
  const { path, sources, rateLimit, basicAuthentication, cors, redirect, forward } = route;
  const headers = answerHeadersOf(configuration, route, secure);
  return [
    ...linesIf(sources !== undefined, block('if', ['(', sourceVariable(index), '=', '0', ')'], line('return', 403))),
    ...headers,
    ...(cors ? [block('if', ['(', '$conduit_preflight', ')'], ...headers, ...preflightHeaders(cors), line('return', 204))] : []),
    ...(rateLimit ? [limitLine(rateLimit, index)] : []),
    ...(basicAuthentication ? [
      line('auth_basic', literal(basicAuthentication.realm ?? 'restricted')), line('auth_basic_user_file', `${RUN_PATH}/users-${index}`),
    ] : []),
    ...authenticationLines(route, index),
    ...(redirect ? [line('return', redirect.status ?? 308, literal(redirect.to))] : []),
    ...(forward ? [
      ...rewriteLines(path, forward.rewrite, below),
      line('client_max_body_size', forward.maxBodySize.toKibibytes() === 0 ? '1' : `${forward.maxBodySize.toKibibytes()}k`),
      line('client_body_timeout', `${forward.responseTimeout.toMilliseconds()}ms`),
      ...linesIf(forward.retries > 0, line('error_page', 502, '=', anotherListName(index))),
      ...forwardLines(configuration, route, forward),
    ] : []),
  ];
}

/** Headers of answers where they differ from those of most routes. */
function answerHeadersOf(configuration: ProxyConfiguration, route: ProxyRoute, secure: boolean): Directive[] {
  const { cors } = route;
  return cors ? [...answerHeaders(configuration, secure), ...corsHeaders(cors, configuration.routes.indexOf(route))] : [];
}

/** A burst of none has no word. */
function limitLine({ requestsPerSecond, burst = requestsPerSecond }: RateLimit, index: number): Directive {
  return line('limit_req', `zone=${limitZone(index)}`, ...(burst === 0 ? [] : [`burst=${burst}`, 'nodelay']));
}

function anotherListName(index: number): string {
  return `@another_list_${index}`;
}

/**
 * Where a request goes on whose upstream failed after the list of upstreams had changed: nginx then knows none to try instead.
 * It comes here only if nginx would have tried another one.
 */
function anotherListPlace(configuration: ProxyConfiguration, route: ProxyRoute, forward: ProxyForward, secure: boolean): Directive {
  return block('location', [anotherListName(configuration.routes.indexOf(route))],
    ...answerHeadersOf(configuration, route, secure),
    block('if', ['(', '$conduit_none_left', '=', '0', ')'], line('return', 502)),
    ...forwardLines(configuration, route, forward));
}

function forwardLines(configuration: ProxyConfiguration, route: ProxyRoute, forward: ProxyForward): Directive[] {
  const { upstreams: [{ scheme }], canary, connectTimeout, responseTimeout, retries } = forward;
  const index = configuration.routes.indexOf(route);
  const protocol = scheme.startsWith('grpc') ? 'grpc' : 'proxy';
  const target = canary ? shareVariable(index) : `route_${index}`;
  const seconds = `${responseTimeout.toMilliseconds()}ms`;
  return [
    line(`${protocol}_connect_timeout`, `${connectTimeout.toMilliseconds()}ms`),
    line(`${protocol}_read_timeout`, seconds),
    line(`${protocol}_send_timeout`, seconds),
    ...retryLines(protocol, retries),
    ...tlsLines(protocol, forward),
    ...(route.cors ? hiddenHeaders(configuration, true, protocol) : []),
    ...headersFor(route, index, protocol),
    line(`${protocol}_pass`, `${schemeOf(scheme)}://${target}`),
  ];
}

/** How nginx calls the way an upstream is spoken to. */
function schemeOf(scheme: string): string {
  return ['https', 'grpc', 'grpcs'].includes(scheme) ? scheme : 'http';
}

function rewriteLines(path: string, rewrite: string | undefined, below: boolean): Directive[] {
  if (rewrite === undefined) return [];
  if (!below) return [line('rewrite', '^', literal(rewrite), 'break')];
  const [from, to] = [path, rewrite].map(each => each === '/' ? '/' : `${each}/`);
  return [line('rewrite', `(?s)^${pattern(from)}(.*)$`, `${literal(to)}$1`, 'break')];
}

/** A request is repeated if it was not sent yet, or if it changes nothing. */
function retryLines(protocol: string, retries: number): Directive[] {
  if (retries === 0) return [line(`${protocol}_next_upstream`, 'off')];
  return [line(`${protocol}_next_upstream`, 'error', 'timeout', 'invalid_header', 'http_502', 'http_503', 'http_504'), line(`${protocol}_next_upstream_tries`, retries + 1)];
}

function tlsLines(protocol: string, { upstreams: [upstream], caCertificates }: ProxyForward): Directive[] {
  if (!caCertificates) return [];
  return [
    line(`${protocol}_ssl_verify`, 'on'),
    line(`${protocol}_ssl_verify_depth`, 3),
    line(`${protocol}_ssl_trusted_certificate`, caCertificates.path),
    line(`${protocol}_ssl_server_name`, 'on'),
    line(`${protocol}_ssl_name`, hostOf(upstream)),
    line(`${protocol}_ssl_protocols`, 'TLSv1.2', 'TLSv1.3'),
  ];
}

/** The name that an upstream's certificate is for. */
function hostOf({ workload, host }: Endpoint): string {
  return workload?.name ?? host;
}

/** Headers where they differ from those of most routes. */
function headersFor({ path, forward, basicAuthentication, forwardAuthentication }: ProxyRoute, index: number, protocol: 'proxy' | 'grpc'): Directive[] {
  const copied = forwardAuthentication?.copyHeaders ?? [];
  const own = {
    ...(forward?.rewrite !== undefined && path !== '/' ? { 'X-Forwarded-Prefix': literal(path) } : {}),
    ...(basicAuthentication ? { 'Authorization': '', 'X-Forwarded-User': '$remote_user' } : {}),
    ...Object.fromEntries(copied.map((name, at) => [name, `$conduit_answer_${index}_${at}`])),
  };
  return Object.keys(own).length === 0 ? [] : requestHeaders({ ...FORWARDED, ...(protocol === 'proxy' ? CONNECTION : {}), ...own }, protocol);
}

function authenticationLines({ forwardAuthentication }: ProxyRoute, index: number): Directive[] {
  if (!forwardAuthentication) return [];
  const { copyHeaders = [] } = forwardAuthentication;
  return [
    line('auth_request', askingPath(index)),
    ...copyHeaders.map((name, at) => line('auth_request_set', `$conduit_answer_${index}_${at}`, `$upstream_http_${name.toLowerCase().replaceAll('-', '_')}`)),
  ];
}

function askingPath(index: number): string {
  return `/_conduit/authentication/${index}`;
}

/** Where a service is asked who may come; nobody else gets there. */
function askingPlace({ path = '/' }: ForwardAuthentication, index: number): Directive {
  return block('location', ['=', askingPath(index)],
    line('internal'),
    line('proxy_pass_request_body', 'off'),
    line('proxy_connect_timeout', '5s'),
    ...requestHeaders({
      ...FORWARDED, 'Content-Length': '', 'Connection': '', 'X-Forwarded-Method': '$request_method', 'X-Forwarded-Uri': '$request_uri',
    }),
    line('rewrite', '^', literal(path), 'break'),
    line('proxy_pass', `http://auth_${index}`));
}

