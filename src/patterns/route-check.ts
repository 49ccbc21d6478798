import { SizeRoundingBehavior } from 'cdk8s';
import type { RouteOptions } from './route';
import { type Endpoint, Protocol } from '../model/endpoint';
import { canonicalRange, isHost } from '../private/addresses';
import type { Problems } from '../private/problems';
import { BalancingKind } from '../proxies/balancing';
import type { ProxyFeatureRequest } from '../proxies/feature-request';
import { ProxyFeature } from '../proxies/features';
import type { ProxyRedirect } from '../proxies/proxy-configuration';

const PATH = /^\/([A-Za-z0-9._~@:+,=!-]+(\/[A-Za-z0-9._~@:+,=!-]+)*)?$/;
const PATH_RULE = "'/', or '/' and names of letters, digits and . _ ~ @ : + , = ! - between slashes, without a final slash";
const TOKEN = /^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/;
const ORIGIN = /^https?:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9]\d{0,4})?$/;
const STATUSES = [301, 302, 303, 307, 308];

/** Notes everything that is wrong with a route. */
export function checkRoute(problems: Problems, options: RouteOptions, hosts: string[] | undefined): void {
  const { host, path = '/', to, redirect, sources } = options;
  const name = `route '${host ?? ''}${path}'`;
  const check = (holds: boolean, message: string) => problems.check(holds, `${name}: ${message}`);
  check(host === undefined || isHost(host), `'host' must be a DNS name in lower case, got '${host}'`);
  check(host === undefined || hosts === undefined || hosts.includes(host), `the proxy has no host '${host}'; add it to 'hosts', which has ${hosts?.join(', ')}`);
  check(isPath(path), `'path' must be ${PATH_RULE}, got '${path}'`);
  check((to === undefined) !== (redirect === undefined), `give either 'to' or 'redirect', got ${to === undefined ? 'neither' : 'both'}`);
  check(sources === undefined || isRanges(sources), `'sources' must be ranges such as 192.0.2.0/24 or 2001:db8::/32, each beginning with its first address, got ${sources?.join(', ') || 'none'}`);
  if (to !== undefined) checkForward(check, to, options);
  if (redirect !== undefined) checkRedirect(check, redirect, options);
  checkAccess(check, options);
}

type Check = (holds: boolean, message: string) => void;

function checkForward(check: Check, to: Endpoint[], options: RouteOptions): void {
  const { canary, balancing, stickyCookie, rewrite, connectTimeout, responseTimeout, maxBodySize, retries, healthPath, caCertificates } = options;
  checkUpstreams(check, 'to', to);
  if (canary !== undefined) {
    checkUpstreams(check, 'to of canary', canary.to);
    check(isWhole(canary.percent, 1, 99), `'percent' of 'canary' must be a whole number from 1 to 99, got ${canary.percent}`);
  }
  const all = [...to, ...canary?.to ?? []];
  const schemes = [...new Set(all.map(({ scheme }) => protocolOf(scheme)))];
  check(schemes.length < 2, `all upstreams of a route must be spoken to in the same way, got ${schemes.join(' and ')}; give each its own route`);
  const secure = schemes.some(scheme => scheme === 'https' || scheme === 'grpcs');
  check(!secure || caCertificates !== undefined, "an upstream with TLS must prove who it is; give 'caCertificates'");
  check(caCertificates === undefined || secure, "'caCertificates' is for upstreams with the scheme https or grpcs; give the port one of these, or leave it out");
  check(!secure || all.length < 2, 'an upstream with TLS proves one name, so it stands alone; give each its own route');
  check(stickyCookie === undefined || /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(stickyCookie), `'stickyCookie' must be letters, digits and '_', got '${stickyCookie}'`);
  check(stickyCookie === undefined || balancing === undefined || [BalancingKind.ROUND_ROBIN, BalancingKind.LEAST_CONNECTIONS].includes(balancing.kind),
    "'stickyCookie' and a 'balancing' by hash both say where a client goes; leave out one of them");
  check(rewrite === undefined || isPath(rewrite), `'rewrite' must be ${PATH_RULE}, got '${rewrite}'`);
  check(healthPath === undefined || isPath(healthPath), `'healthPath' must be ${PATH_RULE}, got '${healthPath}'`);
  for (const [property, value] of Object.entries({ connectTimeout, responseTimeout })) {
    const milliseconds = value?.toMilliseconds({ integral: false });
    check(milliseconds === undefined || isWhole(milliseconds, 1, 86_400_000), `'${property}' must be from a millisecond to a day, got ${milliseconds} ms`);
  }
  const kibibytes = maxBodySize?.toKibibytes({ rounding: SizeRoundingBehavior.NONE });
  check(kibibytes === undefined || isWhole(kibibytes, 1, 1024 ** 3), `'maxBodySize' must be whole KiB, up to 1 TiB, got ${kibibytes} KiB`);
  check(retries === undefined || isWhole(retries, 0, 10), `'retries' must be a whole number from 0 to 10, got ${retries}`);
}

function checkUpstreams(check: Check, property: string, endpoints: Endpoint[]): void {
  check(endpoints.length > 0, `'${property}' must have at least one endpoint, such as workload.endpoint()`);
  for (const each of endpoints) {
    check(each.protocol === Protocol.TCP && each.host !== 'localhost', `'${property}' must be endpoints by TCP that other workloads reach, got ${each.address}${each.protocol === Protocol.TCP ? '' : ' by UDP'}`);
  }
  const addresses = endpoints.map(({ address }) => address);
  check(new Set(addresses).size === addresses.length, `'${property}' has an endpoint twice: ${addresses.join(', ')}; give it once`);
}

