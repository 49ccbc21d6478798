import { Duration, Size } from 'cdk8s';
import { Endpoint } from '../model/endpoint';
import type { Secret } from '../model/secret';
import { Workload } from '../model/workload';
import { byText } from '../private/names';
import { Balancing } from '../proxies/balancing';
import { BasicAuthentication, CorsPolicy, ForwardAuthentication, PathMatch, ProxyCanary, ProxyForward, ProxyRedirect, ProxyRoute, RateLimit } from '../proxies/proxy-configuration';

/** Which requests a route is for, and what is done with them. */
export interface RouteOptions {
  /**
   * Host name, which is one of the proxy's.
   * @default - each of them; a route with a host goes before one without, if both have the same path
   */
  readonly host?: string;
  /**
   * Path, beginning with `/`. An exact one goes before every prefix, and a longer prefix before a shorter one.
   * @default '/'
   */
  readonly path?: string;
  /**
   * Whether the path is that of the request, or its beginning.
   * @default PathMatch.PREFIX
   */
  readonly match?: PathMatch;
  /**
   * Where requests go: to each replica of each of them.
   * @default - `redirect` says where clients are sent
   */
  readonly to?: Endpoint[];
  /**
   * Where clients are sent instead.
   * @default - requests go to `to`
   */
  readonly redirect?: ProxyRedirect;
  /**
   * Where a share of the requests goes instead, such as a new version.
   * @default - nowhere
   */
  readonly canary?: ProxyCanary;
  /**
   * Which replica gets a request.
   * @default Balancing.roundRobin()
   */
  readonly balancing?: Balancing;
  /**
   * Name of a cookie of the proxy that keeps a client with its replica.
   * @default - none
   */
  readonly stickyCookie?: string;
  /**
   * What stands in place of `path` on the way to the upstream; `/` takes the prefix away.
   * @default - the path stays
   */
  readonly rewrite?: string;
  /**
   * Time within which a connection must be made.
   * @default Duration.seconds(3)
   */
  readonly connectTimeout?: Duration;
  /**
   * Longest time between two parts of a request or an answer; of a WebSocket, too.
   * @default Duration.seconds(60)
   */
  readonly responseTimeout?: Duration;
  /**
   * Largest body of a request; a larger one gets 413.
   * @default Size.mebibytes(10)
   */
  readonly maxBodySize?: Size;
  /**
   * How often a request is sent to another replica after one failed, if it was not sent yet or changes nothing.
   * @default 2
   */
  readonly retries?: number;
  /**
   * Path that each replica is asked for, request or no request.
   * @default - none: a replica that fails a request gets none for a while
   */
  readonly healthPath?: string;
  /**
   * CA certificates that endpoints with the scheme `https` or `grpcs` must prove themselves by; needed there.
   * @default - none
   */
  readonly caCertificates?: Secret;
  /**
   * Ranges from which clients may come, in CIDR notation, beside those of the proxy; others get 403.
   * @default - everyone who may come to the proxy
   */
  readonly sources?: string[];
  /**
   * How many requests of each client's address are answered; others get 429.
   * @default - all of them
   */
  readonly rateLimit?: RateLimit;
  /**
   * Users with passwords; others get 401. The upstream finds the name in `X-Forwarded-User`, and does not see the password.
   * @default - none
   */
  readonly basicAuthentication?: BasicAuthentication;
  /**
   * A service of the application that decides who may come.
   * @default - none
   */
  readonly forwardAuthentication?: ForwardAuthentication;
  /**
   * Which other origins may come. The proxy answers preflight requests itself.
   * @default - none
   */
  readonly cors?: CorsPolicy;
}

/** Name of what flows over a route. */
export function channelOf({ host, path }: Pick<ProxyRoute, 'host' | 'path'>): string {
  return `${host ?? ''}${path}`;
}

/** The route with every default in its place, of options that were checked. */
export function completeRoute(options: RouteOptions): ProxyRoute {
  const { host, path = '/', match = PathMatch.PREFIX, to, redirect, sources, rateLimit, basicAuthentication, forwardAuthentication, cors } = options;
  return {
    host,
    path,
    match,
    forward: to && completeForward(to, options),
    redirect,
    sources: sources && [...new Set(sources)].sort(byText),
    rateLimit,
    basicAuthentication,
    forwardAuthentication: forwardAuthentication && { ...forwardAuthentication, to: toReplicas(forwardAuthentication.to) },
    cors,
  };
}

function completeForward(to: Endpoint[], { canary, ...options }: RouteOptions): ProxyForward {
  return {
    upstreams: to.map(toReplicas),
    canary: canary && { to: canary.to.map(toReplicas), percent: canary.percent },
    balancing: options.balancing ?? Balancing.roundRobin(),
    stickyCookie: options.stickyCookie,
    rewrite: options.rewrite,
    connectTimeout: options.connectTimeout ?? Duration.seconds(3),
    responseTimeout: options.responseTimeout ?? Duration.seconds(60),
    maxBodySize: options.maxBodySize ?? Size.mebibytes(10),
    retries: options.retries ?? 2,
    healthPath: options.healthPath,
    caCertificates: options.caCertificates,
  };
}

/** The endpoint by a name that leads to each replica, as the proxy chooses among them. */
function toReplicas(endpoint: Endpoint): Endpoint {
  const { workload, host, portName } = endpoint;
  return workload instanceof Workload && host === workload.name ? workload.replicasEndpoint(portName) : endpoint;
}

/** Orders routes as they decide: an exact path first, then the longer one, then that of a host, each by its text. */
export function byDecision(a: ProxyRoute, b: ProxyRoute): number {
  return Number(b.match === PathMatch.EXACT) - Number(a.match === PathMatch.EXACT) || b.path.length - a.path.length
    || Number(b.host !== undefined) - Number(a.host !== undefined) || byText(channelOf(a), channelOf(b));
}
