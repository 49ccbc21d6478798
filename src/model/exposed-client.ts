import type { IConstruct } from 'constructs';
import { Application } from './application';
import { Client } from './client';
import type { Connection, ConnectOptions } from './connection';
import type { Endpoint } from './endpoint';
import { EnvValue } from './env-value';
import type { Exposure } from './exposure';
import type { Task } from './task';
import type { Workload } from './workload';
import type { WorkloadBase } from './workload-base';
import { byText, isVariableName, VARIABLE_RULE, variableName } from '../private/names';
import { Problems } from '../private/problems';

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
    const workload = endpoint.workload as Workload | undefined; // a task has no endpoints
    const unknown = { client: this, endpoint, waits: false, flow: options.flow ?? { action: 'connect' } };
    if (!workload || endpoint.host !== workload.name) {
      this._refuse(`only a workload's own endpoint can be published, got ${endpoint.address}`);
      return unknown;
    }
    if (!workload._isOfSameApplication(this.declaredBy)) return unknown;
    if (options.waits) this._refuse("nobody outside can be made to wait; leave out 'waits: true'");
    const { connection, published } = workload._publish(this, { portName: endpoint.portName }, options.flow);
    this._tellAddress(published._endpointFor(this.exposure), options, options.prefix ?? variableName(workload._variablePrefix(endpoint)));
    return connection;
  }

  public setEnv(name: string, value: EnvValue): void {
    const key = value.fileOf ? name.replace(/_FILE$/, '') : name;
    const present = this.environment.get(key);
    const problems = new Problems(this.declaredBy.node.path);
    problems.check(isVariableName(name), `a variable's name must be ${VARIABLE_RULE}, got '${name}'`);
    problems.check(!value.platformValue, `variable ${name} cannot be ${value._describe()}, which means nothing outside; give it a text`);
    problems.check(!present || present._equals(value),
      `variable ${key} is set twice, to ${present?._describe()} and ${value._describe()}; give one of the grants another 'prefix'`);
    if (!Application._keep(this.declaredBy, problems)) this.environment.set(key, value);
  }

  /** Holds nobody back: who comes too early finds nothing yet, and comes again. */
  public waitFor(_task: Task): void {}

  /** @internal */
  public override _refuse(message: string): void {
    Application._refuse(this.declaredBy, message);
  }
}
