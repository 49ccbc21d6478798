import { isIPv4 } from 'net';
import type { Construct } from 'constructs';
import type { Principal } from './access';
import { Application } from '../model/application';
import { checkExternal, Endpoint } from '../model/endpoint';
import { Secret } from '../model/secret';
import { checkCall } from '../private/check-call';
import { Problems } from '../private/problems';

/**
 * An external server: others run it, and the application only connects to it.
 * @subclassable
 */
export interface ExternalServer {
  /**
   * Address ranges in CIDR notation behind the names of all its members; they narrow what the network lets through.
   * @default - the hosts themselves where they are addresses, otherwise every address
   */
  readonly addresses?: string[];
  /**
   * Whether clients connect by TLS, and by nothing else.
   * @default true
   */
  readonly tls?: boolean;
  /**
   * CA certificates, in PEM, with which clients check the server's own; they find them under `<PREFIX>_CA_FILE`.
   * @default - those that the client's own system trusts
   */
  readonly caCertificates?: Secret;
  /**
   * Whether a task makes on the server what the application needs, as the administrator. Without it, all of that has to be there before.
   * @default true
   */
  readonly provisioning?: boolean;
  /**
   * Name of the user as whom the task does so; the password is the secret `<name>-admin`, which is brought.
   * @default 'admin'
   */
  readonly administrator?: string;
}

/** Names of the options that were given beside `external`, but for those that have a meaning for an external server, too. */
export function optionsBesideExternal(props: object, ...allowed: string[]): string[] {
  return Object.entries(props).filter(([option, value]) => value !== undefined && option !== 'external' && !allowed.includes(option)).map(([option]) => option);
}

/** Notes TLS that the task that provisions could not check, where its image trusts nobody by itself. */
export function checkProvisioningTrust(problems: Problems, { tls = true, caCertificates, provisioning = true }: ExternalServer): void {
  problems.check(!tls || caCertificates !== undefined || !provisioning,
    "the image of the task that provisions has no CA certificates; give those of the server as 'caCertificates', or set 'provisioning: false'");
}

/** Hosts of an external server. */
export class ExternalHosts {
  /**
   * @param server the server, for messages and as owner of the administrator's password
   * @param hosts names or addresses, the one that clients are told first
   * @param contradictions names of options that were given beside `external`, and say how a server runs that the application runs
   */
  public constructor(
    private readonly server: Construct, private readonly hosts: string[], private readonly options: ExternalServer, contradictions: string[] = [],
  ) {
    checkCall(new.target, 'ExternalHosts', arguments);
    const { tls, caCertificates, provisioning, administrator = 'admin' } = options;
    const problems = new Problems(server.node.path);
    problems.check(contradictions.length === 0,
      `${contradictions.map(option => `'${option}'`).join(', ')} cannot be had of an external server; leave ${contradictions.length > 1 ? 'these' : 'it'} out, or 'external'`);
    problems.check(hosts.length > 0, "'hosts' must have at least one name or address");
    problems.check(tls !== false || caCertificates === undefined, "'caCertificates' check the server's certificate, and without TLS there is none; leave them out, or 'tls: false'");
    problems.check(provisioning !== false || options.administrator === undefined, "'administrator' does the provisioning; leave it out, or 'provisioning: false'");
    problems.check(/^[A-Za-z0-9._@-]+$/.test(administrator), `'administrator' must be a user's name of letters, digits and . _ @ -, got '${administrator}'`);
    Application._keep(server, problems);
  }

  /**
   * The endpoint of a port: its host is the first one, and the network is open to all of them.
   */
  public endpoint(port: number, scheme: string): Endpoint {
    checkCall(this, 'ExternalHosts.endpoint', arguments);
    const { hosts } = this;
    const addresses = this.options.addresses ?? (hosts.every(host => isIPv4(host)) ? hosts.map(host => `${host}/32`) : ['0.0.0.0/0']);
    const problems = new Problems(this.server.node.path);
    for (const host of hosts) checkExternal(problems, host, port, { scheme, addresses });
    const isUsable = !Application._keep(this.server, problems) && hosts.length > 0;
    return isUsable ? Endpoint.external(hosts[0], port, { scheme, addresses }) : Endpoint.external('unknown', 1);
  }

  /** The user as whom a task provisions the server, with a password that is brought; undefined if others do it. */
  public addAdministrator(): Principal | undefined {
    if (this.options.provisioning === false) return undefined;
    return { userName: this.options.administrator ?? 'admin', password: new Secret(this.server, 'Admin', { key: 'password', existing: true }) };
  }
}