function checkRedirect(check: Check, redirect: ProxyRedirect, { to, ...others }: RouteOptions): void {
  const { to: target, status } = redirect;
  check(/^(https?:\/\/[\w.:[\]-]+)?(\/[!-~]*)?$/.test(target) && !/^(\/\/|$)|["\\<>`{|}^]/.test(target),
    `'to' of 'redirect' must be a path, or a URL with http or https, without blanks and quotes, got '${target}'`);
  check(status === undefined || STATUSES.includes(status), `'status' of 'redirect' must be one of ${STATUSES.join(', ')}, got ${status}`);
  const idle = ['canary', 'balancing', 'stickyCookie', 'rewrite', 'healthPath', 'caCertificates', 'maxBodySize', 'retries', 'connectTimeout', 'responseTimeout']
    .filter(property => to === undefined && (others as Record<string, unknown>)[property] !== undefined);
  check(idle.length === 0, `what is redirected goes to no upstream; leave out ${idle.map(property => `'${property}'`).join(', ')}`);
}

function checkAccess(check: Check, { rateLimit, basicAuthentication, forwardAuthentication, cors }: RouteOptions): void {
  if (rateLimit !== undefined) {
    check(isWhole(rateLimit.requestsPerSecond, 1, 1_000_000), `'requestsPerSecond' of 'rateLimit' must be a whole number from 1 to 1000000, got ${rateLimit.requestsPerSecond}`);
    check(rateLimit.burst === undefined || isWhole(rateLimit.burst, 0, 1_000_000), `'burst' of 'rateLimit' must be a whole number from 0 to 1000000, got ${rateLimit.burst}`);
  }
  if (basicAuthentication !== undefined) {
    const { users, realm } = basicAuthentication;
    const names = Object.keys(users);
    check(names.length > 0, "'users' of 'basicAuthentication' must have a user with a Secret");
    for (const each of names) {
      check(/^[A-Za-z0-9._@-]{1,64}$/.test(each), `a user's name must be at most 64 letters, digits and . _ @ -, got '${each}'`);
    }
    check(realm === undefined || /^[ -~]{1,100}$/.test(realm) && !/["\\]/.test(realm), `'realm' must be at most 100 letters, digits and signs without quotes, got '${realm}'`);
  }
  if (forwardAuthentication !== undefined) {
    const { to, path = '/', copyHeaders = [] } = forwardAuthentication;
    checkUpstreams(check, 'to of forwardAuthentication', [to]);
    check(protocolOf(to.scheme) === 'http', `'to' of 'forwardAuthentication' is asked by HTTP, got ${to.url}`);
    check(isPath(path), `'path' of 'forwardAuthentication' must be ${PATH_RULE}, got '${path}'`);
    check(isTokens(copyHeaders), `'copyHeaders' must be names of headers, got ${copyHeaders.join(', ')}`);
  }
  if (cors !== undefined) {
    const { origins, methods = [], headers = [], credentials } = cors;
    const everyone = origins.includes('*');
    check(origins.length > 0 && origins.every(each => each === '*' || ORIGIN.test(each)) && (!everyone || origins.length === 1),
      `'origins' of 'cors' must be origins such as https://shop.example.com, or '*' alone, got ${origins.join(', ') || 'none'}`);
    check(isTokens(methods) && methods.every(each => each === each.toUpperCase()), `'methods' of 'cors' must be methods in upper case, got ${methods.join(', ')}`);
    check(isTokens(headers), `'headers' of 'cors' must be names of headers, got ${headers.join(', ')}`);
    check(!credentials || !everyone, "'credentials' of 'cors' would let every site act for whoever is logged in; name the origins");
  }
}

/** What the route asks its engine for. */
export function requestsOf({ host, path = '/', ...options }: RouteOptions): ProxyFeatureRequest[] {
  const { to = [], redirect, canary, balancing, stickyCookie, rewrite, retries, healthPath, caCertificates } = options;
  const { connectTimeout, responseTimeout, maxBodySize, sources, rateLimit, basicAuthentication, forwardAuthentication, cors } = options;
  const asks: [holds: boolean, property: string, feature: ProxyFeature][] = [
    [to.length > 1, 'to', ProxyFeature.SEVERAL_UPSTREAMS],
    [to.some(({ workload }) => !workload), 'to', ProxyFeature.UPSTREAMS_OUTSIDE],
    [canary?.to.some(({ workload }) => !workload) ?? false, 'canary', ProxyFeature.UPSTREAMS_OUTSIDE],
    [redirect !== undefined, 'redirect', ProxyFeature.REDIRECTS],
    [connectTimeout !== undefined, 'connectTimeout', ProxyFeature.TIMEOUTS],
    [responseTimeout !== undefined, 'responseTimeout', ProxyFeature.TIMEOUTS],
    [maxBodySize !== undefined, 'maxBodySize', ProxyFeature.BODY_SIZE],
    [sources !== undefined, 'sources', ProxyFeature.SOURCES],
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

function isPath(path: string): boolean {
  return PATH.test(path) && !path.split('/').some(each => each === '.' || each === '..') && path.length <= 1000;
}

/** True for at least one range of addresses. */
function isRanges(ranges: string[]): boolean {
  return ranges.length > 0 && ranges.every(range => canonicalRange(range) === range);
}

function isTokens(names: string[]): boolean {
  return names.every(name => TOKEN.test(name));
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
