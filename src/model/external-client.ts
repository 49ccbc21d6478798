import { Client } from './client';
import type { Connection, ConnectOptions } from './connection';
import type { Endpoint } from './endpoint';
import { EnvValue } from './env-value';
import type { Exposure } from './exposure';
import type { Task } from './task';
import type { Workload } from './workload';
import type { WorkloadBase } from './workload-base';
import { checkCall } from '../private/check-call';
import { byText, variableName } from '../private/names';

/** Clients outside the application. What they connect to is published to them, and to nobody else. */
export class ExternalClient extends Client {
  private readonly environment = new Map<string, EnvValue>();

  public constructor(
    /** Name in messages and in pictures. */
    public readonly clientName: string,
    /** From where they come. */
    public readonly exposure: Exposure,
  ) {
    checkCall(new.target, 'ExternalClient', arguments);
    super();
  }

  public get clientWorkload(): WorkloadBase | undefined {
    return undefined;
  }

  /** What the clients have to be told, sorted by name. */
  public get env(): Record<string, EnvValue> {
    return Object.fromEntries([...this.environment].sort(([a], [b]) => byText(a, b)));
  }

  /**
   * Publishes the endpoint to these clients.
   * @throws if the endpoint stands outside the application, is that of one member, or has no public address.
   */
  public connectTo(endpoint: Endpoint, options: ConnectOptions = {}): Connection {
    checkCall(this, 'ExternalClient.connectTo', arguments);
    const workload = endpoint.workload as Workload | undefined; // a task has no endpoints
    if (!workload || endpoint.host !== workload.name) {
      throw new Error(`client '${this.clientName}': only a workload's own endpoint can be published, got ${endpoint.address}`);
    }
    if (options.waits) throw new Error(`client '${this.clientName}': nobody outside can be made to wait; leave out 'waits: true'`);
    const { connection, published } = workload._publish(this, { portName: endpoint.portName }, options.flow);
    this._tellAddress(options.prefix ?? variableName(workload._variablePrefix(endpoint)), published.publicEndpoint, options.urlPath);
    return connection;
  }

  public setEnv(name: string, value: EnvValue): void {
    checkCall(this, 'ExternalClient.setEnv', arguments);
    const present = this.environment.get(name);
    if (present && !present._equals(value)) {
      throw new Error(`client '${this.clientName}': variable ${name} is set twice, to ${present._describe()} and ${value._describe()}; give one of the grants another 'prefix'`);
    }
    this.environment.set(name, value);
  }

  /** Holds nobody back: who comes too early finds nothing yet, and comes again. */
  public waitFor(_task: Task): void {
    checkCall(this, 'ExternalClient.waitFor', arguments);
  }
}
