import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import type { IDiscoverableService } from './discoverable-service';
import { checkProxy, requestsOfProxy } from './reverse-proxy-check';
import { byDecision, channelOf, completeRoute, RouteOptions } from './route';
import { checkRoute, requestsOf } from './route-check';
import { Application } from '../model/application';
import { Certificate } from '../model/certificate';
import type { Endpoint } from '../model/endpoint';
import { Exposure, ExposureKind } from '../model/exposure';
import type { LoadBalancer } from '../model/load-balancer';
import type { PublishedPort } from '../model/published-port';
import type { Workload } from '../model/workload';
import { checkCall } from '../private/check-call';
import { variableName } from '../private/names';
import { Problems } from '../private/problems';
import { findProxyRefusals, ProxyFeatureRequest } from '../proxies/feature-request';
import type { ProxyConfiguration, ProxyRoute } from '../proxies/proxy-configuration';
import type { IProxyDeclarations, IProxyEngine } from '../proxies/proxy-engine';

/** How clients come by TLS, 1.2 or newer. */
export interface ReverseProxyTls {
  /**
   * Certificate and key.
   * @default - a new one for `hosts`, `publicHost` and the proxy's own name
   */
  readonly certificate?: Certificate;
  /**
   * Whether requests without TLS are sent to the port with TLS; otherwise they are answered, too.
   * @default true
   */
  readonly redirect?: boolean;
  /**
   * For how long browsers shall come by TLS alone, once they were here (HSTS).
   * @default - 180 days, or not at all if the proxy is open to this machine alone
   */
  readonly hsts?: Duration;
}

/** Options of a reverse proxy. */
export interface ReverseProxyProps {
  /** What proxies, such as `new Nginx()`. */
  readonly engine: IProxyEngine;
  /**
   * Host names under which the proxy answers, in lower case, beside that of its workload; a request for another name is answered with 421.
   * @default - every name
   */
  readonly hosts?: string[];
  /**
   * How clients come by TLS.
   * @default - without
   */
  readonly tls?: ReverseProxyTls;
  /**
   * What clients come through, to all replicas. It says who may come, and under which name they know it; upstreams learn the clients' own addresses.
   * @default - none, clients come to the proxy
   */
  readonly balancer?: LoadBalancer;
  /**
   * Who may come. The proxy itself refuses others with 403, wherever nothing in front of it does.
   * @default - whoever may come to the balancer; Exposure.thisMachine() without one
   */
  readonly exposure?: Exposure;
  /**
   * Name, or IPv4 address, under which clients know the host.
   * @default - that of the balancer; localhost for this machine alone, the address if one of the host was given, otherwise unknown
   */
  readonly publicHost?: string;
  /**
   * Port at which clients come in without TLS.
   * @default - 8080 for this machine alone, otherwise 80
   */
  readonly httpPort?: number;
  /**
   * Port at which clients come in with TLS.
   * @default - 8443 for this machine alone, otherwise 443
   */
  readonly httpsPort?: number;
  /**
   * Number of replicas of the proxy.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * Headers of every answer, in place of those of upstreams.
   * @default - X-Content-Type-Options, X-Frame-Options and Referrer-Policy with usual values
   */
  readonly responseHeaders?: Record<string, string>;
  /**
   * Whether answers are compressed. What holds a secret beside something of the client's choice should not be.
   * @default false
   */
  readonly compression?: boolean;
}

/** Headers that keep browsers from guessing types, showing pages in frames of others, and telling others more than the origin. */
const RESPONSE_HEADERS = { 'X-Content-Type-Options': 'nosniff', 'X-Frame-Options': 'SAMEORIGIN', 'Referrer-Policy': 'strict-origin-when-cross-origin' };

/**
 * Takes requests from clients outside, and sends each to an upstream, by host and path: `proxy.route({ path: '/api', to: [api.endpoint()] })`.
 * It follows replicas that come and go, and runs before they do. Upstreams learn of the client by `X-Forwarded-For` and its like,
 * whatever the client says of itself.
 */
export class ReverseProxy extends Construct implements IDiscoverableService {
  /** What proxies. */
  public readonly engine: IProxyEngine;
  /** The workload that proxies. */
  public readonly workload: Workload;
  /** Certificate and key of the proxy; undefined without TLS. */
  public readonly certificate?: Certificate;

  private readonly published: PublishedPort;
  private readonly hosts?: string[];
  private readonly routes = new Map<string, ProxyRoute>();
  private readonly asked: ProxyFeatureRequest[];
  private readonly declarations: IProxyDeclarations;
  private hasRoutes = false;

