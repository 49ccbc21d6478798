import type { Construct } from 'constructs';
import type { IProxySupport } from './features';
import type { ProxyConfiguration } from './proxy-configuration';
import type { Workload } from '../model/workload';

/** What was declared of a proxy. It grows until the application is complete, so a configuration is written of it only then. */
export interface IProxyDeclarations {
  /** All of it as it is now, in an order that does not depend on the order of calls. */
  readonly configuration: ProxyConfiguration;
}

/** How the program of a proxy runs. */
export interface ProxyRuntimeProps {
  /** What it serves. */
  readonly declarations: IProxyDeclarations;
  /** Number of replicas. */
  readonly replicas: number;
  /** Whether clients come by TLS, too. Certificate and key are mounted by the pattern. */
  readonly tls: boolean;
  /** Whether clients come through something that tells by PROXY protocol who they are. */
  readonly proxyProtocol: boolean;
}

/** A program that proxies. */
export interface IProxyEngine extends IProxySupport {
  /** What people call it. */
  readonly product: string;

  /**
   * Makes the program: a workload `Default` in the proxy's scope. It listens on a port `http`, and on a port `https` where there is TLS, at the numbers
   * of `ProxyPorts`. With PROXY protocol it listens on `http-proxied` and `https-proxied`, too. There it believes the addresses of the variable
   * `PROXY_PROTOCOL_SOURCES` alone, which no range of sources lets in, as little as those of gateways. Its health check is at a listener of its own. Its configuration is written by a text source, as routes come later.
   * The pattern adds edges, published ports, and the secrets that routes and TLS need, as files at `Secret.path`.
   */
  run(scope: Construct, props: ProxyRuntimeProps): Workload;
}

/** Where every engine listens: above 1024, as it is not root. */
export class ProxyPorts {
  /** For clients without TLS. */
  public static readonly HTTP = 8080;
  /** For clients with TLS. */
  public static readonly HTTPS = 8443;
  /** For clients without TLS, of whom PROXY protocol tells who they are. */
  public static readonly HTTP_PROXIED = 8082;
  /** For clients with TLS, of whom PROXY protocol tells who they are. */
  public static readonly HTTPS_PROXIED = 8444;
  /** For the health check alone. */
  public static readonly HEALTH = 8081;

  private constructor() {}
}
