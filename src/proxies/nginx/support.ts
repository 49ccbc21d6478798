import { emulated, native, refused } from '../feature-request';
import { ProxyFeature, ProxyFeatureSupport } from '../features';

/** What nginx makes of each feature. */
export const NGINX_SUPPORT: Record<ProxyFeature, ProxyFeatureSupport> = {
  [ProxyFeature.SEVERAL_UPSTREAMS]: native('several `server … resolve`'),
  [ProxyFeature.UPSTREAMS_OUTSIDE]: native('`server … resolve`'),
  [ProxyFeature.REDIRECTS]: native('`return`'),
  [ProxyFeature.LEAST_CONNECTIONS]: native('`least_conn`; each process of the proxy knows of all requests'),
  [ProxyFeature.HASHING]: native('`hash … consistent`'),
  [ProxyFeature.STICKY_COOKIE]: native('`sticky cookie`'),
  [ProxyFeature.CANARY]: native('`split_clients`, by the number of the request'),
  [ProxyFeature.RETRIES]: native('`proxy_next_upstream`; a request that was sent and may change something is not repeated'),
  [ProxyFeature.ACTIVE_HEALTH_CHECKS]: refused('it learns how a replica is from the requests alone'),
  [ProxyFeature.TIMEOUTS]: native('`proxy_connect_timeout`, `proxy_read_timeout` and their like'),
  [ProxyFeature.BODY_SIZE]: native('`client_max_body_size`'),
  [ProxyFeature.REWRITE]: native('`rewrite`, of the decoded path'),
  [ProxyFeature.GRPC]: native('`grpc_pass`'),
  [ProxyFeature.UPSTREAM_TLS]: native('`proxy_ssl_verify`'),
  [ProxyFeature.COMPRESSION]: native('`gzip`'),
  [ProxyFeature.RESPONSE_HEADERS]: native('`add_header`'),
  [ProxyFeature.TLS_REDIRECT]: native('`return 308`'),
  [ProxyFeature.CORS]: emulated('`map` and `add_header`; it answers preflight requests itself'),
  [ProxyFeature.SOURCES]: native('`geo`'),
  [ProxyFeature.RATE_LIMIT]: native('`limit_req`'),
  [ProxyFeature.BASIC_AUTHENTICATION]: native('`auth_basic`'),
  [ProxyFeature.FORWARD_AUTHENTICATION]: native('`auth_request`'),
  [ProxyFeature.PROXY_PROTOCOL]: native('`listen … proxy_protocol`, and `set_real_ip_from`'),
  [ProxyFeature.CERTIFICATE_RELOAD]: emulated('a loop beside it compares the files each 5 seconds, and has it read them if they fit together'),
};
