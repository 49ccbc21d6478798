import type { Application } from '../model/application';
import type { Task } from '../model/task';
import type { IServer } from '../servers/server';

/** Access that the server gave to a client. */
export interface Granted {
  readonly userName: string;
  /** Name of the secret with the password. */
  readonly secret: string;
  /** Names of what is granted; the client has to be told one of them. */
  readonly names: string[];
  /** The task that the client is to wait for. */
  readonly task?: Task;
}

/** A server in an application, with clients for it. */
export interface Subject {
  readonly application: Application;
  readonly server: IServer;
  /** Access that was granted so far. */
  readonly granted: Granted[];
  /** Names of the workloads that are clients, with access or without. */
  readonly clients: string[];
  /** Adds a client without access. */
  addStranger(): void;
  /**
   * Grants all that can be granted, each to a client of its own.
   * @param backwards whether in another order
   */
  grantAll(backwards?: boolean): void;
}

/**
 * Makes a subject, in an application of its own or in one with others.
 * @param application that it is a part of
 * @param id of the server, which its clients have in their paths
 */
export type MakeSubject = (application?: Application, id?: string) => Subject;
