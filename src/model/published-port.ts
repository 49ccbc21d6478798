import { Application } from './application';
import { Endpoint, Protocol } from './endpoint';
import { Exposure, ExposureKind } from './exposure';
import type { LoadBalancer } from './load-balancer';
import type { Workload } from './workload';
import { canonicalAddress, isHost } from '../private/addresses';
import { byText } from '../private/names';
import { isPortNumber } from '../private/ports';
import { Problems } from '../private/problems';

/** Under which address clients outside the application find a port that is published to them. */
export interface PublicAddress {
  /**
   * Number of the port at which clients come in.
   * @default - the port's own number
   */
  readonly hostPort?: number;
  /**
   * Name, or IPv4 address, under which clients know the host, for instance in front of an address translation.
   * @default - that of the balancer; localhost for this machine alone, the address if one of the host was given, otherwise unknown
   */
  readonly publicHost?: string;
  /**
   * Number of the port that clients connect to, if another one is translated to `hostPort`.
   * @default - `hostPort`
   */
  readonly publicPort?: number;
}

/** Which port has a public address. */
export interface AnnounceOptions extends PublicAddress {
  /**
   * Name of the port.
   * @default - the workload's one port
   */
  readonly portName?: string;
  /**
   * Whether clients choose among the members of a stable workload: each then has a way in of its own. That of the first is at `hostPort` and
   * `publicPort`, that of the next at the numbers that follow, and so on.
   * @default false
   */
  readonly eachMember?: boolean;
  /**
   * Name, or address, under which clients know each member, in the order of their ordinals.
   * @default - all have `publicHost`
   */
  readonly publicHosts?: string[];
}

/** How a port is published. */
export interface PublishOptions extends AnnounceOptions {
  /**
   * What clients come through, to all replicas, and to those of other workloads that have the same `hostPort` there.
   * It says who may come, and under which name they know it.
   * @default - none, which leads clients to one replica where a target has ports of a host
   */
  readonly balancer?: LoadBalancer;
  /**
   * Who may come.
   * @default - whoever may come to the balancer; Exposure.thisMachine() without one
   */
  readonly exposure?: Exposure;
  /**
   * Whether the program itself refuses whoever may not come by `exposure`. Where nothing in front of it can, everyone then reaches it.
   * @default false
   */
  readonly checksSources?: boolean;
  /**
   * Name of another port of the same container, at which the program takes the same clients with PROXY protocol, version 2. A target that puts something
   * of its own in front leads them there, so that the program learns their addresses. It believes nobody but `PROXY_PROTOCOL_SOURCES`.
   * @default - none, the program then sees the address of what is in front of it
   * @see https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt
   */
  readonly proxyProtocolPort?: string;
  /**
   * Beginning of the names of the variables that tell the program under which address its clients know it.
   * @default - PUBLIC, followed by the port's name if the workload has several ports
   */
  readonly prefix?: string;
}

/** A way in to a published port: the only one, or that of one member. */
export interface Entrance {
  /** Where it leads. */
  readonly endpoint: Endpoint;
  /**
   * Name of the member that it leads to.
   * @default - none, it leads to all replicas
   */
  readonly member?: string;
  /** Number of the port at which clients come in. */
  readonly hostPort: number;
  /**
   * The endpoint as clients know it.
   * @default - nobody said under which name
   */
  readonly publicEndpoint?: Endpoint;
}

/** A port of a workload that clients outside the application reach. Made by `publish`. */
export class PublishedPort {
  /** The endpoint that is published. */
  public readonly endpoint: Endpoint;
  /** Number of the port at which clients come in. */
  public readonly hostPort: number;
  /** Number of the port that clients connect to. */
  public readonly publicPort: number;
  /** Whether the program itself refuses whoever may not come. */
  public readonly checksSources: boolean;
  /** What clients come through; undefined if they come to the workload. */
  public readonly balancer?: LoadBalancer;
  /** Where the program takes the same clients with PROXY protocol; undefined if it does so nowhere. */
  public readonly proxyProtocolEndpoint?: Endpoint;

