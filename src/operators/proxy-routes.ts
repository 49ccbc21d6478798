/** Options of what has a controller of the cluster proxy in the place of an engine. */
export interface ProxyRoutesProps {
  /** Namespace of the pods that take requests from clients, which upstreams let in: that of the controller, unless it puts them elsewhere. */
  readonly namespace: string;
  /**
   * Labels that select these pods.
   * @default - all pods of the namespace
   */
  readonly podLabels?: Record<string, string>;
  /**
   * Issuer of cert-manager by which the certificate is made, for `hosts`.
   * @default - none: the Secret with the certificate exists, or comes from the chart's `secretStore`
   */
  readonly issuer?: CertificateIssuer;
}

/** An issuer of cert-manager. */
export interface CertificateIssuer {
  /** Name of the issuer. */
  readonly name: string;
  /**
   * Whether it is a ClusterIssuer.
   * @default false
   */
  readonly clusterWide?: boolean;
}
