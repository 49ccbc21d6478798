import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { Application } from './application';
import type { Connection, Flow } from './connection';
import { Container, ContainerRole } from './container';
import type { ContainerProps } from './container-props';
import { Endpoint } from './endpoint';
import { EnvValue, PlatformValue } from './env-value';
import { ExposedClient } from './exposed-client';
import { Exposure } from './exposure';
import type { ILowering } from './lowering';
import { AnnounceOptions, PublishedPort, PublishOptions } from './published-port';
import { Scaling, ScalingSource } from './scaling';
import { checkRange, completeRange, isSameRange, ScalingRange } from './scaling-range';
import { WorkloadBase } from './workload-base';
import { checkCall } from '../private/check-call';
import { byText, variableName } from '../private/names';
import { Problems } from '../private/problems';

/** What happens when a program ends. */
export enum RestartPolicy {
  /** It is started again. */
  ALWAYS = 'always',
  /** It is started again if it failed. */
  ON_FAILURE = 'on-failure',
}

/** Options of a workload. */
export interface WorkloadProps extends ContainerProps {
  /**
   * Name on every target: a DNS label, and the host name under which others reach the workload.
   * @default - the ids on the path from the application, without `Default`, joined by hyphens
   */
  readonly name?: string;
  /**
   * Number of replicas that run at the same time; of a workload that is scaled, where nothing scales.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * Gives each replica, then called member, an ordinal and names that stay: `<name>-<n>` and `<name>-<n>.<name>`.
   * @default false
   */
  readonly stable?: boolean;
  /**
   * Lets the members of a stable workload reach each other, on every port, and find each other before they are ready.
   * @default false
   */
  readonly clustered?: boolean;
  /**
   * What happens when the program ends.
   * @default RestartPolicy.ALWAYS
   */
  readonly restart?: RestartPolicy;
  /**
   * Time between the request to end and the end by force.
   * @default Duration.seconds(30)
   */
  readonly stopGracePeriod?: Duration;
}

/** A program that runs on: one or more replicas of a container, and of the containers that belong to it. */
export class Workload extends WorkloadBase {
  public readonly replicas: number;
  /** Whether each replica has an ordinal, names and storage of its own. */
  public readonly stable: boolean;
  /** Whether members reach each other, on every port, and find each other before they are ready. */
  public readonly clustered: boolean;
  /** What happens when the program ends. */
  public readonly restart: RestartPolicy;
  /** Time between the request to end and the end by force. */
  public readonly stopGracePeriod: Duration;

  private _scaling?: Scaling;
  private readonly published = new Map<string, PublishedPort>();

  public constructor(scope: Construct, id: string, props: WorkloadProps) {
    checkCall(new.target, 'Workload', arguments);
    super(scope, id, props, props);
    const { replicas = 1, stopGracePeriod = Duration.seconds(30) } = props;
    const problems = new Problems(this.node.path);
    const isNumber = problems.check(Number.isInteger(replicas) && replicas >= 1 && replicas <= 1000, `'replicas' must be a whole number from 1 to 1000, got ${replicas}`);
    problems.check(props.stable === true || !props.clustered, "only members can be 'clustered'; set 'stable: true'");
    problems.check(stopGracePeriod.toMilliseconds() >= 1000 && stopGracePeriod.toMilliseconds() % 1000 === 0,
      `'stopGracePeriod' must be whole seconds, 1 or more, got ${stopGracePeriod.toMilliseconds()} ms`);
    Application._keep(this, problems);
    this.replicas = isNumber ? replicas : 1;
    this.stable = props.stable ?? false;
    this.clustered = props.clustered ?? false;
    this.restart = props.restart ?? RestartPolicy.ALWAYS;
    this.stopGracePeriod = stopGracePeriod;
    this.node.addValidation({ validate: () => this.findScalingProblems() });
    this.application._register(this);
  }

  /** How the number of replicas follows what waits for them; undefined if it stays as it is. */
  public get scaling(): Scaling | undefined {
    return this._scaling;
  }