  private readonly _exposures: Exposure[] = [];
  private readonly announcedHosts: string[];
  private readonly members: string[];

  /**
   * Made by `Workload.publish`, or by `Workload.announce` before anybody may come.
   * @internal
   */
  public constructor(private readonly workload: Workload, endpoint: Endpoint, options: PublishOptions, proxyProtocolEndpoint?: Endpoint) {
    const { balancer } = options;
    this.endpoint = endpoint;
    this.hostPort = options.hostPort ?? endpoint.port;
    this.publicPort = options.publicPort ?? this.hostPort;
    this.balancer = balancer;
    this.proxyProtocolEndpoint = proxyProtocolEndpoint;
    this.announcedHosts = options.publicHosts ?? [options.publicHost ?? balancer?.publicHost ?? []].flat();
    this.members = options.eachMember ? workload.memberNames : [];
    this.checksSources = options.checksSources ?? false;
    Application._keep(workload, this.check(options));
  }

  /** Who may come, in the order of their descriptions. */
  public get exposures(): Exposure[] {
    return [...this._exposures].sort((a, b) => byText(a.description, b.description));
  }

  /** Name or address under which clients know the host; undefined where only whoever runs the application knows it. */
  public get publicHost(): string | undefined {
    return this.announcedHosts[0] ?? (this._exposures.length > 0 ? defaultHost(this._exposures[0]) : undefined);
  }

  /** All names and addresses under which clients know the host, sorted: for certificates. */
  public get publicHosts(): string[] {
    const hosts = this.announcedHosts.length === 0 ? this._exposures.flatMap(exposure => defaultHost(exposure) ?? []) : this.announcedHosts;
    return [...new Set(hosts)].sort(byText);
  }

  /** Each way in, in the order of members: one that leads to all replicas, or one for each member. */
  public get entrances(): Entrance[] {
    const { publicHost, announcedHosts, hostPort, publicPort, endpoint, members, workload } = this;
    const publicEndpoint = publicHost === undefined ? undefined : Endpoint._public(publicHost, publicPort, endpoint);
    if (members.length === 0) return [{ endpoint, hostPort, publicEndpoint }];
    return members.map((member, ordinal) => ({
      endpoint: workload.memberEndpoint(ordinal, endpoint.portName),
      member,
      hostPort: hostPort + ordinal,
      publicEndpoint: publicEndpoint && Endpoint._public(announcedHosts[ordinal] ?? publicEndpoint.host, publicPort + ordinal, endpoint),
    }));
  }

  /**
   * The endpoint as clients know it, or that of the first member: for variables and connection files. `publicHost` must be known.
   */
  public get publicEndpoint(): Endpoint {
    return this._endpointFor(this._exposures[0]);
  }

  /**
   * `scheme://host:port` for clients. `publicHost` must be known.
   */
  public get url(): string {
    return this.publicEndpoint.url;
  }

  /**
   * The endpoint as clients know it who come from there.
   * @internal
   */
  public _endpointFor(exposure: Exposure): Endpoint {
    const host = this.announcedHosts[0] ?? defaultHost(exposure);
    if (host === undefined) {
      Application._refuse(this.workload, `nobody said under which name clients know the host of port '${this.endpoint.portName}'; give 'publicHost' where the server is made, or where the port is published`);
    }
    return Endpoint._public(host ?? 'unknown', this.publicPort, this.endpoint);
  }

