import type { Duration, Size } from 'cdk8s';
import type { Balancing } from './balancing';
import type { Certificate } from '../model/certificate';
import type { Endpoint } from '../model/endpoint';
import type { Secret } from '../model/secret';

/** All that an engine has to know. Every value has been checked, and every default is in its place. */
export interface ProxyConfiguration {
  /** Name of the proxy's workload. */
  readonly name: string;
  /** How clients come by TLS; undefined where they do not. */
  readonly tls?: ProxyTls;
  /** Ranges from which clients may come, in CIDR notation; the addresses of the proxy's own gateways are none of them. Undefined for everyone. */
  readonly sources?: string[];
  /** Host names under which the proxy answers; a request for another is answered with 421. Undefined for every name. */
  readonly hosts?: string[];
  /** Whether clients come through something that tells by PROXY protocol who they are, too. */
  readonly proxyProtocol: boolean;
  /** Whether answers are compressed. */
  readonly compression: boolean;
  /** Headers of every answer. */
  readonly responseHeaders: Record<string, string>;
  /** In the order in which they decide: the first one whose host, path and match fit a request. What fits none is answered with 404. */
  readonly routes: ProxyRoute[];
}

/** TLS of clients: 1.2 and newer. */
export interface ProxyTls {
  /** Certificate and key are files in the container; they may change. */
  readonly certificate: Certificate;
  /** Number of the port to which requests without TLS are sent; undefined if these are answered, too. */
  readonly redirectPort?: number;
  /** For how long browsers shall come by TLS alone; undefined if that is not said. */
  readonly hsts?: Duration;
}

/** Which part of a path must fit. */
export enum PathMatch {
  /** The path itself, or whatever is below it: `/api` fits `/api` and `/api/orders`, and does not fit `/apis`. */
  PREFIX = 'prefix',
  /** The path itself alone. */
  EXACT = 'exact',
}

/** What is done with requests for one host and path. */
export interface ProxyRoute {
  /** Host name in lower case, which is one of the proxy's; undefined for each of them. */
  readonly host?: string;
  /** Path, beginning with `/`, without a final one; `/` for the root. */
  readonly path: string;
  /** Which part of the path must fit. */
  readonly match: PathMatch;
  /** Where requests go; undefined if they are redirected. */
  readonly forward?: ProxyForward;
  /** Where clients are sent instead. */
  readonly redirect?: ProxyRedirect;
  /** Ranges from which clients may come, in CIDR notation, beside those of the proxy; others get 403. Undefined for everyone. */
  readonly sources?: string[];
  /** How many requests are answered; others get 429. */
  readonly rateLimit?: RateLimit;
  /** Who may come; others get 401. */
  readonly basicAuthentication?: BasicAuthentication;
  /** Who decides who may come. */
  readonly forwardAuthentication?: ForwardAuthentication;
  /** Which other origins may come. */
  readonly cors?: CorsPolicy;
}

/** Where requests go, and how. */
export interface ProxyForward {
  /** Where they go. */
  readonly upstreams: Endpoint[];
  /** Where a share of them goes instead. */
  readonly canary?: ProxyCanary;
  /** Which replica gets a request. */
  readonly balancing: Balancing;
  /** Name of a cookie that keeps a client with its replica. */
  readonly stickyCookie?: string;
  /** What stands in place of the path, or of its prefix, on the way to the upstream; without a final `/`, but for the root. */
  readonly rewrite?: string;
  /** Time within which a connection must be made. */
  readonly connectTimeout: Duration;
  /** Longest time between two parts of a request or an answer; of a WebSocket, too. */
  readonly responseTimeout: Duration;
  /** Largest body of a request; a larger one gets 413. */
  readonly maxBodySize: Size;
  /** How often a request is sent to another replica after one failed, if it may be repeated; 0 for never. */
  readonly retries: number;
  /** Path that each replica is asked for; undefined if none is asked. */
  readonly healthPath?: string;
  /** CA certificates, in PEM, that upstreams with the scheme `https` or `grpcs` must prove themselves by. */
  readonly caCertificates?: Secret;
}

/** A share of requests that goes elsewhere. */
export interface ProxyCanary {
  /** Where they go. */
  readonly to: Endpoint[];
  /** How many of a hundred requests: a whole number from 1 to 99. */
  readonly percent: number;
}

/** Where clients are sent. */
export interface ProxyRedirect {
  /** Path, or URL that begins with `https://` or `http://`. */
  readonly to: string;
  /**
   * 301, 302, 303, 307 or 308.
   * @default 308
   */
  readonly status?: number;
}

/** How many requests of one client's address are answered. Each replica of a proxy counts by itself. */
export interface RateLimit {
  /** Requests in a second, on average. */
  readonly requestsPerSecond: number;
  /**
   * Requests that may come at once, beyond that.
   * @default - as many as in a second
   */
  readonly burst?: number;
}

/** Users that give name and password. */
export interface BasicAuthentication {
  /** Names of users to their passwords. */
  readonly users: Record<string, Secret>;
  /**
   * What is said to users who are asked for the password.
   * @default 'restricted'
   */
  readonly realm?: string;
}

/** A service of the application that decides who may come: it answers 2xx to let a request through, and 401 or 403 to refuse it. */
export interface ForwardAuthentication {
  /** Which service. */
  readonly to: Endpoint;
  /**
   * Path that it is asked for, with the headers of the request, and method and path in `X-Forwarded-Method` and `X-Forwarded-Uri`.
   * @default '/'
   */
  readonly path?: string;
  /**
   * Headers of its answer that the upstream gets, such as `X-User`; those of the client with these names are dropped.
   * @default - none
   */
  readonly copyHeaders?: string[];
}

/** Which other origins browsers let in. */
export interface CorsPolicy {
  /** Origins such as `https://shop.example.com`, or `*` alone for each of them. */
  readonly origins: string[];
  /**
   * Methods that are allowed.
   * @default - GET, HEAD and POST
   */
  readonly methods?: string[];
  /**
   * Headers that requests may have, beyond the usual ones.
   * @default - none
   */
  readonly headers?: string[];
  /**
   * Whether cookies and passwords are sent along; not with `*`.
   * @default false
   */
  readonly credentials?: boolean;
}
