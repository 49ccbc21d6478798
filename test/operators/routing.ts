import { Application, DiscoverableService, Exposure, GatewayRoutes, GatewayRoutesProps, IngressRoutes, IngressRoutesProps, IProvider, KubernetesChartOptions, Nginx, ReverseProxy, ReverseProxyProps } from 'cdk8s-conduit';
import { Both } from '../targets/both';

/** A shop whose proxy a controller of the cluster is, beside the same proxy in Compose. */
export class Routed {
  public readonly shop = new Application('shop');
  public readonly edge: ReverseProxy;

  public constructor(props: Partial<ReverseProxyProps> = {}) {
    this.edge = new ReverseProxy(this.shop, 'edge', { engine: new Nginx(), exposure: Exposure.everyoneOnTheInternet(), publicHost: 'shop.example', ...props });
  }

  public service(id: string, props: object = {}): DiscoverableService {
    return new DiscoverableService(this.shop, id, { image: 'registry.example/acme/app:1.0', port: 3000, replicas: 2, ...props });
  }

  public by(provider: IProvider, options: KubernetesChartOptions = {}): Both {
    return new Both(this.shop, { namespace: 'shop', providers: [provider], ...options });
  }

  public byIngress(props: Partial<IngressRoutesProps> = {}): Both {
    return this.by(ingress(this.edge, props));
  }

  public byGateway(props: Partial<GatewayRoutesProps> = {}): Both {
    return this.by(gateway(this.edge, props));
  }
}

export function ingress(edge: ReverseProxy, props: Partial<IngressRoutesProps> = {}): IngressRoutes {
  return new IngressRoutes(edge, { ingressClass: 'public', namespace: 'ingress', ...props });
}

export function gateway(edge: ReverseProxy, props: Partial<GatewayRoutesProps> = {}): GatewayRoutes {
  return new GatewayRoutes(edge, { gatewayClass: props.gateway ? undefined : 'public', namespace: 'gateways', ...props });
}
