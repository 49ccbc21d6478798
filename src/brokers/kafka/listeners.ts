/** What protects the listeners; with TLS it will be `SASL_SSL`, here and nowhere else. */
export const SECURITY_PROTOCOL = 'SASL_PLAINTEXT';
/** How clients prove who they are: no password goes over the wire. */
export const CLIENT_MECHANISM = 'SCRAM-SHA-512';
/** How nodes do: it has to work before they have read anything that is stored. */
export const NODE_MECHANISM = 'PLAIN';

/** Where clients connect. */
export const CLIENT_PORT = 9092;
/** Where brokers connect to each other. */
export const INTERNAL_PORT = 9094;

/** Where a server listens, and what it calls that. */
export interface Listener {
  readonly name: 'CLIENT' | 'INTERNAL' | 'CONTROLLER';
  readonly port: number;
  /** Address to listen on; empty for all. */
  readonly address: string;
}

/** `CLIENT://:9092,…`, as the setting `listeners` takes it. */
export function renderListeners(listeners: Listener[]): string {
  return listeners.map(({ name, port, address }) => `${name}://${address}:${port}`).join(',');
}
