/** A port of a relay: where it listens, whom it lets in, and where to. */
export interface RelayedPort {
  readonly name: string;
  /** Addresses that it listens on. */
  readonly addresses: ('0.0.0.0' | '[::]')[];
  /** The port that it listens on. */
  readonly port: number;
  /** Addresses of the host that stand for clients whose own address is not known. */
  readonly gateways: string[];
  /** Ranges whose clients it lets in; undefined for everyone. */
  readonly sources?: string[];
  /** Where clients are let in to. */
  readonly servers: RelayServer[];
}

/** Equal replicas behind one name. */
export interface RelayServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Address under which the relay comes to them, if they take PROXY protocol; it stands for clients whose own address is not known. */
  readonly proxyFrom?: string;
  /** What a replica answers while it is well, if it answers anything. */
  readonly health?: { readonly port: number; readonly path: string };
}

/** A program that passes on what comes to its ports, from those who may come, to replicas in turn. */
export interface RelayProgram {
  readonly image: { readonly reference: string; readonly uid: number; readonly gid: number };
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