  /**
   * Refuses another address than the port has.
   * @internal
   */
  public _requireSame(options: PublishOptions): void {
    const problems = new Problems(this.workload.node.path);
    const publicHosts = this.announcedHosts;
    problems.check(options.eachMember === undefined || options.eachMember === this.members.length > 0,
      `port '${this.endpoint.portName}' was published ${this.members.length > 0 ? 'with' : 'without'} 'eachMember' before; say it where it is published first`);
    problems.check(options.publicHosts === undefined || `${options.publicHosts}` === `${publicHosts}`,
      `port '${this.endpoint.portName}' was published with 'publicHosts' ${publicHosts.join(', ') || 'left out'} before, got ${options.publicHosts}; say it where it is published first`);
    for (const name of ['hostPort', 'publicHost', 'publicPort'] as const) {
      problems.check(options[name] === undefined || options[name] === this[name],
        `port '${this.endpoint.portName}' was published with '${name}' ${this[name] ?? 'left out'} before, got ${options[name]}; say it where it is published first`);
    }
    problems.check(options.balancer === undefined || options.balancer === this.balancer,
      `port '${this.endpoint.portName}' was published ${this.balancer ? `through '${this.balancer.name}'` : "without 'balancer'"} before, got '${options.balancer?.name}'; say it where it is published first`);
    Application._keep(this.workload, problems);
  }

  /**
   * Lets others come, too.
   * @internal
   */
  public _add(exposure: Exposure): void {
    if (!this._exposures.some(({ description }) => description === exposure.description)) this._exposures.push(exposure);
  }

  private check(options: PublishOptions): Problems {
    const { balancer, endpoint, proxyProtocolEndpoint, workload } = this;
    const { eachMember, publicHosts } = options;
    const problems = new Problems(workload.node.path);
    const more = Math.max(0, this.members.length - 1);
    for (const [name, number] of [['hostPort', this.hostPort], ['publicPort', options.publicPort]] as const) {
      problems.check(number === undefined || (isPortNumber(number) && isPortNumber(number + more)), `'${name}' must be a whole number from 1 to ${65535 - more}, got ${number}`);
    }
    for (const name of ['exposure', 'publicHost', 'publicHosts'] as const) {
      problems.check(!balancer || options[name] === undefined, `'${name}' is said by load balancer '${balancer?.name}'; leave it out here, and give it to 'new LoadBalancer'`);
    }
    problems.check(!eachMember || workload.stable, "only a stable workload has members that clients choose among; leave out 'eachMember', or set 'stable: true'");
    problems.check(!eachMember || !balancer, "a load balancer chooses by itself, and clients do with 'eachMember'; leave out one of them");
    problems.check(publicHosts === undefined || options.publicHost === undefined, "'publicHost' and 'publicHosts' both say how clients know the host; leave out one of them");
    problems.check(publicHosts === undefined || eachMember === true, "'publicHosts' are those of members that clients choose among; set 'eachMember: true', or use 'publicHost'");
    problems.check(!publicHosts || !eachMember || publicHosts.length === workload.replicas,
      `'publicHosts' must have a name for each of ${workload.replicas} member(s), got ${publicHosts?.length}`);
    const isTcp = [endpoint, proxyProtocolEndpoint ?? endpoint].every(({ protocol }) => protocol === Protocol.TCP);
    problems.check(!proxyProtocolEndpoint || (isTcp && proxyProtocolEndpoint.port !== endpoint.port),
      `'proxyProtocolPort' must be another port by TCP, for a port by TCP, got '${options.proxyProtocolPort}' for '${endpoint.portName}'`);
    for (const host of this.announcedHosts) {
      problems.check(isHost(host) || canonicalAddress(host) === host,
        `'${publicHosts ? 'publicHosts' : 'publicHost'}' must be a DNS name in lower case, or an IPv4 or IPv6 address in its shortest form, got '${host}'`);
    }
    return problems;
  }
}

function defaultHost(exposure: Exposure): string | undefined {
  if (exposure.kind === ExposureKind.THIS_MACHINE) return 'localhost';
  return exposure.kind === ExposureKind.HOST_ADDRESS ? exposure.hostAddresses[0] : undefined;
}
