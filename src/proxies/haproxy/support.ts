import { emulated, native, refused } from '../feature-request';
import { ProxyFeature, ProxyFeatureSupport } from '../features';

/** What HAProxy makes of each feature. */
export const HAPROXY_SUPPORT: Record<ProxyFeature, ProxyFeatureSupport> = {
  [ProxyFeature.SEVERAL_UPSTREAMS]: native('several `server-template`'),
  [ProxyFeature.UPSTREAMS_OUTSIDE]: native('`server-template … resolvers`'),
  [ProxyFeature.REDIRECTS]: native('`http-request redirect`'),
  [ProxyFeature.LEAST_CONNECTIONS]: native('`balance leastconn`'),
  [ProxyFeature.HASHING]: native('`balance hash`, consistent'),
  [ProxyFeature.STICKY_COOKIE]: native('`cookie … insert`'),
  [ProxyFeature.CANARY]: native('`rand`, for each request'),
  [ProxyFeature.RETRIES]: native('`retry-on`; a request that was sent and may change something is not repeated'),
  [ProxyFeature.ACTIVE_HEALTH_CHECKS]: native('`option httpchk`'),
  [ProxyFeature.TIMEOUTS]: native('`timeout connect`, `timeout server` and their like'),
  [ProxyFeature.BODY_SIZE]: native('a rule for `Content-Length`; a body whose length nobody says is refused with 411'),
  [ProxyFeature.REWRITE]: native('`replace-path`; a path that is written otherwise than the route\'s, such as with `%61` for a letter, is refused with 400'),
  [ProxyFeature.GRPC]: native('`proto h2`'),
  [ProxyFeature.UPSTREAM_TLS]: native('`verify required`'),
  [ProxyFeature.COMPRESSION]: native('`filter compression`'),
  [ProxyFeature.RESPONSE_HEADERS]: native('`http-after-response set-header`'),
  [ProxyFeature.TLS_REDIRECT]: native('`http-request redirect`'),
  [ProxyFeature.CORS]: emulated('rules for headers; it answers preflight requests itself'),
  [ProxyFeature.SOURCES]: native('`acl … src`'),
  [ProxyFeature.RATE_LIMIT]: emulated('a `stick-table` counts in a window of time, not drop by drop; a reload forgets what was counted'),
  [ProxyFeature.BASIC_AUTHENTICATION]: native('`userlist`'),
  [ProxyFeature.FORWARD_AUTHENTICATION]: refused('it asks no service before it lets a request through'),
  [ProxyFeature.PROXY_PROTOCOL]: native('`expect-proxy`'),
  [ProxyFeature.CERTIFICATE_RELOAD]: emulated('a loop beside it compares the files each 5 seconds, and has it read them if they fit together'),
};
