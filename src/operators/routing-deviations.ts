import { Deviation, FidelityLevel } from '../targets/fidelity';

/** Where a controller of the cluster differs from a proxy of the application's own. `docs/fidelity.md` is written from this table. */
export const ROUTING_DEVIATIONS = {
  routed: {
    level: FidelityLevel.EMULATED,
    feature: 'proxy that a controller of the cluster is (IngressRoutes, GatewayRoutes)',
    reason: 'the controller decides which program takes requests, how many of it run, and what is logged; some do less than they are asked for',
  },
  routedClients: {
    level: FidelityLevel.EMULATED,
    feature: 'what upstreams learn of a client (IngressRoutes, GatewayRoutes)',
    reason: 'the controller says it: some append to what the client says, so that only the last address of `X-Forwarded-For` is to be believed',
  },
  routedDefaults: {
    level: FidelityLevel.EMULATED,
    feature: 'time-outs, retries and largest body that the program left open (IngressRoutes, GatewayRoutes)',
    reason: 'they are as the controller has them',
  },
  routedHosts: {
    level: FidelityLevel.EMULATED,
    feature: 'request for a host that is none of `hosts` (IngressRoutes, GatewayRoutes)',
    reason: 'the controller answers it with 404 in place of 421, or leads it to others',
  },
  ingressHeaders: {
    level: FidelityLevel.EMULATED,
    feature: 'headers of answers that the program left open (IngressRoutes)',
    reason: 'an Ingress has no words for them, so there are none but those of the upstream and the controller',
  },
  ingressTls: {
    level: FidelityLevel.EMULATED,
    feature: 'redirect to TLS and HSTS that the program left open (IngressRoutes)',
    reason: 'an Ingress has no words for them, so the controller decides whether requests without TLS are answered, too',
  },
  gatewayShares: {
    level: FidelityLevel.EMULATED,
    feature: 'several endpoints of a route (GatewayRoutes)',
    reason: 'each endpoint has the same share of the requests, however many replicas it has',
  },
  gatewayTlsStatus: {
    level: FidelityLevel.EMULATED,
    feature: 'redirect to TLS with a Gateway API before 1.5 (GatewayRoutes)',
    reason: 'clients are sent there with 301, after which many repeat a POST as GET',
  },
  gatewayCertificate: {
    level: FidelityLevel.EMULATED,
    feature: 'certificate behind a Gateway that there is already (GatewayRoutes)',
    reason: 'the listener of the Gateway has its own, and that of the proxy is for Compose alone',
  },
  routedLocally: {
    level: FidelityLevel.REFUSED,
    feature: 'a proxy for this machine, or at one address of the host, with IngressRoutes or GatewayRoutes',
    reason: 'whoever reaches the controller comes in',
    remedy: "give the proxy another 'exposure', such as Exposure.everyoneOnTheInternet(), or leave out the provider",
  },
  routedAddress: {
    level: FidelityLevel.REFUSED,
    feature: 'hosts that are addresses, or the name of the proxy itself, with IngressRoutes or GatewayRoutes',
    reason: 'controllers choose by DNS names, under which clients outside know them',
    remedy: "give such names, or leave 'hosts' and 'host' out",
  },
  routedAdditions: {
    level: FidelityLevel.REFUSED,
    feature: 'what a program adds to the workload of a proxy, with IngressRoutes or GatewayRoutes',
    reason: 'the pods are those of the controller',
    remedy: 'leave the containers, mounts, ports and connections out that are not of the library, or the provider',
  },
  gatewayRedirect: {
    level: FidelityLevel.REFUSED,
    feature: "a redirect with '?', '#' or another sign that no path has, or to an IPv6 address, with GatewayRoutes",
    reason: '`RequestRedirect` takes a DNS name and a path',
    remedy: 'leave that out of the redirect, or use Nginx or HaProxy in its place',
  },
  gatewayStatus: {
    level: FidelityLevel.REFUSED,
    feature: 'a redirect with 303, 307 or 308 with GatewayRoutes before Gateway API 1.5',
    reason: 'HTTPRoute takes 301 and 302 there',
    remedy: "give 'status' of 'redirect' one of these, or the provider 'gatewayApiVersion' 1.5",
  },
  gatewayCors: {
    level: FidelityLevel.REFUSED,
    feature: "'cors' with GatewayRoutes before Gateway API 1.5",
    reason: 'HTTPRoute has no filter for it there',
    remedy: "give the provider 'gatewayApiVersion' 1.5, or use Nginx or HaProxy in its place",
  },
  gatewayLimits: {
    level: FidelityLevel.REFUSED,
    feature: 'more than the Gateway API takes, with GatewayRoutes',
    reason: 'it takes 63 hosts with TLS, 16 headers of answers, 16 endpoints of a route, 64 origins, and methods of HTTP alone',
    remedy: 'give less, or use Nginx or HaProxy in its place',
  },
} satisfies Record<string, Deviation>;
