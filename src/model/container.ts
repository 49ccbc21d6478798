import { Size } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Application } from './application';
import { Client, IProgram } from './client';
import type { ConfigFile } from './config-file';
import type { Connection, ConnectOptions } from './connection';
import { checkContainer, checkVariable } from './container-check';
import { isOwnProgram, withFacts } from './container-image';
import type { BuildContext, ContainerProps } from './container-props';
import { Endpoint, Port, Protocol } from './endpoint';
import { EnvValue } from './env-value';
import { HealthCheck } from './health-check';
import type { ImageFacts } from './image-facts';
import type { Privileges } from './privileges';
import type { ResolvedResources } from './resources';
import type { Secret } from './secret';
import type { Task } from './task';
import { MountOptions, Volume, VolumeMount } from './volume';
import type { WorkloadBase } from './workload-base';
import { checkCall } from '../private/check-call';
import { byText, isAbsolutePath, isVariablePrefix, PATH_RULE, variableName } from '../private/names';
import { Problems } from '../private/problems';

/** When a container of a workload starts, relative to the workload's main container. */
export enum ContainerRole {
  /** The program that the workload exists for. */
  MAIN = 'main',
  /** Runs to completion before any other container of the workload starts. */
  INIT = 'init',
  /** Starts before the main container and ends after it. */
  SIDECAR = 'sidecar',
  /** Starts after the main container. */
  COMPANION = 'companion',
}

/** One container of a workload. Made by the workload. */
export class Container extends Client implements IProgram {
  /** The workload that the container belongs to. */
  public readonly workload: WorkloadBase;
  /** Name, unique within the workload. */
  public readonly name: string;
  /** When it starts. */
  public readonly role: ContainerRole;
  /** Where in the application it stands; for messages. */
  public readonly path: string;
  /** Image with tag or digest. */
  public readonly image: string;
  /** Where the image is built from. */
  public readonly buildContext?: BuildContext;
  /** Replacement of the image's entry point. */
  public readonly command?: string[];
  /** Arguments of the entry point. */
  public readonly args?: string[];
  /** Tells when the program can do its work. */
  public readonly health?: HealthCheck;
  /** Processors, memory and disk. */
  public readonly resources: ResolvedResources;
  /** Id of the Linux user, also of one that starts as root. */
  public readonly uid: number;
  /** Id of the Linux group. */
  public readonly gid: number;
  /** What the program may do beyond what every program may. */
  public readonly privileges?: Privileges;
  /** Signal that asks the program to end. */
  public readonly stopSignal?: string;
  /** What is known of the image's own program; undefined if nothing is, or `command` replaces it. */
  public readonly facts?: ImageFacts;

  private readonly _ports: Port[];
  private readonly _writablePaths: string[];
  private readonly environment = new Map<string, EnvValue>();
  private readonly _connections: Connection[] = [];
  private readonly prefixes = new Set<string>();
  private readonly _configFiles: ConfigFile[] = [];
  private readonly _secrets = new Set<Secret>();
  private readonly _mounts: VolumeMount[] = [];
  private readonly _tasks = new Set<Task>();

  /**
   * Made by the workload.
   * @internal
   */
  public constructor(workload: WorkloadBase, name: string, role: ContainerRole, given: ContainerProps) {
    super();
    this.workload = workload;
    this.name = name;
    this.role = role;
    this.path = role === ContainerRole.MAIN ? workload.node.path : `${workload.node.path}/${name}`;
    const { facts, problem } = workload.application.images._factsOf(given.image);
    const props = facts ? withFacts(given, facts, role === ContainerRole.MAIN) : given;
    this.facts = isOwnProgram(props) ? facts : undefined;
    const problems = new Problems(this.path);
    const { ports, health, writablePaths, resources } = checkContainer(name, props, workload.ports, problems, problem);
    Application._keep(workload, problems);
    this.resources = resources;
    this.image = props.image;
    this.buildContext = props.buildContext;
    this.command = props.command && [...props.command];
    this.args = props.args && [...props.args];
    this._ports = ports;
    const firstTcp = this._ports.find(port => port.protocol !== 'UDP');
    this.health = health?._at(this._ports) ?? (firstTcp && HealthCheck.tcp(firstTcp.number));
    this.uid = props.uid ?? 10001;
    this.gid = props.gid ?? 10001;
    this._writablePaths = writablePaths;
    this.privileges = props.privileges;
    this.stopSignal = props.stopSignal;
    for (const [variable, value] of Object.entries(props.env ?? {})) this.setEnv(variable, value);
  }