  public get maxReplicas(): number {
    return this._scaling?.max ?? this.replicas;
  }

  public get hasMembers(): boolean {
    return this.stable;
  }

  /** Names of the members of a stable workload, in the order of their ordinals. */
  public get memberNames(): string[] {
    return this.stable ? Array.from({ length: this.replicas }, (_, ordinal) => `${this.name}-${ordinal}`) : [];
  }

  /**
   * The endpoint of a port of one member. The workload must be stable, and have such a member.
   */
  public memberEndpoint(ordinal: number, portName?: string): Endpoint {
    checkCall(this, 'Workload.memberEndpoint', arguments);
    if (this.memberNames[ordinal] === undefined) {
      Application._refuse(this, this.stable ? `has members 0 to ${this.replicas - 1}, got ${ordinal}` : "only a stable workload has members; set 'stable: true'");
    }
    return this._endpoint(this.ports, portName, `${this.name}-${ordinal}.${this.name}`);
  }

  /** Name that leads to the addresses of all replicas that are ready. The name of members does so anyway; another one is made once somebody connects to it. */
  public get replicasName(): string {
    return this.stable ? this.name : `${this.name}-replicas`;
  }

  /** Whether somebody connects to the addresses of the replicas, and not to the one name for all of them. */
  public get replicasAreNamed(): boolean {
    return this.replicasName !== this.name && this.application.connectionsTo(this).some(({ endpoint }) => endpoint.host === this.replicasName);
  }

  /**
   * The endpoint of a port for clients that choose a replica by themselves: its host leads to the addresses of all replicas that are ready.
   * @param portName name of the port; may be left out if the workload has just one
   */
  public replicasEndpoint(portName?: string): Endpoint {
    checkCall(this, 'Workload.replicasEndpoint', arguments);
    return this._endpoint(this.ports, portName, this.replicasName);
  }

  /**
   * Lets the number of replicas follow a backlog, and returns how. Of several backlogs, the one counts that asks for the most replicas.
   * All must be of one range, and the workload not be stable.
   */
  public scaleBy(source: ScalingSource, range: ScalingRange): Scaling {
    checkCall(this, 'Workload.scaleBy', arguments);
    const { targetBacklog, password, endpoint } = source;
    const own = [password, ...(endpoint.workload ? [endpoint.workload] : [])].every(other => this._isOfSameApplication(other));
    const complete = completeRange(range, this.replicas);
    const problems = new Problems(this.node.path);
    checkRange(problems, complete, this.replicas);
    problems.check(Number.isInteger(targetBacklog) && targetBacklog >= 1, `'targetBacklog' of 'scaling' must be a whole number of 1 or more, got ${targetBacklog}`);
    problems.check(!this.stable, "a stable workload has the members that its clients know, so it cannot have 'scaling'; leave out one of them");
    problems.check(!this._scaling || isSameRange(this._scaling, complete), "follows another backlog within another range; give both the same 'scaling', but for what waits for each replica");
    Application._keep(this, problems);
    this._scaling ??= new Scaling(this, complete);
    if (own) this._scaling._add(source);
    return this._scaling;
  }

  /** Ports that clients outside the application reach, in the order of their names. */
  public get publishedPorts(): PublishedPort[] {
    return [...this.published.values()].filter(({ exposures }) => exposures.length > 0).sort((a, b) => byText(a.endpoint.portName, b.endpoint.portName));
  }

  /**
   * Says under which address clients outside the application find a port, once it is published to some of them.
   * It lets nobody in, and without any part of an address it does nothing.
   */
  public announce(options: AnnounceOptions): void {
    checkCall(this, 'Workload.announce', arguments);
    const { publicHost, publicHosts, publicPort, hostPort } = options;
    if ([publicHost, publicHosts, publicPort, hostPort].some(value => value !== undefined)) this.takeUp(options);
  }

