import { isIPv4 } from 'net';
import type { Construct } from 'constructs';
import { Endpoint } from '../model/endpoint';
import { Secret } from '../model/secret';
import { Problems } from '../private/problems';

/** A broker that runs elsewhere, in the care of others: the application only connects to it. */
export interface ExternalBroker {
  /**
   * Address ranges in CIDR notation behind the names of all its nodes; they narrow what the network lets through.
   * @default - the hosts themselves where they are addresses, otherwise every address
   */
  readonly addresses?: string[];
  /**
   * Whether clients connect by TLS, and by nothing else.
   * @default true
   */
  readonly tls?: boolean;
  /**
   * Certificates, in PEM, of the authority with which clients check the broker's own; they find them under `<PREFIX>_CA_FILE`.
   * @default - those that the client's own system trusts
   */
  readonly authority?: Secret;
  /**
   * Whether a task declares what the application needs, as the administrator. Without it, all of that has to be there before;
   * a config file that no program reads says what: `docs/managed-broker.md` names it.
   * @default true
   */
  readonly topology?: boolean;
  /**
   * Name of the user as whom the task declares; the password is the secret `<name>-admin`, which is brought.
   * @default 'admin'
   */
  readonly administrator?: string;
}

/** Options of brokers' constructors that have a meaning for one that runs elsewhere; all others say how nodes are that run here. */
const COMMON_OPTIONS = ['external', 'queuePartitions'];

/** @throws if the options contradict each other; all contradictions together. */
export function requireExternal(broker: Construct, props: object, external: ExternalBroker): void {
  const problems = new Problems(broker.node.path);
  const own = Object.entries(props).filter(([option, value]) => value !== undefined && !COMMON_OPTIONS.includes(option)).map(([option]) => option);
  problems.require(own.length === 0, `${own.map(option => `'${option}'`).join(', ')} cannot be had of a broker that runs elsewhere; leave ${own.length > 1 ? 'these' : 'it'} out, or 'external'`);
  problems.require(external.tls !== false || external.authority === undefined, "'authority' checks certificates, of which there are none without TLS; leave it out, or 'tls: false'");
  problems.require(external.topology !== false || external.administrator === undefined, "'administrator' declares the topology; leave it out, or 'topology: false'");
  problems.require(/^[A-Za-z0-9._@-]+$/.test(external.administrator ?? 'admin'), `'administrator' must be a user's name of letters, digits and . _ @ -, got '${external.administrator}'`);
  problems.throwIfAny();
}

/**
 * The endpoint of a broker that runs elsewhere: its first host; the network is open to all of them.
 * @throws if a host, the port or an address is malformed.
 */
export function outsideEndpoint(broker: Construct, hosts: string[], port: number, scheme: string, { addresses }: ExternalBroker): Endpoint {
  if (hosts.length === 0) throw new Error(`${broker.node.path}: 'hosts' must have at least one name or address`);
  const behind = addresses ?? (hosts.every(host => isIPv4(host)) ? hosts.map(host => `${host}/32`) : ['0.0.0.0/0']);
  const [first] = hosts.map(host => Endpoint.outside(host, port, { scheme, addresses: behind })); // each, so that none is malformed
  return first;
}

/** Password of the one who declares, where a task does; whoever runs the broker knows it. */
export function administratorOf(broker: Construct): Secret {
  return new Secret(broker, 'Admin', { key: 'password', existing: true });
}