  public get clientName(): string {
    return this.role === ContainerRole.MAIN ? this.workload.name : `${this.workload.name}-${this.name}`;
  }

  public get clientWorkload(): WorkloadBase | undefined {
    return this.workload;
  }

  /** Ports on which the program listens. */
  public get ports(): Port[] {
    return [...this._ports];
  }

  /** Absolute paths that the program may write to. */
  public get writablePaths(): string[] {
    const usual = (this.facts?.writablePaths ?? []).filter(path => !this._mounts.some(mount => mount.path === path));
    return [...new Set([...this._writablePaths, ...usual])].sort(byText);
  }

  /** Environment variables, sorted by name. */
  public get env(): Record<string, EnvValue> {
    // no prototype: thousands of objects with different first keys would otherwise make V8 slow
    const variables: Record<string, EnvValue> = Object.create(null);
    const usual = Object.entries(this.facts?.variables ?? {}).filter(([name]) => !this.environment.has(name));
    const all: [string, EnvValue][] = [...this.environment, ...usual.map(([name, text]): [string, EnvValue] => [name, EnvValue.literal(text)])];
    for (const [name, value] of all.sort(([a], [b]) => byText(a, b))) variables[name] = value;
    return variables;
  }

  /** Those of the environment variables that tell the program of a connection or a grant: whose names begin with the prefix of one. */
  public get connectionEnv(): Record<string, EnvValue> {
    const prefixes = [...this.prefixes];
    return Object.fromEntries(Object.entries(this.env).filter(([name]) => this._namedVariables.has(name) || prefixes.some(prefix => name.startsWith(`${prefix}_`))));
  }

  /** What the program connects to. */
  public get connections(): Connection[] {
    return [...this._connections];
  }

  /** Config files that the program sees, sorted by path. */
  public get configFiles(): ConfigFile[] {
    return [...this._configFiles].sort((a, b) => byText(a.path, b.path));
  }

  /** Secrets that the program sees as files, sorted by name. */
  public get secrets(): Secret[] {
    return [...this._secrets].sort((a, b) => byText(a.name, b.name));
  }

  /** Volumes that the program sees, sorted by path. */
  public get mounts(): VolumeMount[] {
    return [...this._mounts].sort((a, b) => byText(a.path, b.path));
  }

  /** Tasks that this program waits for, and the workload with it. */
  public get tasks(): Task[] {
    return [...this._tasks];
  }

  /** The endpoint of one of this container's ports as the other containers of the same workload reach it. */
  public localEndpoint(portName?: string): Endpoint {
    checkCall(this, 'Container.localEndpoint', arguments);
    return this.workload._endpoint(this._ports, portName, 'localhost');
  }

  /**
   * Sets an environment variable. The name must be well-formed, the variable have no other value already, and a literal not look like a secret.
   * @throws if the application was handed to a target already.
   */
  public setEnv(name: string, value: EnvValue): void {
    checkCall(this, 'Container.setEnv', arguments);
    this.workload.application._requireOpen(this);
    const present = this.environment.get(name);
    const problems = new Problems(this.path);
    checkVariable(name, value, present, problems);
    if (Application._keep(this.workload, problems)) return;
    if (value.parts.some(({ secretValue, endpointOf }) => (secretValue && this.isForeign(secretValue)) || (endpointOf && this.isOnlyLocal(endpointOf)))) return;
    this.environment.set(name, value);
    for (const { fileOf } of value.parts) if (fileOf) this.mountSecret(fileOf);
  }

  /** Mounts a config file at its own path. */
  public mountConfigFile(file: ConfigFile): void {
    checkCall(this, 'Container.mountConfigFile', arguments);
    if (this.isForeign(file)) return;
    if (!this._configFiles.includes(file)) this._configFiles.push(file);
  }

  /** Mounts a secret as a file and returns its path. */
  public mountSecret(secret: Secret): string {
    checkCall(this, 'Container.mountSecret', arguments);
    if (!this.isForeign(secret)) this._secrets.add(secret);
    return secret.path;
  }

