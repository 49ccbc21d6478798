import type { Container } from './container';

/** Something that opens connections: a workload, a task, one container, or a pattern made of them. */
export interface IClient {
  /** The container whose program connects. */
  toClient(): Container;
}
