import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';
import type { RouteOptions } from './route';
import { Endpoint, Protocol } from '../model/endpoint';
import { Secret } from '../model/secret';
import { canonicalRange, isHost } from '../private/addresses';
import type { Problems } from '../private/problems';
import { Balancing, BalancingKind } from '../proxies/balancing';
import type { ProxyFeatureRequest } from '../proxies/feature-request';
import { ProxyFeature } from '../proxies/features';
import { PathMatch } from '../proxies/proxy-configuration';

const PATH = /^\/([A-Za-z0-9._~@:+,=!-]+(\/[A-Za-z0-9._~@:+,=!-]+)*)?$/;
const PATH_RULE = "'/', or '/' and names of letters, digits and . _ ~ @ : + , = ! - between slashes, without a final slash";
const TOKEN = /^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/;
const ORIGIN = /^https?:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9]\d{0,4})?$/;
const STATUSES = [301, 302, 303, 307, 308];

/** Notes everything that is wrong with a route. Whoever calls without types may give anything. */
export function checkRoute(problems: Problems, options: RouteOptions, hosts: string[] | undefined): void {
  const { host, path = '/', match, to, redirect, sources } = options;
  const name = `route '${show(host ?? '')}${show(path)}'`;
  const check = (holds: boolean, message: string) => problems.check(holds, `${name}: ${message}`);
  check(host === undefined || isHostName(host), `'host' must be a DNS name in lower case, got '${show(host)}'`);
  check(host === undefined || hosts === undefined || hosts.includes(host), `the proxy has no host '${show(host)}'; add it to 'hosts', which has ${hosts?.join(', ')}`);
  check(isPath(path), `'path' must be ${PATH_RULE}, got '${show(path)}'`);
  check(match === undefined || Object.values(PathMatch).includes(match), `'match' must be a PathMatch, got '${show(match)}'`);
  check((to === undefined) !== (redirect === undefined), `give either 'to' or 'redirect', got ${to === undefined ? 'neither' : 'both'}`);
  check(sources === undefined || isRanges(sources), `'sources' must be ranges such as 192.0.2.0/24 or 2001:db8::/32, each beginning with its first address, got ${show(sources)}`);
  if (to !== undefined) checkForward(check, to, options);
  if (redirect !== undefined) checkRedirect(check, options);
  checkAccess(check, options);
}

type Check = (holds: boolean, message: string) => void;

function checkForward(check: Check, to: Endpoint[], options: RouteOptions): void {
  const { canary, balancing, stickyCookie, rewrite, connectTimeout, responseTimeout, maxBodySize, retries, healthPath, caCertificates } = options;
  checkUpstreams(check, 'to', to);
  if (canary !== undefined) {
    checkUpstreams(check, 'to of canary', canary.to);
    check(isWhole(canary.percent, 1, 99), `'percent' of 'canary' must be a whole number from 1 to 99, got ${show(canary.percent)}`);
  }
  const all = [to, canary?.to].flat().filter(each => each instanceof Endpoint);
  const schemes = [...new Set(all.map(({ scheme }) => protocolOf(scheme)))];
  check(schemes.length < 2, `all upstreams of a route must be spoken to in the same way, got ${schemes.join(' and ')}; give each its own route`);
  const secure = schemes.some(scheme => scheme === 'https' || scheme === 'grpcs');
  check(!secure || caCertificates instanceof Secret, "an upstream with TLS must prove who it is; give 'caCertificates'");
  check(caCertificates === undefined || secure, "'caCertificates' is for upstreams with the scheme https or grpcs; give the port one of these, or leave it out");
  check(!secure || all.length < 2, 'an upstream with TLS proves one name, so it stands alone; give each its own route');
  check(balancing === undefined || balancing instanceof Balancing, `'balancing' must be a Balancing, got ${show(balancing)}`);
  check(stickyCookie === undefined || matches(stickyCookie, /^[A-Za-z_][A-Za-z0-9_]{0,63}$/), `'stickyCookie' must be letters, digits and '_', got '${show(stickyCookie)}'`);
  check(stickyCookie === undefined || balancing === undefined || [BalancingKind.ROUND_ROBIN, BalancingKind.LEAST_CONNECTIONS].includes(balancing.kind),
    "'stickyCookie' and a 'balancing' by hash both say where a client goes; leave out one of them");
  check(rewrite === undefined || isPath(rewrite), `'rewrite' must be ${PATH_RULE}, got '${show(rewrite)}'`);
  check(healthPath === undefined || isPath(healthPath), `'healthPath' must be ${PATH_RULE}, got '${show(healthPath)}'`);
  for (const [property, value] of Object.entries({ connectTimeout, responseTimeout })) {
    check(value === undefined || (value instanceof Duration && isWhole(value.toMilliseconds({ integral: false }), 1, 86_400_000)),
      `'${property}' must be a Duration from a millisecond to a day, got ${show(value)}`);
  }
  check(maxBodySize === undefined || (maxBodySize instanceof Size && isWhole(toKibibytes(maxBodySize), 1, 1024 ** 3)), `'maxBodySize' must be a Size of whole KiB, up to 1 TiB, got ${show(maxBodySize)}`);
  check(retries === undefined || isWhole(retries, 0, 10), `'retries' must be a whole number from 0 to 10, got ${show(retries)}`);
}