  /** Mounts a volume, or one directory of it. Usually called by a `SharedVolume`. */
  public mountVolume(volume: Volume, path: string, options: MountOptions = {}): void {
    checkCall(this, 'Container.mountVolume', arguments);
    if (this.isForeign(volume)) return;
    const mount = { container: this, volume, path, readOnly: options.readOnly ?? false, subdirectory: options.subdirectory };
    this._mounts.push(mount);
    volume._addMount(mount);
  }

  /**
   * Lets the program write to a directory of its image, in a copy that is lost with the container. The `cp` of the image makes it before the workload starts.
   */
  public mountCopy(path: string): void {
    checkCall(this, 'Container.mountCopy', arguments);
    if (!isAbsolutePath(path)) return this._refuse(`a directory to copy must be ${PATH_RULE}, got '${path}'`);
    const name = `copy-${this.workload.containers.filter(other => other.name.startsWith('copy-')).length}`;
    const copy = new Volume(this.workload, name, { size: Size.mebibytes(this.resources.diskLimit) });
    const { image, buildContext, uid, gid } = this;
    this.workload.addInitContainer(name, { image, buildContext, uid, gid, command: ['cp', '-R', `${path}/.`, '/copy'] }).mountVolume(copy, '/copy');
    this.mountVolume(copy, path);
  }

  /**
   * Declares that this program connects to `endpoint`. It opens the network for it, and sets `<PREFIX>_HOST`, `<PREFIX>_PORT`
   * and `<PREFIX>_URL`. This workload starts after the other one is healthy.
   * The endpoint must not belong to another application, and be one that can be waited for.
   */
  public connectTo(endpoint: Endpoint, options: ConnectOptions = {}): Connection {
    checkCall(this, 'Container.connectTo', arguments);
    const inside = endpoint.workload;
    const same = inside === this.workload;
    const canWait = inside !== undefined && !same && endpoint.protocol === Protocol.TCP;
    const flow = options.flow ?? { action: 'connect' };
    const unknown = { client: this, endpoint, waits: false, flow };
    if ((inside && this.isForeign(inside)) || this.isOnlyLocal(endpoint)) return unknown;
    const prefix = options.prefix ?? variableName(inside ? inside._variablePrefix(endpoint) : endpoint.host);
    const problems = new Problems(this.path);
    const reason = same ? 'a container of the same workload' : inside ? 'a UDP port' : 'an external endpoint';
    problems.check(canWait || !options.waits, `cannot wait for ${reason} (${endpoint.address}); leave out 'waits: true'`);
    problems.check(!same || endpoint.host === inside.name || endpoint.host === 'localhost',
      `cannot connect to a member of the same workload (${endpoint.host}); on localhost a program reaches its own member alone`);
    problems.check(isVariablePrefix(prefix), `variables for ${endpoint.address} cannot begin with '${prefix}'; set 'prefix' to letters, digits and '_', not beginning with a digit`);
    if (Application._keep(this.workload, problems)) return unknown;
    const local = same ? inside._endpointAt('localhost', endpoint) : endpoint;
    this._tellAddress(local, options, prefix);
    this.prefixes.add(prefix);
    const connection = { client: this, endpoint: local, waits: options.waits ?? canWait, flow };
    if (!same) {
      this._connections.push(connection);
      this.workload.application._connect(connection);
    }
    return connection;
  }

  /** Starts this container's workload only after the task has completed. */
  public waitFor(task: Task): void {
    checkCall(this, 'Container.waitFor', arguments);
    if (!this.isForeign(task)) this._tasks.add(task);
  }

  /** @internal */
  public override _refuse(message: string): void {
    Application._refuse(this.workload, message, this.path);
  }

  private isForeign(other: IConstruct): boolean {
    return !this.workload._isOfSameApplication(other);
  }

  private isOnlyLocal({ host, portName, workload }: Endpoint): boolean {
    if (!workload || host !== 'localhost' || workload === this.workload) return false;
    this._refuse(`'localEndpoint' of '${workload.name}' leads there only from its own containers; connect to its endpoint('${portName}')`);
    return true;
  }

  public toContainer(): Container {
    return this;
  }
}
