import type { Endpoint } from '../model/endpoint';
import type { Secret } from '../model/secret';
import type { Task } from '../model/task';
import type { Volume } from '../model/volume';
import type { Workload } from '../model/workload';

/** A server that clients of the application use, whoever runs it. */
export interface IServer {
  /** What the server is called in messages, such as `PostgreSQL`. */
  readonly product: string;
  /** Where clients connect. */
  readonly endpoint: Endpoint;
  /**
   * Where clients outside the application connect, if elsewhere.
   * @default - at `endpoint`
   */
  readonly outsideEndpoint?: Endpoint;
  /**
   * CA certificates with which clients check the server's own.
   * @default - none, clients connect without TLS or trust what their system trusts
   */
  readonly caCertificates?: Secret;
}

/** What stands behind a server: members that the application runs, or an external place. */
export interface ServerRuntime {
  /** Where clients connect. */
  readonly endpoint: Endpoint;
  /**
   * Where clients outside the application connect, if elsewhere.
   * @default - at `endpoint`
   */
  readonly outsideEndpoint?: Endpoint;
  /**
   * CA certificates with which clients check the server's own.
   * @default - none
   */
  readonly caCertificates?: Secret;
  /**
   * The workload that runs the server.
   * @default - none, the server is external
   */
  readonly workload?: Workload;
  /**
   * Where each member keeps its data.
   * @default - none, the server is external or keeps nothing
   */
  readonly storage?: Volume;
  /**
   * Number of the server's members.
   * @default - others know it
   */
  readonly members?: number;
  /**
   * The task that makes on the server what it does not make by itself when it starts.
   * @default - none
   */
  readonly provisioning?: Task;
}
