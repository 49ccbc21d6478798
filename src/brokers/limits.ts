import type { Problems } from '../private/problems';

/** A broker, as far as it decides how many nodes can store a message. */
export interface BrokerNodes {
  /** Construct path, for messages. */
  readonly path: string;
  /** Number of its nodes; undefined if others know. */
  readonly nodes?: number;
}

/** Notes a number of replicas for which the broker has too few nodes. */
export function checkReplicas(problems: Problems, { path, nodes }: BrokerNodes, replicas?: number): void {
  problems.check(replicas === undefined || nodes === undefined || replicas <= nodes,
    `'replicas' must be at most the number of nodes of ${path}, which is ${nodes}, got ${replicas}`);
}
