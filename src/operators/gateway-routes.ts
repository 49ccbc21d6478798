import { checkIssuer } from './certificate-issuer';
import { gatewayDeviations } from './gateway-deviations';
import { gatewayResource, httpRoutes, redirectToTls } from './gateway-resources';
import { GATEWAY_SUPPORT } from './gateway-support';
import type { ProxyRoutesProps } from './proxy-routes';
import { callersOf, checkPods, commonDeviations, lackingFeatures, provideParts, requireObjectName } from './routing';
import { requireSameApplication } from './taking-over';
import type { Primitive } from '../model/primitive';
import type { ReverseProxy } from '../patterns/reverse-proxy';
import { checkCall } from '../private/check-call';
import { Problems } from '../private/problems';
import { requireNamespace } from '../targets/kubernetes/namespace';
import type { IProvider, IProviderContext, Provision } from '../targets/kubernetes/provider';
import { kubectlIn } from '../targets/kubernetes/publishing';

/** A Gateway that somebody else made. */
export interface ExistingGateway {
  /** Name of the Gateway. */
  readonly name: string;
  /**
   * Its namespace. A listener must let in routes of the chart's namespace (`allowedRoutes`).
   * @default - that of the chart
   */
  readonly namespace?: string;
  /**
   * Name of its listener without TLS.
   * @default 'http'
   */
  readonly httpListener?: string;
  /**
   * Name of its listener with TLS, for a proxy that has this. The certificate is that of the listener.
   * @default 'https'
   */
  readonly httpsListener?: string;
}

/** Options of a Gateway in the place of a proxy. */
export interface GatewayRoutesProps extends ProxyRoutesProps {
  /**
   * Name of the GatewayClass of a Gateway of the proxy's own.
   * @default - none, routes go to `gateway`
   */
  readonly gatewayClass?: string;
  /**
   * A Gateway that there is already.
   * @default - none, there is one of `gatewayClass`
   */
  readonly gateway?: ExistingGateway;
  /**
   * Oldest version of the definitions of the Gateway API, standard channel, that the cluster may have, from 1.2 on.
   * Before 1.5 there are no CORS and no statuses of redirects but 301 and 302.
   * @default '1.5'
   */
  readonly gatewayApiVersion?: string;
}

/**
 * Has a controller of the cluster proxy, by the Gateway API: with a Gateway, new or there already, and an HTTPRoute for each route.
 * Whatever the standard channel has no words for is refused.
 * @see https://gateway-api.sigs.k8s.io/
 */
export class GatewayRoutes implements IProvider {
  private readonly proxy: ReverseProxy;
  private readonly props: GatewayRoutesProps;
  /** Minor version of the definitions. */
  private readonly version: number;

  /**
   * @param proxy the proxy whose routes the controller takes over
   * @throws if a name is malformed, the version is too old, or cert-manager would make no certificate.
   */
  public constructor(proxy: ReverseProxy, props: GatewayRoutesProps) {
    checkCall(new.target, 'GatewayRoutes', arguments);
    const path = `Gateway of ${proxy.node.path}`;
    const problems = new Problems(path);
    checkPods(problems, path, props);
    const { gatewayClass, gateway, gatewayApiVersion = '1.5', issuer } = props;
    problems.check((gatewayClass === undefined) !== (gateway === undefined), `give either 'gatewayClass' or 'gateway', got ${gateway ? 'both' : 'neither'}`);
    if (gatewayClass !== undefined) requireObjectName(problems, "'gatewayClass'", gatewayClass);
    if (gateway) checkGateway(problems, path, gateway);
    this.version = Number(/^1\.(\d{1,3})(\.\d+)?$/.exec(gatewayApiVersion)?.[1]);
    problems.check(this.version >= 2, `'gatewayApiVersion' must be 1.2 or newer, such as 1.5, got '${gatewayApiVersion}'`);
    problems.check(!gateway || !issuer, "the certificate of 'gateway' is that of its listeners; leave out 'issuer'");
    checkIssuer(problems, proxy, issuer);
    problems.throwIfAny();
    this.proxy = proxy;
    this.props = { ...props };
  }

  /**
   * A Gateway and HTTPRoutes in the place of everything that the proxy is made of.
   * @throws if the proxy belongs to another application.
   */
  public provide(primitive: Primitive, context: IProviderContext): Provision | undefined {
    checkCall(this, 'GatewayRoutes.provide', arguments);
    requireSameApplication(this.proxy, primitive);
    const { proxy, props: { gatewayClass, gateway, issuer } } = this;
    const { workload } = proxy;
    if (primitive !== workload) return provideParts(proxy, primitive, issuer !== undefined || gateway !== undefined);
    const { name, namespace = context.namespace } = gateway ?? { name: workload.name };
    return {
      manifests: [
        ...(gatewayClass === undefined ? [] : [gatewayResource(proxy, gatewayClass, issuer)]),
        ...redirectToTls(proxy, gateway, this.version),
        ...httpRoutes(proxy, gateway),
      ],
      callers: callersOf(proxy, this.props),
      entranceCommand: `${kubectlIn(namespace)} get gateway ${name}`,
      deviations: [
        ...lackingFeatures(proxy, 'GatewayRoutes', feature => GATEWAY_SUPPORT[feature]),
        ...commonDeviations(proxy),
        ...gatewayDeviations(proxy, gateway, this.version),
      ],
    };
  }
}

function checkGateway(problems: Problems, path: string, { name, namespace, httpListener, httpsListener }: ExistingGateway): void {
  requireObjectName(problems, "'name' of 'gateway'", name);
  if (namespace !== undefined) requireNamespace(path, namespace, 'namespace of gateway');
  if (httpListener !== undefined) requireObjectName(problems, "'httpListener'", httpListener);
  if (httpsListener !== undefined) requireObjectName(problems, "'httpsListener'", httpsListener);
}
