import type { Client } from './client';
import type { Endpoint } from './endpoint';

/** What flows over a connection. The words are open: packages of others bring their own. */
export interface Flow {
  /** What the client does, such as `connect`, `use`, `forward`, `send`, `receive`, `publish`, `subscribe` or `read`. */
  readonly action: string;
  /**
   * Name of what it does that with, such as a queue, a topic or a database.
   * @default - the endpoint as a whole
   */
  readonly channel?: string;
}

/** How a connection is declared. */
export interface ConnectOptions {
  /**
   * Beginning of the names of the variables that tell the program where to connect.
   * @default - the other workload's name in upper case, followed by the port's name if the workload has several ports
   */
  readonly prefix?: string;
  /**
   * Names of the variables instead, for programs that want others: from `HOST`, `PORT`, `ADDRESS` (`host:port`) and `URL` to a name,
   * such as `{ ADDRESS: 'CART_ADDR' }`. What is not named is not set.
   * @default - `HOST` and `PORT` behind the prefix, and `URL` where the port says a scheme
   */
  readonly variables?: Record<string, string>;
  /**
   * Whether the client starts only after the other side is healthy.
   * @default - true for TCP ports of other workloads of the application
   */
  readonly waits?: boolean;
  /**
   * What stands behind the port in the URL that the program is told, without the first slash, such as the name of a database.
   * @default - nothing
   */
  readonly urlPath?: string;
  /**
   * What the connection is for.
   * @default - the action `connect`, without a channel
   */
  readonly flow?: Flow;
}

/** One edge: a client that connects to an endpoint. */
export interface Connection {
  /** Who connects: a container, or somebody outside the application. */
  readonly client: Client;
  /** Where it connects to. */
  readonly endpoint: Endpoint;
  /** Whether the client starts only after the other side is healthy. */
  readonly waits: boolean;
  /** What the connection is for. */
  readonly flow: Flow;
}
