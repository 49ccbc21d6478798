import type { Construct } from 'constructs';
import type { Problems } from '../private/problems';

/** Numbers of which a majority can always be told. */
const NUMBERS = [1, 3, 5];

/** The number of nodes, once it is clear that a majority of them can always be told. */
export function requireNodes(broker: Construct, nodes = 1): number {
  if (!NUMBERS.includes(nodes)) throw new Error(`${broker.node.path}: 'nodes' must be 1, 3 or 5, got ${nodes}`);
  return nodes;
}

/** Notes a number of nodes that store each message of which no majority can be told. */
export function requireReplicas(problems: Problems, replicas?: number): void {
  problems.require(replicas === undefined || NUMBERS.includes(replicas), `'replicas' must be 1, 3 or 5, got ${replicas}`);
}
