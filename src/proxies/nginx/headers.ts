import { originVariable } from './decisions';
import { Directive, line, linesIf, literal } from './writer';
import { FORGED } from '../http-facts';
import type { CorsPolicy, ProxyConfiguration } from '../proxy-configuration';

const CORS_HEADERS = ['Origin', 'Methods', 'Headers', 'Credentials'].map(name => `Access-Control-Allow-${name}`);

/** What the client calls the proxy. */
const AUTHORITY = '$host$is_request_port$request_port';

/** What upstreams learn of the client; the other headers of the kind are empty, which drops them. */
const CLIENT: Record<string, string> = {
  'X-Real-IP': '$remote_addr',
  'X-Forwarded-For': '$remote_addr',
  'X-Forwarded-Proto': '$scheme',
  'X-Forwarded-Host': AUTHORITY,
  'X-Forwarded-Port': '$conduit_port',
  'Forwarded': `for=$conduit_for;host="${AUTHORITY}";proto=$scheme`,
  'X-Request-ID': '$request_id',
};

/** Headers of every request on its way to an upstream. */
export const FORWARDED: Record<string, string> = { Host: AUTHORITY, ...Object.fromEntries(FORGED.map(name => [name, CLIENT[name] ?? ''])) };

/** What is said to upstreams by HTTP of the connection itself. */
export const CONNECTION: Record<string, string> = { Upgrade: '$conduit_upgrade', Connection: '$conduit_connection' };

/** Lines that set headers of a request on its way to an upstream. A place has those of the outer one only if it sets none. */
export function requestHeaders(headers: Record<string, string>, protocol: 'proxy' | 'grpc' = 'proxy'): Directive[] {
  return Object.entries(headers).map(([name, value]) => line(`${protocol}_set_header`, name, value));
}

/** Lines that set the headers of every answer. A place has those of the outer one only if it sets none. */
export function answerHeaders({ responseHeaders, tls }: ProxyConfiguration, secure: boolean): Directive[] {
  const hsts = tls?.hsts;
  return [
    ...Object.entries(responseHeaders).map(([name, value]) => line('add_header', name, literal(value), 'always')),
    ...linesIf(secure && hsts !== undefined, line('add_header', 'Strict-Transport-Security', `max-age=${hsts?.toSeconds()}`, 'always')),
  ];
}

/** Lines that let other origins in. */
export function corsHeaders(cors: CorsPolicy, index: number): Directive[] {
  return [
    line('add_header', 'Access-Control-Allow-Origin', originVariable(index), 'always'),
    line('add_header', 'Vary', 'Origin', 'always'),
    ...linesIf(cors.credentials, line('add_header', 'Access-Control-Allow-Credentials', 'true', 'always')),
  ];
}

/** Lines that answer what a browser asks before a request, beside those that let origins in. */
export function preflightHeaders({ methods = ['GET', 'HEAD', 'POST'], headers = [] }: CorsPolicy): Directive[] {
  return [
    line('add_header', 'Access-Control-Allow-Methods', methods.join(', '), 'always'),
    ...linesIf(headers.length > 0, line('add_header', 'Access-Control-Allow-Headers', headers.join(', '), 'always')),
  ];
}

/** Lines that keep upstreams from setting what the proxy sets. A place has those of the outer one only if it has none. */
export function hiddenHeaders({ responseHeaders, tls }: ProxyConfiguration, cors: boolean, protocol: 'proxy' | 'grpc'): Directive[] {
  const names = [...Object.keys(responseHeaders), ...(tls?.hsts ? ['Strict-Transport-Security'] : []), ...(cors ? CORS_HEADERS : [])];
  return names.map(name => line(`${protocol}_hide_header`, name));
}
