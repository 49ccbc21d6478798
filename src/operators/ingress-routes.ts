import { checkCertificateAnnotations, checkIssuer, issuerAnnotations } from './certificate-issuer';
import { GATEWAY_SUPPORT } from './gateway-support';
import { INGRESS_SUPPORT } from './ingress-support';
import type { ProxyRoutesProps } from './proxy-routes';
import { callersOf, checkPods, commonDeviations, hostsOf, lackingFeatures, provideParts, requireObjectName, routesByHost, serviceOf } from './routing';
import { ROUTING_DEVIATIONS as DEVIATIONS } from './routing-deviations';
import { LABELS, requireSameApplication } from './taking-over';
import type { Primitive } from '../model/primitive';
import type { ReverseProxy } from '../patterns/reverse-proxy';
import { checkCall } from '../private/check-call';
import { Problems } from '../private/problems';
import { ProxySupportLevel } from '../proxies/features';
import { PathMatch, ProxyRoute } from '../proxies/proxy-configuration';
import type { Manifest } from '../targets/kubernetes/plain';
import type { IProvider, IProviderContext, Provision } from '../targets/kubernetes/provider';
import { kubectlIn } from '../targets/kubernetes/publishing';

/** Options of an Ingress in the place of a proxy. */
export interface IngressRoutesProps extends ProxyRoutesProps {
  /** Name of the IngressClass, which says what controller takes requests. */
  readonly ingressClass: string;
  /**
   * Annotations of the Ingress, by which a controller does what the standard has no words for. The library does not know what they mean.
   * @default - none but those of `issuer`
   */
  readonly annotations?: Record<string, string>;
}

/**
 * Has a controller of the cluster proxy, by an Ingress. Whatever that has no words for is refused.
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/
 */
export class IngressRoutes implements IProvider {
  private readonly proxy: ReverseProxy;
  private readonly props: IngressRoutesProps;

  /**
   * @param proxy the proxy whose routes the controller takes over
   * @throws if a name is malformed, or cert-manager would make no certificate.
   */
  public constructor(proxy: ReverseProxy, props: IngressRoutesProps) {
    checkCall(new.target, 'IngressRoutes', arguments);
    const problems = new Problems(`Ingress of ${proxy.node.path}`);
    checkPods(problems, `Ingress of ${proxy.node.path}`, props);
    requireObjectName(problems, "'ingressClass'", props.ingressClass);
    checkIssuer(problems, proxy, props.issuer);
    checkAnnotations(problems, props.annotations ?? {});
    problems.throwIfAny();
    this.proxy = proxy;
    this.props = { ...props };
  }

  /**
   * An Ingress in the place of everything that the proxy is made of.
   * @throws if the proxy belongs to another application.
   */
  public provide(primitive: Primitive, context: IProviderContext): Provision | undefined {
    checkCall(this, 'IngressRoutes.provide', arguments);
    requireSameApplication(this.proxy, primitive);
    const { workload, node: { path }, configuration: { tls } } = this.proxy;
    if (primitive !== workload) return provideParts(this.proxy, primitive, this.props.issuer !== undefined);
    const able = (feature: keyof typeof GATEWAY_SUPPORT) => GATEWAY_SUPPORT[feature].level === ProxySupportLevel.REFUSED ? [] : ['GatewayRoutes'];
    return {
      manifests: [this.ingress()],
      callers: callersOf(this.proxy, this.props),
      entranceCommand: `${kubectlIn(context.namespace)} get ingress ${workload.name}`,
      deviations: [
        ...lackingFeatures(this.proxy, 'IngressRoutes', feature => INGRESS_SUPPORT[feature], able),
        ...commonDeviations(this.proxy),
        { ...DEVIATIONS.ingressHeaders, path },
        ...(tls ? [{ ...DEVIATIONS.ingressTls, path }] : []),
      ],
    };
  }

  private ingress(): Manifest {
    const { workload: { name }, configuration, certificate } = this.proxy;
    const { ingressClass, annotations, issuer } = this.props;
    const all = { ...annotations, ...issuerAnnotations(issuer) };
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, labels: LABELS, annotations: Object.keys(all).length > 0 ? all : undefined },
      spec: {
        ingressClassName: ingressClass,
        tls: certificate && [{ hosts: hostsOf(configuration), secretName: certificate.chain.bundle }],
        rules: [...routesByHost(configuration)].map(([host, routes]) => ({ host, http: { paths: routes.flatMap(toPath) } })),
      },
    };
  }
}

function toPath({ path, match, forward }: ProxyRoute): object[] {
  if (!forward) return [];
  const [upstream] = forward.upstreams;
  return [{
    path,
    pathType: match === PathMatch.EXACT ? 'Exact' : 'Prefix',
    backend: { service: { name: serviceOf(upstream), port: { number: upstream.port } } },
  }];
}

function checkAnnotations(problems: Problems, annotations: Record<string, string>): void {
  for (const name of Object.keys(annotations)) {
    problems.check(/^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(name),
      `'annotations' must have names such as controller.example/option, got '${name}'`);
  }
  problems.check(annotations['kubernetes.io/ingress.class'] === undefined, "'kubernetes.io/ingress.class' of 'annotations' is out of use; give 'ingressClass' alone");
  checkCertificateAnnotations(problems, annotations);
}
