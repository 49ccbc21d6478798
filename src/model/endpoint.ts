import { isIPv4 } from 'net';
import type { WorkloadBase } from './workload-base';
import { isHost, isIPv4Range } from '../private/addresses';
import { checkCall } from '../private/check-call';
import { isScheme } from '../private/names';
import { isPortNumber } from '../private/ports';
import { Problems } from '../private/problems';

/** Transport protocol of a port. */
export enum Protocol {
  /** Transmission Control Protocol. */
  TCP = 'TCP',
  /** User Datagram Protocol. */
  UDP = 'UDP',
}

/** A port on which a container listens. The same number is used wherever the port is seen from. */
export interface Port {
  /**
   * Name of the port, unique within the workload: at most 15 lower-case letters, digits and hyphens.
   * @see https://www.rfc-editor.org/rfc/rfc6335#section-5.1
   */
  readonly name: string;
  /** Number from 1 to 65535, unique within the workload. */
  readonly number: number;
  /**
   * Transport protocol.
   * @default Protocol.TCP
   */
  readonly protocol?: Protocol;
  /**
   * Scheme of URLs that lead to the port.
   * @default - the port's name if that is http or https, otherwise tcp or udp
   */
  readonly scheme?: string;
}

/** An endpoint outside the application. */
export interface ExternalEndpointOptions {
  /**
   * Transport protocol.
   * @default Protocol.TCP
   */
  readonly protocol?: Protocol;
  /**
   * Scheme of URLs that lead there.
   * @default tcp or udp
   */
  readonly scheme?: string;
  /**
   * Address ranges in CIDR notation behind the name; they narrow what the network lets through.
   * @default - the host itself where it is an address, otherwise every address
   */
  readonly addresses?: string[];
}

/** A place to connect to: a host's name and a port. The name is the same on every target. */
export class Endpoint {
  /**
   * An endpoint that the application does not run itself.
   * @throws if host or port are malformed.
   */
  public static external(host: string, port: number, options: ExternalEndpointOptions = {}): Endpoint {
    checkCall(this, 'Endpoint.external', arguments);
    const problems = new Problems(`endpoint ${host}:${port}`);
    checkExternal(problems, host, port, options);
    problems.throwIfAny();
    const addresses = options.addresses ?? (isIPv4(host) ? [`${host}/32`] : ['0.0.0.0/0']);
    return new Endpoint(host, { name: 'external', number: port, protocol: options.protocol, scheme: options.scheme }, undefined, addresses);
  }

  /** @internal */
  public static _ofWorkload(workload: WorkloadBase, port: Port, host = workload.name): Endpoint {
    return new Endpoint(host, port, workload, []);
  }

  /**
   * An endpoint as those know it who come from outside.
   * @internal
   */
  public static _public(host: string, number: number, { portName: name, protocol, scheme, hasScheme }: Endpoint): Endpoint {
    return new Endpoint(host, { name, number, protocol, scheme: hasScheme ? scheme : undefined }, undefined, []);
  }

  /** Name to connect to. */
  public readonly host: string;
  /** Port number to connect to. */
  public readonly port: number;
  /** Name of the port, for errors and diagrams. */
  public readonly portName: string;
  /** Transport protocol. */
  public readonly protocol: Protocol;
  /** Scheme of `url`. */
  public readonly scheme: string;
  /** Whether the scheme says more than the transport protocol. Programs are told a URL only then. */
  public readonly hasScheme: boolean;
  /** What listens there; undefined for an endpoint outside the application. */
  public readonly workload?: WorkloadBase;

  private readonly _addresses: string[];

  private constructor(host: string, port: Port, workload: WorkloadBase | undefined, addresses: string[]) {
    this.host = host;
    this.port = port.number;
    this.portName = port.name;
    this.protocol = port.protocol ?? Protocol.TCP;
    const scheme = port.scheme ?? (port.name === 'http' || port.name === 'https' ? port.name : undefined);
    this.scheme = scheme ?? this.protocol.toLowerCase();
    this.hasScheme = scheme !== undefined;
    this.workload = workload;
    this._addresses = addresses;
  }

  /** Address ranges of an endpoint outside the application, in CIDR notation. */
  public get addresses(): string[] {
    return [...this._addresses];
  }

  /** `host:port`, with brackets around an IPv6 address. */
  public get address(): string {
    return `${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`;
  }

  /** `scheme://host:port`; never holds credentials. */
  public get url(): string {
    return `${this.scheme}://${this.address}`;
  }
}

/** Notes what is wrong with an endpoint outside the application. */
export function checkExternal(problems: Problems, host: string, port: number, { scheme, addresses }: ExternalEndpointOptions): void {
  problems.check(isHost(host), `the host must be a lower-case DNS name or an IPv4 address, got '${host}'`);
  problems.check(isPortNumber(port), `the port must be a whole number from 1 to 65535, got ${port}`);
  problems.check(scheme === undefined || isScheme(scheme), `'scheme' must be the scheme of a URL, such as https, got '${scheme}'`);
  problems.check(addresses === undefined || addresses.length > 0, "'addresses' must have at least one range; leave it out for every address");
  for (const range of addresses ?? []) {
    problems.check(isIPv4Range(range), `addresses must be IPv4 ranges such as 192.0.2.0/24, each beginning with its first address, got '${range}'`);
  }
}
