import type { IConstruct } from 'constructs';
import { Client } from './client';
import type { Connection, ConnectOptions } from './connection';
import type { Endpoint } from './endpoint';
import { EnvValue } from './env-value';
import type { Exposure } from './exposure';
import type { Task } from './task';
import type { Workload } from './workload';
import type { WorkloadBase } from './workload-base';
import { byText, isVariableName, VARIABLE_RULE, variableName } from '../private/names';
import { placeOf } from '../private/place';

/** Clients outside the application. What they connect to is published to them, and to nobody else. */
export class ExposedClient extends Client {
  private readonly environment = new Map<string, EnvValue>();

  /** @param declaredBy of their application; its path is in messages */
  public constructor(public readonly clientName: string, private readonly from: Exposure, private readonly declaredBy: IConstruct) {
    super();
  }

  public get clientWorkload(): WorkloadBase | undefined {
    return undefined;
  }

  public get exposure(): Exposure {
    return this.from;
  }

  /** What the clients have to be told, sorted by name. They get values, not files, so that `_FILE` is left out of names. */
  public get env(): Record<string, EnvValue> {
    return Object.fromEntries([...this.environment].sort(([a], [b]) => byText(a, b)));
  }

  public connectTo(endpoint: Endpoint, options: ConnectOptions = {}): Connection {
    const { path } = this;
    const workload = endpoint.workload as Workload | undefined; // a task has no endpoints
    if (!workload || endpoint.host !== workload.name) {
      throw new Error(`${path}: only a workload's own endpoint can be published, got ${endpoint.address}`);
    }
    workload._requireSameApplication(this.declaredBy);
    if (options.waits) throw new Error(`${path}: nobody outside can be made to wait; leave out 'waits: true'`);
    const { connection, published } = workload._publish(this, { portName: endpoint.portName }, options.flow);
    this._tellAddress(published._endpointFor(this.exposure), options, options.prefix ?? variableName(workload._variablePrefix(endpoint)));
    return connection;
  }

  public setEnv(name: string, value: EnvValue): void {
    const { path } = this;
    const key = value.fileOf ? name.replace(/_FILE$/, '') : name;
    const present = this.environment.get(key);
    if (!isVariableName(name)) throw new Error(`${path}: a variable's name must be ${VARIABLE_RULE}, got '${name}'`);
    if (value.platformValue) throw new Error(`${path}: variable ${name} cannot be ${value._describe()}, which means nothing outside; give it a text`);
    if (present && !present._equals(value)) {
      throw new Error(`${path}: variable ${key} is set twice, to ${present._describe()} and ${value._describe()}; give one of the grants another 'prefix'`);
    }
    this.environment.set(key, value);
  }

  /** Holds nobody back: who comes too early finds nothing yet, and comes again. */
  public waitFor(_task: Task): void {}

  private get path(): string {
    return placeOf(this.declaredBy.node.path);
  }
}
