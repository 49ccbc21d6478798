import { canonicalAddress, canonicalRange, isLoopback } from '../private/addresses';
import { checkCall } from '../private/check-call';
import { byText } from '../private/names';
import { Problems } from '../private/problems';

/** Kind of an exposure. */
export enum ExposureKind {
  /** Programs on the machine itself. */
  THIS_MACHINE = 'this-machine',
  /** Whoever reaches one address of the host. */
  HOST_ADDRESS = 'host-address',
  /** Clients from some ranges of addresses. */
  SOURCES = 'sources',
  /** Everyone. */
  EVERYONE = 'everyone',
}

/** Options of an exposure that names no addresses. */
export interface ExposureOptions {
  /**
   * Whether clients come by IPv6, too.
   * @default false
   */
  readonly ipv6?: boolean;
}

/** Who may come to a published port. */
export class Exposure {
  /** Programs on the machine where the application runs, or where somebody forwards the port to: nobody else. */
  public static thisMachine(options: ExposureOptions = {}): Exposure {
    checkCall(this, 'Exposure.thisMachine', arguments);
    return new Exposure(ExposureKind.THIS_MACHINE, options.ipv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'], []);
  }

  /**
   * Whoever reaches one address of the host, such as that of an inner network.
   * @throws if it is no IPv4 or IPv6 address, or stands for the machine itself or for all of its addresses.
   */
  public static hostAddress(address: string): Exposure {
    checkCall(this, 'Exposure.hostAddress', arguments);
    const canonical = canonicalAddress(address);
    const problems = new Problems('exposure');
    problems.check(canonical !== undefined, `'hostAddress' must be an IPv4 or IPv6 address, got '${address}'`);
    problems.check(canonical === undefined || !isLoopback(canonical), `'${address}' is the machine itself; use Exposure.thisMachine()`);
    problems.check(canonical !== '0.0.0.0' && canonical !== '::', `'${address}' stands for all addresses of the host; use Exposure.sources(…) or Exposure.everyoneOnTheInternet()`);
    problems.throwIfAny();
    return new Exposure(ExposureKind.HOST_ADDRESS, [canonical!], []);
  }

  /**
   * Clients whose own address lies in one of these ranges, in CIDR notation.
   * @throws if there is none, one is malformed, or one holds every address.
   */
  public static sources(ranges: string[]): Exposure {
    checkCall(this, 'Exposure.sources', arguments);
    const problems = new Problems('exposure');
    checkSources(problems, ranges);
    problems.throwIfAny();
    const sources = [...new Set(ranges.map(range => canonicalRange(range)!))].sort(byText);
    return new Exposure(ExposureKind.SOURCES, anyAddress(sources), sources);
  }

  /**
   * Everyone who can send a packet to the host, from wherever on the internet it can be reached. Only for programs that
   * authenticate their clients, and stand up to those who try.
   */
  public static everyoneOnTheInternet(options: ExposureOptions = {}): Exposure {
    checkCall(this, 'Exposure.everyoneOnTheInternet', arguments);
    const sources = options.ipv6 ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0'];
    return new Exposure(ExposureKind.EVERYONE, anyAddress(sources), sources);
  }

  private constructor(
    /** Kind of the exposure. */
    public readonly kind: ExposureKind,
    private readonly _hostAddresses: string[],
    private readonly _sourceRanges: string[],
  ) {}

  /** Addresses of the host on which the port is open; `0.0.0.0` and `::` stand for all of a family. */
  public get hostAddresses(): string[] {
    return [...this._hostAddresses];
  }

  /** Ranges of the clients' addresses, in CIDR notation; none where the address of the host alone decides. */
  public get sourceRanges(): string[] {
    return [...this._sourceRanges];
  }

  /** Who may come, in words. */
  public get description(): string {
    switch (this.kind) {
      case ExposureKind.THIS_MACHINE: return 'this machine';
      case ExposureKind.HOST_ADDRESS: return `whoever reaches ${this._hostAddresses[0]}`;
      case ExposureKind.SOURCES: return this._sourceRanges.join(', ');
      case ExposureKind.EVERYONE: return 'everyone on the internet';
    }
  }
}

/** All addresses of the host, of the families that the ranges are of. */
function anyAddress(sources: string[]): string[] {
  const isIPv6 = (range: string) => range.includes(':');
  return [...(sources.every(isIPv6) ? [] : ['0.0.0.0']), ...(sources.some(isIPv6) ? ['::'] : [])];
}

/** Notes what is wrong with ranges of clients' addresses. */
export function checkSources(problems: Problems, ranges: string[]): void {
  problems.check(ranges.length > 0, "'sources' must have at least one range");
  for (const range of ranges) {
    problems.check(canonicalRange(range) !== undefined,
      `'sources' must be ranges such as 192.0.2.0/24 or 2001:db8::/32, each beginning with its first address, got '${range}'`);
    problems.check(!/\/0$/.test(range), `'${range}' is everyone; say so with Exposure.everyoneOnTheInternet()`);
  }
}