  /**
   * Lets clients outside the application connect to a port; programs on this machine alone, unless `exposure` says more. The program that listens
   * finds the address that its clients know in `PUBLIC_HOST`, `PUBLIC_PORT` and `PUBLIC_URL`, if that is known.
   * With `eachMember` it is that of the first member.
   */
  public publish(options: PublishOptions = {}): PublishedPort {
    checkCall(this, 'Workload.publish', arguments);
    const exposure = options.exposure ?? options.balancer?.exposure ?? Exposure.thisMachine();
    const { published } = this._publish(new ExposedClient(exposure.description, exposure, this), options);
    const { portName } = published.endpoint;
    const listener = this.containers.find(({ ports }) => ports.some(({ name }) => name === portName));
    if (!listener) return published; // there is no such port, which is told
    const prefix = options.prefix ?? (this.ports.length > 1 ? `PUBLIC_${variableName(portName)}` : 'PUBLIC');
    if (published.publicHost !== undefined) listener._tellAddress(published.publicEndpoint, {}, prefix);
    if (published.proxyProtocolEndpoint) listener.setEnv('PROXY_PROTOCOL_SOURCES', EnvValue.platform(PlatformValue.PROXY_PROTOCOL_SOURCES));
    return published;
  }

  /** Adds a container that starts before the main one, ends after it, and shares its network address. */
  public addSidecar(name: string, props: ContainerProps): Container {
    checkCall(this, 'Workload.addSidecar', arguments);
    return this._add(name, ContainerRole.SIDECAR, props);
  }

  /** Adds a container that starts after the main one and shares its network address. */
  public addCompanion(name: string, props: ContainerProps): Container {
    checkCall(this, 'Workload.addCompanion', arguments);
    return this._add(name, ContainerRole.COMPANION, props);
  }

  /** @internal */
  public _publish(client: ExposedClient, options: PublishOptions, flow: Flow = { action: 'connect' }): { published: PublishedPort; connection: Connection } {
    const published = this.takeUp(options);
    const { endpoint } = published;
    published._add(client.exposure);
    const connection = { client, endpoint, waits: false, flow };
    this.application._connect(connection);
    return { published, connection };
  }

  /** @internal */
  public _claimedNames(): string[] {
    return [this.name, ...this.memberNames, ...(this.replicasAreNamed ? [this.replicasName] : [])].map(name => `host ${name}`);
  }

  public lowerTo(lowering: ILowering): void {
    checkCall(this, 'Workload.lowerTo', arguments);
    lowering.lowerWorkload(this);
  }

  private takeUp(options: PublishOptions): PublishedPort {
    this.application._requireOpen(this.node);
    const endpoint = this.endpoint(options.portName);
    const known = this.published.get(endpoint.portName);
    known?._requireSame(options);
    const { balancer, proxyProtocolPort } = options;
    const isForeign = balancer && !this._isOfSameApplication(balancer);
    const proxied = proxyProtocolPort === undefined ? undefined : this.endpoint(proxyProtocolPort);
    const published = known ?? new PublishedPort(this, endpoint, options, proxied);
    const isThere = this.ports.some(({ name }) => name === endpoint.portName);
    const numbers = published.entrances.map(({ hostPort }) => hostPort);
    for (const other of isThere ? this.published.values() : []) {
      const number = other.entrances.map(({ hostPort }) => hostPort).find(each => numbers.includes(each));
      if (other === published || number === undefined || other.endpoint.protocol !== endpoint.protocol) continue;
      Application._refuse(this, `ports '${other.endpoint.portName}' and '${endpoint.portName}' are both published as ${endpoint.protocol} port ${number}; give one of them another 'hostPort'`);
    }
    if (isThere) this.published.set(endpoint.portName, published);
    if (!isForeign) balancer?._add(published);
    return published;
  }

  private findScalingProblems(): string[] {
    return this._scaling?.min === 0 && this.ports.length > 0
      ? ["who connects to a workload with ports must find one replica, so 'min' of 'scaling' cannot be 0; set it to 1, or move what scales to a workload of its own"]
      : [];
  }
}