  /** The engine must have all that is asked for. */
  public constructor(scope: Construct, id: string, props: ReverseProxyProps) {
    checkCall(new.target, 'ReverseProxy', arguments);
    super(Application._openScope(scope, id), id);
    const problems = new Problems(this.node.path);
    checkProxy(problems, props);
    const { engine, tls, balancer, replicas = 1 } = props;
    this.asked = requestsOfProxy(props);
    for (const refusal of findProxyRefusals(engine, this.asked)) problems.check(false, refusal);
    const usable: ReverseProxyProps = Application._keep(this, problems) ? { engine, tls, balancer } : props;
    this.engine = engine;
    this.hosts = usable.hosts && [...usable.hosts];
    const exposure = balancer?.exposure ?? usable.exposure ?? Exposure.thisMachine();
    const local = exposure.kind === ExposureKind.THIS_MACHINE;
    const { httpPort = local ? 8080 : 80, httpsPort = local ? 8443 : 443 } = usable;
    this.declarations = Object.defineProperty({} as IProxyDeclarations, 'configuration', {
      get: () => this.complete(usable, exposure, httpsPort),
    });
    this.workload = engine.run(this, { declarations: this.declarations, replicas, tls: tls !== undefined, proxyProtocol: balancer !== undefined });
    if (tls) {
      this.certificate = tls.certificate ?? this.makeCertificate(usable, local);
      for (const secret of [this.certificate.chain, this.certificate.key]) this.workload.main.mountSecret(secret);
    }
    const http = this.publish(usable, 'http', httpPort);
    this.published = tls ? this.publish(usable, 'https', httpsPort) : http;
    this.node.addValidation({ validate: () => this.hasRoutes ? [] : ["has no routes, so it answers nothing; add one with 'route'"] });
  }

  /** Sends requests for a host and path somewhere. The engine must have all that is asked for, and there be no such route already. */
  public route(options: RouteOptions): void {
    checkCall(this, 'ReverseProxy.route', arguments);
    this.workload.application._requireOpen(this.node);
    const problems = new Problems(this.node.path);
    this.hasRoutes = true;
    checkRoute(problems, options, this.hosts);
    const requests = requestsOf(options);
    for (const refusal of findProxyRefusals(this.engine, requests)) problems.check(false, refusal);
    if (Application._keep(this, problems)) return;
    const route = completeRoute(options);
    const channel = channelOf(route);
    const key = `${route.match} ${channel}`;
    if (this.routes.has(key)) return Application._refuse(this, `route '${channel}': there is one of that host, path and 'match' already; give all of it in one`);
    this.connect(route, channel);
    this.asked.push(...requests);
    this.routes.set(key, route);
  }

  /** The endpoint at which workloads of the application reach the proxy: `http`, or `https` if it has that. */
  public endpoint(portName = this.published.endpoint.portName): Endpoint {
    checkCall(this, 'ReverseProxy.endpoint', arguments);
    return this.workload.endpoint(portName);
  }

  /** What it serves as it is now. Each value was checked, and every default is in its place. */
  public get configuration(): ProxyConfiguration {
    return this.declarations.configuration;
  }

  /** What the program asked for beside hosts, paths and upstreams: for whoever proxies in the place of the engine. */
  public get requests(): ProxyFeatureRequest[] {
    return [...this.asked];
  }

  /**
   * `scheme://host:port` for clients outside.
   * @throws if `publicHost` is unknown.
   */
  public get url(): string {
    return this.published.url;
  }

  /** Opens the way to every upstream, none of which has to be there before the proxy, and hands over the secrets of the route. */
  private connect({ forward, forwardAuthentication, basicAuthentication }: ProxyRoute, channel: string): void {
    const connect = (endpoint: Endpoint, action: string) => this.workload.connectTo(endpoint, {
      prefix: variableName(`upstream-${endpoint.host}-${endpoint.port}`), waits: false, flow: { action, channel },
    });
    for (const endpoint of [...forward?.upstreams ?? [], ...forward?.canary?.to ?? []]) connect(endpoint, 'forward');
    if (forwardAuthentication) connect(forwardAuthentication.to, 'authenticate');
    const secrets = [...Object.values(basicAuthentication?.users ?? {}), ...(forward?.caCertificates ? [forward.caCertificates] : [])];
    for (const secret of secrets) this.workload.main.mountSecret(secret);
  }

  private publish({ balancer, exposure, publicHost }: ReverseProxyProps, portName: string, hostPort: number): PublishedPort {
    const proxyProtocolPort = balancer && `${portName}-proxied`;
    return this.workload.publish({ portName, hostPort, balancer, exposure, publicHost, checksSources: true, proxyProtocolPort });
  }

  private complete(props: ReverseProxyProps, exposure: Exposure, httpsPort: number): ProxyConfiguration {
    const { hosts, tls, balancer, compression = false, responseHeaders = RESPONSE_HEADERS } = props;
    return {
      name: this.workload.name,
      tls: tls && {
        certificate: this.certificate!,
        redirectPort: tls.redirect ?? true ? httpsPort : undefined,
        hsts: tls.hsts ?? (exposure.kind === ExposureKind.THIS_MACHINE ? undefined : Duration.days(180)),
      },
      sources: exposure.kind === ExposureKind.SOURCES ? exposure.sourceRanges : undefined,
      hosts: hosts && [...new Set([...hosts, this.workload.name])],
      proxyProtocol: balancer !== undefined,
      compression,
      responseHeaders,
      routes: [...this.routes.values()].sort(byDecision),
    };
  }

  private makeCertificate({ hosts = [], balancer, publicHost = balancer?.publicHost }: ReverseProxyProps, local: boolean): Certificate {
    const names = [...hosts, ...(publicHost === undefined ? [] : [publicHost]), this.workload.name, ...(local ? ['localhost'] : [])];
    return new Certificate(this, 'Tls', { name: `${this.workload.name}-tls`, hosts: [...new Set(names)] });
  }
}

