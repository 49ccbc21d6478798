/** What a program may ask of a reverse proxy, beyond hosts, prefixes of paths and upstreams. `docs/reverse-proxy.md` says what each engine makes of it. */
export enum ProxyFeature {
  /** A route has several endpoints, of which each replica gets requests. */
  SEVERAL_UPSTREAMS = 'several upstreams',
  /** Requests go to what the application does not run itself. */
  UPSTREAMS_OUTSIDE = 'upstreams outside the application',
  /** Clients are sent elsewhere. */
  REDIRECTS = 'redirects',
  /** Each request goes to the replica that has the fewest requests in work. */
  LEAST_CONNECTIONS = 'least connections',
  /** Requests with the same address, header or cookie go to the same replica. */
  HASHING = 'balancing by hash',
  /** A cookie of the proxy keeps a client with one replica. */
  STICKY_COOKIE = 'sticky cookie',
  /** A share of the requests goes elsewhere. */
  CANARY = 'canary',
  /** A request that may be repeated is sent to another replica if the first one fails. */
  RETRIES = 'retries',
  /** A replica is asked how it is, request or no request. */
  ACTIVE_HEALTH_CHECKS = 'active health checks',
  /** How long connections and answers may take is said. */
  TIMEOUTS = 'time-outs',
  /** How large a body may be is said. */
  BODY_SIZE = 'largest body',
  /** The path is changed on the way to the upstream. */
  REWRITE = 'rewritten paths',
  /** Upstreams speak gRPC. */
  GRPC = 'gRPC',
  /** Upstreams are spoken to by TLS, and must prove who they are. */
  UPSTREAM_TLS = 'TLS to upstreams',
  /** Answers are compressed. */
  COMPRESSION = 'compression',
  /** Every answer gets headers of the proxy's. */
  RESPONSE_HEADERS = 'headers of answers',
  /** Clients that come without TLS are sent to the port with TLS. */
  TLS_REDIRECT = 'redirect to TLS',
  /** Clients of other origins are let in by their browsers. */
  CORS = 'CORS',
  /** Clients of other addresses are refused. */
  SOURCES = 'address lists',
  /** Clients that send too many requests are held off with 429. */
  RATE_LIMIT = 'rate limit',
  /** Users give name and password. */
  BASIC_AUTHENTICATION = 'basic authentication',
  /** A workload decides who is let in. */
  FORWARD_AUTHENTICATION = 'forward authentication',
  /** What is in front of the proxy tells by PROXY protocol who the client is. */
  PROXY_PROTOCOL = 'PROXY protocol',
  /** Certificates that changed are used without a restart. */
  CERTIFICATE_RELOAD = 'certificates that reload in place',
}

/** How an engine does what is asked. */
export enum ProxySupportLevel {
  /** By itself. */
  NATIVE = 'native',
  /** By other means, which are stated. */
  EMULATED = 'emulated',
  /** Not at all: a program that asks for it is refused. */
  REFUSED = 'refused',
}

/** What an engine makes of one feature. */
export interface ProxyFeatureSupport {
  /** How truly it is done. */
  readonly level: ProxySupportLevel;
  /** By what means; of what is refused, the reason. */
  readonly how: string;
}

/** Says what a proxy's engine makes of features. */
export interface IProxySupport {
  /** What the engine makes of a feature. A route that asks for what is refused here is refused. */
  support(feature: ProxyFeature): ProxyFeatureSupport;
}
