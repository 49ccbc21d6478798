import { native, refused } from '../proxies/feature-request';
import { ProxyFeature, ProxyFeatureSupport } from '../proxies/features';

const one = 'an Ingress sends a path to one Service';
const controllers = 'an Ingress has no words for it, and each controller has its own';

/** What an Ingress makes of each feature, whatever the controller. */
export const INGRESS_SUPPORT: Record<ProxyFeature, ProxyFeatureSupport> = {
  [ProxyFeature.SEVERAL_UPSTREAMS]: refused(one),
  [ProxyFeature.UPSTREAMS_OUTSIDE]: refused('an Ingress leads to Services'),
  [ProxyFeature.REDIRECTS]: refused(controllers),
  [ProxyFeature.LEAST_CONNECTIONS]: refused(controllers),
  [ProxyFeature.HASHING]: refused(controllers),
  [ProxyFeature.STICKY_COOKIE]: refused(controllers),
  [ProxyFeature.CANARY]: refused(one),
  [ProxyFeature.RETRIES]: refused(controllers),
  [ProxyFeature.ACTIVE_HEALTH_CHECKS]: refused(controllers),
  [ProxyFeature.TIMEOUTS]: refused(controllers),
  [ProxyFeature.BODY_SIZE]: refused(controllers),
  [ProxyFeature.REWRITE]: refused(controllers),
  [ProxyFeature.GRPC]: refused('an Ingress does not say how a Service is spoken to'),
  [ProxyFeature.UPSTREAM_TLS]: refused('an Ingress does not say how a Service is spoken to'),
  [ProxyFeature.COMPRESSION]: refused(controllers),
  [ProxyFeature.RESPONSE_HEADERS]: refused(controllers),
  [ProxyFeature.TLS_REDIRECT]: refused(controllers),
  [ProxyFeature.CORS]: refused(controllers),
  [ProxyFeature.SOURCES]: refused(controllers),
  [ProxyFeature.RATE_LIMIT]: refused(controllers),
  [ProxyFeature.BASIC_AUTHENTICATION]: refused(controllers),
  [ProxyFeature.FORWARD_AUTHENTICATION]: refused(controllers),
  [ProxyFeature.PROXY_PROTOCOL]: refused('clients come to the controller, however they do so'),
  [ProxyFeature.CERTIFICATE_RELOAD]: native('controllers watch the Secret'),
};