function checkUpstreams(check: Check, property: string, endpoints: Endpoint[]): void {
  const list = Array.isArray(endpoints) ? endpoints : [];
  check(list.length > 0 && list.every(each => each instanceof Endpoint), `'${property}' must have at least one endpoint, such as workload.endpoint(), got ${show(endpoints)}`);
  for (const each of list.filter(endpoint => endpoint instanceof Endpoint)) {
    check(each.protocol === Protocol.TCP && each.host !== 'localhost', `'${property}' must be endpoints by TCP that other workloads reach, got ${each.address}${each.protocol === Protocol.TCP ? '' : ' by UDP'}`);
  }
  const addresses = list.map(endpoint => endpoint?.address);
  check(new Set(addresses).size === addresses.length, `'${property}' has an endpoint twice: ${addresses.join(', ')}; give it once`);
}

function checkRedirect(check: Check, { redirect, to, ...others }: RouteOptions): void {
  check(matches(redirect?.to, /^(https?:\/\/[\w.:[\]-]+)?(\/[!-~]*)?$/) && !matches(redirect?.to, /^(\/\/|$)|["\\<>`{|}^]/),
    `'to' of 'redirect' must be a path, or a URL with http or https, without blanks and quotes, got '${show(redirect?.to)}'`);
  check(redirect?.status === undefined || STATUSES.includes(redirect.status), `'status' of 'redirect' must be one of ${STATUSES.join(', ')}, got ${show(redirect?.status)}`);
  const idle = ['canary', 'balancing', 'stickyCookie', 'rewrite', 'healthPath', 'caCertificates', 'maxBodySize', 'retries', 'connectTimeout', 'responseTimeout']
    .filter(property => to === undefined && (others as Record<string, unknown>)[property] !== undefined);
  check(idle.length === 0, `what is redirected goes to no upstream; leave out ${idle.map(property => `'${property}'`).join(', ')}`);
}

function checkAccess(check: Check, { rateLimit, basicAuthentication, forwardAuthentication, cors }: RouteOptions): void {
  if (rateLimit !== undefined) {
    check(isWhole(rateLimit.requestsPerSecond, 1, 1_000_000), `'requestsPerSecond' of 'rateLimit' must be a whole number from 1 to 1000000, got ${show(rateLimit.requestsPerSecond)}`);
    check(rateLimit.burst === undefined || isWhole(rateLimit.burst, 0, 1_000_000), `'burst' of 'rateLimit' must be a whole number from 0 to 1000000, got ${show(rateLimit.burst)}`);
  }
  if (basicAuthentication !== undefined) {
    const { users, realm } = basicAuthentication;
    const names = Object.keys(users ?? {});
    check(names.length > 0, "'users' of 'basicAuthentication' must have a user with a Secret");
    for (const each of names) {
      check(/^[A-Za-z0-9._@-]{1,64}$/.test(each), `a user's name must be at most 64 letters, digits and . _ @ -, got '${show(each)}'`);
      check(users[each] instanceof Secret, `the password of user '${show(each)}' must be a Secret, got ${show(users[each])}`);
    }
    check(realm === undefined || matches(realm, /^[ -~]{1,100}$/) && !/["\\]/.test(realm), `'realm' must be at most 100 letters, digits and signs without quotes, got '${show(realm)}'`);
  }
  if (forwardAuthentication !== undefined) {
    const { to, path = '/', copyHeaders = [] } = forwardAuthentication;
    checkUpstreams(check, 'to of forwardAuthentication', [to]);
    check(!(to instanceof Endpoint) || protocolOf(to.scheme) === 'http', `'to' of 'forwardAuthentication' is asked by HTTP, got ${to?.url}`);
    check(isPath(path), `'path' of 'forwardAuthentication' must be ${PATH_RULE}, got '${show(path)}'`);
    check(isTokens(copyHeaders), `'copyHeaders' must be names of headers, got ${show(copyHeaders)}`);
  }
  if (cors !== undefined) {
    const { origins, methods = [], headers = [], credentials } = cors;
    const everyone = Array.isArray(origins) && origins.includes('*');
    check(Array.isArray(origins) && origins.length > 0 && origins.every(each => each === '*' || matches(each, ORIGIN)) && (!everyone || origins.length === 1),
      `'origins' of 'cors' must be origins such as https://shop.example.com, or '*' alone, got ${show(origins)}`);
    check(isTokens(methods) && methods.every(each => each === each.toUpperCase()), `'methods' of 'cors' must be methods in upper case, got ${show(methods)}`);
    check(isTokens(headers), `'headers' of 'cors' must be names of headers, got ${show(headers)}`);
    check(!credentials || !everyone, "'credentials' of 'cors' would let every site act for whoever is logged in; name the origins");
  }
}

/** What the route asks its engine for. */
export function requestsOf({ host, path = '/', ...options }: RouteOptions): ProxyFeatureRequest[] {
  const { to = [], canary, balancing, stickyCookie, rewrite, retries, healthPath, caCertificates } = options;
  const { rateLimit, basicAuthentication, forwardAuthentication, cors } = options;
  const asks: [holds: boolean, property: string, feature: ProxyFeature][] = [
    [balancing?.kind === BalancingKind.LEAST_CONNECTIONS, 'balancing', ProxyFeature.LEAST_CONNECTIONS],
    [balancing !== undefined && ![BalancingKind.ROUND_ROBIN, BalancingKind.LEAST_CONNECTIONS].includes(balancing.kind), 'balancing', ProxyFeature.HASHING],
    [stickyCookie !== undefined, 'stickyCookie', ProxyFeature.STICKY_COOKIE],
    [canary !== undefined, 'canary', ProxyFeature.CANARY],
    [retries !== undefined && retries > 0, 'retries', ProxyFeature.RETRIES],
    [healthPath !== undefined, 'healthPath', ProxyFeature.ACTIVE_HEALTH_CHECKS],
    [rewrite !== undefined, 'rewrite', ProxyFeature.REWRITE],
    [to.some(({ scheme }) => scheme === 'grpc' || scheme === 'grpcs'), 'to', ProxyFeature.GRPC],
    [caCertificates !== undefined, 'caCertificates', ProxyFeature.UPSTREAM_TLS],
    [cors !== undefined, 'cors', ProxyFeature.CORS],
    [rateLimit !== undefined, 'rateLimit', ProxyFeature.RATE_LIMIT],
    [basicAuthentication !== undefined, 'basicAuthentication', ProxyFeature.BASIC_AUTHENTICATION],
    [forwardAuthentication !== undefined, 'forwardAuthentication', ProxyFeature.FORWARD_AUTHENTICATION],
  ];
  return asks.filter(([holds]) => holds).map(([, property, feature]) => ({ property: `'${property}' of route '${host ?? ''}${path}'`, feature }));
}

/** How an endpoint is spoken to. */
function protocolOf(scheme: string): string {
  return ['https', 'grpc', 'grpcs'].includes(scheme) ? scheme : 'http';
}

function isPath(path: unknown): boolean {
  return matches(path, PATH) && !(path as string).split('/').some(each => each === '.' || each === '..') && (path as string).length <= 1000;
}

/** True for a DNS name in lower case. */
export function isHostName(host: unknown): boolean {
  return typeof host === 'string' && isHost(host);
}

/** True for at least one range of addresses. */
function isRanges(ranges: unknown): boolean {
  return Array.isArray(ranges) && ranges.length > 0 && ranges.every(range => typeof range === 'string' && canonicalRange(range) === range);
}

function isTokens(names: unknown): boolean {
  return Array.isArray(names) && names.every(name => matches(name, TOKEN));
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function matches(text: unknown, rule: RegExp): boolean {
  return typeof text === 'string' && rule.test(text);
}

function toKibibytes(size: Size): number {
  return size.toKibibytes({ rounding: SizeRoundingBehavior.NONE });
}

/** A value of whoever calls without types, as it can stand in a message. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : value.map(show).join(', ');
  return typeof value === 'object' && value !== null ? `an object of ${value.constructor?.name ?? 'no class'}` : String(value);
}
