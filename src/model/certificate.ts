import { Construct } from 'constructs';
import { Application } from './application';
import { Secret } from './secret';
import { isHost } from '../private/addresses';
import { checkCall } from '../private/check-call';
import { isDnsLabel, kebabCase } from '../private/names';
import { Problems } from '../private/problems';

/** Options of a certificate. */
export interface CertificateProps {
  /** DNS names that the certificate is for, such as `shop.example.com` or `*.example.com`, or IPv4 addresses. */
  readonly hosts: string[];
  /**
   * Name under which the three values stand, where a target keeps several values under one name.
   * @default - the ids on the path from the application, joined by hyphens
   */
  readonly name?: string;
}

/**
 * A server's TLS certificate with its key, and the CA certificates with which clients check it.
 *
 * On Kubernetes it is a Secret with the keys `tls.crt`, `tls.key` and `ca.crt`, as cert-manager writes it.
 * In Compose it is three files, which `cdk8s-conduit secrets` makes together with an authority of their own.
 */
export class Certificate extends Construct {
  /** The certificate, in PEM; the server's own comes first. */
  public readonly chain: Secret;
  /** The private key, in PEM; for the server alone. */
  public readonly key: Secret;
  /** The CA certificates, in PEM; for clients. */
  public readonly caCertificates: Secret;

  public constructor(scope: Construct, id: string, props: CertificateProps) {
    checkCall(new.target, 'Certificate', arguments);
    super(Application._openScope(scope, id), id);
    const problems = new Problems(this.node.path);
    problems.check(props.hosts.length > 0, "'hosts' must have at least one name");
    for (const host of props.hosts) {
      problems.check(isHost(host.replace(/^\*\./, '')), `each of 'hosts' must be a DNS name in lower case, or one that begins with '*.', or an IPv4 address, got '${host}'`);
    }
    const path = this.node.scopes.slice(1).map(each => kebabCase(each.node.id)).join('-');
    const name = props.name ?? path;
    // the name is checked here, and not with each part
    const isNamed = problems.check(isDnsLabel(name, 240), `the name must be at most 240 lower-case letters, digits and hyphens, beginning with a letter, got '${name}'; choose another id or set 'name'`);
    Application._keep(this, problems);
    const bundle = isNamed ? name : `misnamed-${path}`;
    const part = (role: string, key: string) => new Secret(this, role, { name: `${bundle}-${kebabCase(role)}`, bundle, key, hosts: props.hosts });
    this.chain = part('Certificate', 'tls.crt');
    this.key = part('Key', 'tls.key');
    this.caCertificates = part('Authority', 'ca.crt');
  }
}
