import type { Construct, IConstruct } from 'constructs';
import { Application } from './application';
import type { Client, IClient, IProgram } from './client';
import type { Connection, ConnectOptions } from './connection';
import { Container, ContainerRole } from './container';
import { findContainerProblems } from './container-check';
import type { ContainerProps } from './container-props';
import { Endpoint, Port } from './endpoint';
import type { Network } from './network';
import { Primitive, PrimitiveProps } from './primitive';
import type { Scaling } from './scaling';
import type { Task } from './task';
import { checkCall } from '../private/check-call';
import { byText } from '../private/names';
import { placeOf } from '../private/place';

/** By these names a container finds itself, or its neighbours, in its own file of hosts, before any other name is asked for. */
const OWN_HOSTS = ['localhost', 'ip6-localhost', 'ip6-loopback', 'ip6-localnet', 'ip6-mcastprefix', 'ip6-allnodes', 'ip6-allrouters'];

/** What runs: containers that share a network address, and what they connect to and wait for. */
export abstract class WorkloadBase extends Primitive implements IClient, IProgram {
  /** The container that the workload exists for. */
  public readonly main: Container;

  private readonly _containers: Container[] = [];
  private readonly _networks = new Set<Network>();
  private readonly _backlogReaders = new Set<Scaling>();

  /** The name is a DNS label of at most 52 characters. */
  protected constructor(scope: Construct, id: string, props: PrimitiveProps, main: ContainerProps) {
    super(scope, id, props, 52); // leaves room for the ordinals and hashes that targets append
    this.main = this._add('main', ContainerRole.MAIN, main);
    this.node.addValidation({ validate: () => this._containers.flatMap(findContainerProblems) });
  }

  /** Number of replicas that run at the same time. */
  public abstract get replicas(): number;

  /** Most replicas that ever run at the same time. */
  public get maxReplicas(): number {
    return this.replicas;
  }

  /** Whether each replica has a name and storage of its own. */
  public abstract get hasMembers(): boolean;

  /** All containers, in the order in which they start. */
  public get containers(): Container[] {
    const order = [ContainerRole.INIT, ContainerRole.SIDECAR, ContainerRole.MAIN, ContainerRole.COMPANION];
    return [...this._containers].sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
  }

  /** Containers that keep running, in the order in which they start. */
  public get runningContainers(): Container[] {
    return this.containers.filter(container => container.role !== ContainerRole.INIT);
  }

  /** All ports of all containers. */
  public get ports(): Port[] {
    return this._containers.flatMap(container => container.ports);
  }

  /** Connections of all containers. */
  public get connections(): Connection[] {
    return this._containers.flatMap(container => container.connections);
  }

  /** Networks that this was put on, in the order of their names. */
  public get networks(): Network[] {
    return [...this._networks].sort((a, b) => byText(a.name, b.name));
  }

  /** Scalings whose backlogs are read at ports of this, from wherever the target has them read; in the order of their names. */
  public get backlogReaders(): Scaling[] {
    return [...this._backlogReaders].sort((a, b) => byText(a.name, b.name));
  }

  /** Tasks that must have completed before this starts. */
  public get tasks(): Task[] {
    return [...new Set(this._containers.flatMap(container => container.tasks))];
  }

  /**
   * The endpoint of a port.
   * @param portName name of the port; may be left out if the workload has just one
   */
  public endpoint(portName?: string): Endpoint {
    checkCall(this, 'WorkloadBase.endpoint', arguments);
    return this._endpoint(this.ports, portName, this.name);
  }

  /** Adds a container that runs to completion before any other starts; several run one after another. */
  public addInitContainer(name: string, props: ContainerProps): Container {
    checkCall(this, 'WorkloadBase.addInitContainer', arguments);
    return this._add(name, ContainerRole.INIT, props);
  }

  /** Connects the main container's program to an endpoint; see `Container.connectTo`. */
  public connectTo(endpoint: Endpoint, options: ConnectOptions = {}): Connection {
    checkCall(this, 'WorkloadBase.connectTo', arguments);
    return this.main.connectTo(endpoint, options);
  }

  /** Starts this only after the task has completed. */
  public waitFor(task: Task): void {
    checkCall(this, 'WorkloadBase.waitFor', arguments);
    this.main.waitFor(task);
  }

  public toClient(): Client {
    return this.main;
  }

  public toContainer(): Container {
    return this.main;
  }

  /** Workloads that must be healthy, and tasks that must have completed, before this starts. */
  public get startsAfter(): WorkloadBase[] {
    const servers = this.connections.filter(connection => connection.waits).map(connection => connection.endpoint.workload!);
    return [...new Set([...servers, ...this.tasks])];
  }

  /** @internal */
  public _claimedNames(): string[] {
    return [`host ${this.name}`];
  }

  /** @internal */
  public _join(network: Network): boolean {
    const joins = this._isOfSameApplication(network);
    if (joins) this._networks.add(network);
    return joins;
  }

  /** @internal */
  public _readBy(scaling: Scaling): void {
    this._backlogReaders.add(scaling);
  }

  /** @internal */
  public _add(name: string, role: ContainerRole, props: ContainerProps): Container {
    this.application._requireOpen({ path: `${this.node.path}/${name}` });
    if (this._containers.some(other => other.name === name)) Application._refuse(this, `a container named '${name}' is there already; choose another name`);
    const container = new Container(this, name, role, props);
    this._containers.push(container);
    return container;
  }

  /**
   * The endpoint of a port, or one that leads nowhere if there is no such port.
   * @internal
   */
  public _endpoint(ports: Port[], portName: string | undefined, host: string): Endpoint {
    const found = portName === undefined ? ports : ports.filter(port => port.name === portName);
    if (found.length !== 1) {
      const names = ports.map(port => `'${port.name}'`).join(', ');
      Application._refuse(this, ports.length === 0 ? "has no ports; declare the port in 'ports'"
        : portName === undefined ? `has several ports, say which: ${names}` : `has no port '${portName}'; it has ${names}`);
    }
    return Endpoint._ofWorkload(this, found[0] ?? { name: portName ?? 'missing', number: 1 }, host);
  }

  /** @internal */
  public _endpointAt(host: string, endpoint: Endpoint): Endpoint {
    return this._endpoint(this.ports, endpoint.portName, host);
  }

  /** @internal */
  public _variablePrefix(endpoint: Endpoint): string {
    return this.ports.length > 1 ? `${this.name}-${endpoint.portName}` : this.name;
  }

  /**
   * Whether something can be used here; if not, why not is kept.
   * @internal
   */
  public _isOfSameApplication(other: IConstruct): boolean {
    this.application._requireOpen(this.node);
    if (Application.of(other) === this.application) return true;
    const remedy = other instanceof WorkloadBase && other.ports.length > 0 ? 'reach it with Endpoint.external(host, port)' : `define one in '${this.application.name}'`;
    Application._refuse(this, `'${placeOf(other.node.path)}' belongs to another application; ${remedy}`);
    return false;
  }

  /** @internal */
  protected override _findNameProblem(name: string): string | undefined {
    return OWN_HOSTS.includes(name) ? `by the name '${name}' every container reaches itself, or its neighbours; choose another id or set 'name'` : super._findNameProblem(name);
  }
}
