import type { Construct } from 'constructs';

/** The number of nodes, once it is clear that a majority of them can always be told. */
export function requireNodes(broker: Construct, nodes = 1): number {
  if (![1, 3, 5].includes(nodes)) throw new Error(`${broker.node.path}: 'nodes' must be 1, 3 or 5, got ${nodes}`);
  return nodes;
}
