import type { Connection, ConnectOptions } from './connection';
import type { Container } from './container';
import { EdgeVariables } from './edge-variables';
import type { Endpoint } from './endpoint';
import type { EnvValue } from './env-value';
import type { Exposure } from './exposure';
import type { Task } from './task';
import type { WorkloadBase } from './workload-base';
import { isVariablePrefix, VARIABLE_RULE } from '../private/names';

/** Something that opens connections: a workload, a task, one container, a pattern made of them, or a client outside the application. */
export interface IClient {
  /** Who connects. */
  toClient(): Client;
}

/** Something whose program sees files: a workload, a task, one container, or a pattern made of them. */
export interface IProgram {
  /** The container whose program it is. */
  toContainer(): Container;
}

/** Who opens a connection: the program of a container, or somebody outside the application. */
export abstract class Client implements IClient {
  /** Name in messages, in pictures, and of users: that of the workload, followed by that of a container other than the main one. */
  public abstract get clientName(): string;

  /** The workload that the client is a part of; undefined for a client outside the application. */
  public abstract get clientWorkload(): WorkloadBase | undefined;

  /**
   * Names of variables that tell of edges and stand behind no prefix.
   * @internal
   */
  public readonly _namedVariables = new Set<string>();

  /** From where the client comes; undefined for one of the application. */
  public get exposure(): Exposure | undefined {
    return undefined;
  }

  /**
   * Declares that the client connects to an endpoint, and tells it where that is.
   * @throws if the client cannot connect there.
   */
  public abstract connectTo(endpoint: Endpoint, options?: ConnectOptions): Connection;

  /**
   * Hands the client a value under a name.
   * @throws if the name is malformed, or stands for another value already.
   */
  public abstract setEnv(name: string, value: EnvValue): void;

  /**
   * Lets the client start only after the task has completed.
   * @throws if the client cannot wait for it.
   */
  public abstract waitFor(task: Task): void;

  public toClient(): Client {
    return this;
  }

  /**
   * Keeps what is wrong with a call, until a target asks.
   * @internal
   */
  public _refuse(message: string): void {
    throw new Error(`${this.clientName}: ${message}`);
  }

  /** @internal */
  public _tellAddress(endpoint: Endpoint, { urlPath, variables: names }: ConnectOptions, prefix: string): void {
    if (urlPath !== undefined && !/^[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/.test(urlPath)) {
      return this._refuse(`'urlPath' must be letters, digits and . _ ~ - with single slashes between, got '${urlPath}'`);
    }
    if (!isVariablePrefix(prefix)) return this._refuse(`a variable's name must be ${VARIABLE_RULE}, got '${prefix}_HOST'`);
    const variables = new EdgeVariables(this, prefix, names);
    variables.tellAddress(endpoint, urlPath);
    for (const problem of variables.problems()) this._refuse(problem);
  }
}
