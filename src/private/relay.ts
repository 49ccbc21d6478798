/** A port of a relay: where it listens, whom it lets in, and where to. */
export interface RelayedPort {
  readonly name: string;
  /** The port that it listens on. */
  readonly port: number;
  /** Addresses of the host that stand for clients whose own address is not known. */
  readonly gateways: string[];
  /** Ranges whose clients it lets in. */
  readonly sources: string[];
  /** Where clients are let in to, as `host:port`. */
  readonly server: string;
}

/** A program that lets clients of some ranges in to a port, and nobody else. */
export interface RelayProgram {
  readonly image: { readonly reference: string; readonly user: number; readonly group: number };
  /** Words that start it, with the path of its configuration. */
  readonly command: (path: string) => string[];
  /** Ends it when its connections have ended, or its time is up. */
  readonly stopSignal: string;
  /** A directory that it writes to. */
  readonly writablePath?: string;
  /**
   * Its configuration.
   * @param health port of the loopback address on which it answers while it works
   * @param resolver DNS server that knows the hosts
   */
  readonly configuration: (ports: RelayedPort[], health: number, resolver: string) => string;
}

/** Addresses to listen on: all of the families of the sources. */
export function listensOn({ sources }: RelayedPort): ('0.0.0.0' | '[::]')[] {
  const isIPv6 = (range: string) => range.includes(':');
  return [...(sources.every(isIPv6) ? [] : ['0.0.0.0'] as const), ...(sources.some(isIPv6) ? ['[::]'] as const : [])];
}
