import type { Secret } from '../../model/secret';

/** How clients get to the server. */
export interface ClientSettings {
  /** Brokers, of which any tells of all others, as `host:port` with commas between. */
  readonly servers: string;
  /** Whether clients connect by TLS. */
  readonly tls: boolean;
  /** With what they check who is there, by TLS; undefined for what their own system trusts. */
  readonly caCertificates?: Secret;
}

/** What protects a listener, as both sides call it. */
export function securityProtocol(tls: boolean): string {
  return tls ? 'SASL_SSL' : 'SASL_PLAINTEXT';
}

/** Scheme of URLs that lead to a listener. */
export function kafkaScheme(tls: boolean): string {
  return tls ? 'kafka+ssl' : 'kafka';
}

/** How clients prove who they are: no password goes over the wire. */
export const CLIENT_MECHANISM = 'SCRAM-SHA-512';
/** How nodes do: it has to work before they have read anything that is stored. */
export const NODE_MECHANISM = 'PLAIN';

/** Where clients connect. */
export const CLIENT_PORT = 9092;
/** What that port is called. */
export const CLIENT = 'kafka';
/** Where brokers connect to each other. */
export const INTERNAL_PORT = 9094;
/** Where clients outside the application connect. Controllers have odd numbers. */
export const OUTSIDE_PORT = 9096;
/** What that port is called. */
export const OUTSIDE = 'outside';

/** Where a server listens, and what it calls that. */
export interface Listener {
  readonly name: 'CLIENT' | 'OUTSIDE' | 'INTERNAL' | 'CONTROLLER';
  readonly port: number;
  /** Address to listen on; empty for all. */
  readonly address: string;
}
