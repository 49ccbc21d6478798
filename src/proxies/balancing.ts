import { checkCall } from '../private/check-call';

/** Kind of a balancing. */
export enum BalancingKind {
  /** One replica after the other. */
  ROUND_ROBIN = 'round robin',
  /** The one with the fewest requests in work. */
  LEAST_CONNECTIONS = 'least connections',
  /** The one that the client's address says. */
  CLIENT_ADDRESS = 'client address',
  /** The one that a header says. */
  HEADER = 'header',
  /** The one that a cookie says. */
  COOKIE = 'cookie',
}

/** Which replica gets a request. */
export class Balancing {
  /** One replica after the other. */
  public static roundRobin(): Balancing {
    return new Balancing(BalancingKind.ROUND_ROBIN, '');
  }

  /** The replica with the fewest requests in work. */
  public static leastConnections(): Balancing {
    return new Balancing(BalancingKind.LEAST_CONNECTIONS, '');
  }

  /** The same replica for all requests of one client's address. */
  public static byClientAddress(): Balancing {
    return new Balancing(BalancingKind.CLIENT_ADDRESS, '');
  }

  /**
   * The same replica for all requests with the same value of a header.
   * @throws if the name is no header's.
   */
  public static byHeader(name: string): Balancing {
    checkCall(this, 'Balancing.byHeader', arguments);
    if (!/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(name)) throw new Error(`balancing: a header's name must be letters, digits and hyphens, got '${name}'; give one such as X-User`);
    return new Balancing(BalancingKind.HEADER, name);
  }

  /**
   * The same replica for all requests with the same value of a cookie.
   * @throws if the name is no cookie's.
   */
  public static byCookie(name: string): Balancing {
    checkCall(this, 'Balancing.byCookie', arguments);
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) throw new Error(`balancing: a cookie's name must be letters, digits and '_', got '${name}'; give one such as session`);
    return new Balancing(BalancingKind.COOKIE, name);
  }

  private constructor(
    /** Kind of the balancing. */
    public readonly kind: BalancingKind,
    /** Name of the header or cookie; empty for other kinds. */
    public readonly name: string,
  ) {}
}
