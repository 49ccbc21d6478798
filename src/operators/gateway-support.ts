import { emulated, native, refused } from '../proxies/feature-request';
import { ProxyFeature, ProxyFeatureSupport } from '../proxies/features';

const unknown = 'the Gateway API has no words for it';

/** What Gateway and HTTPRoute make of each feature: the standard channel of the Gateway API, from 1.5 on. */
export const GATEWAY_SUPPORT: Record<ProxyFeature, ProxyFeatureSupport> = {
  [ProxyFeature.SEVERAL_UPSTREAMS]: emulated('`weight`: each has the same share, however many replicas it has'),
  [ProxyFeature.UPSTREAMS_OUTSIDE]: refused('an HTTPRoute leads to Services'),
  [ProxyFeature.REDIRECTS]: native('`RequestRedirect`'),
  [ProxyFeature.LEAST_CONNECTIONS]: refused(unknown),
  [ProxyFeature.HASHING]: refused(unknown),
  [ProxyFeature.STICKY_COOKIE]: refused('the standard channel of the Gateway API has no sessions'),
  [ProxyFeature.CANARY]: native('`weight`'),
  [ProxyFeature.RETRIES]: refused('a controller repeats what may change something, too'),
  [ProxyFeature.ACTIVE_HEALTH_CHECKS]: refused(unknown),
  [ProxyFeature.TIMEOUTS]: refused('the Gateway API limits a whole answer, and not the time between two parts'),
  [ProxyFeature.BODY_SIZE]: refused(unknown),
  [ProxyFeature.REWRITE]: native('`URLRewrite`'),
  [ProxyFeature.GRPC]: native('`appProtocol` of the Service is `kubernetes.io/h2c`'),
  [ProxyFeature.UPSTREAM_TLS]: refused('a BackendTLSPolicy takes authorities from a ConfigMap, and here they are a secret'),
  [ProxyFeature.COMPRESSION]: refused(unknown),
  [ProxyFeature.RESPONSE_HEADERS]: native('`ResponseHeaderModifier`, but for redirects'),
  [ProxyFeature.TLS_REDIRECT]: native('an HTTPRoute at the listener without TLS'),
  [ProxyFeature.CORS]: native('`CORS`'),
  [ProxyFeature.SOURCES]: refused(unknown),
  [ProxyFeature.RATE_LIMIT]: refused(unknown),
  [ProxyFeature.BASIC_AUTHENTICATION]: refused(unknown),
  [ProxyFeature.FORWARD_AUTHENTICATION]: refused('the standard channel of the Gateway API asks no service'),
  [ProxyFeature.PROXY_PROTOCOL]: refused('clients come to the Gateway, however they do so'),
  [ProxyFeature.CERTIFICATE_RELOAD]: native('controllers watch the Secret'),
};
