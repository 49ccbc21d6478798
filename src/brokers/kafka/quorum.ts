import { createHash } from 'crypto';
import type { Construct } from 'constructs';

/** The nodes that keep the cluster's own data. Who they are is settled when the cluster is formed. */
export interface Quorum {
  /** Host names, in the order of their ordinals. */
  readonly members: string[];
  /** Number of the first as a node; those of the others follow. */
  readonly firstId: number;
}

/** Number of the first controller as a node, where the brokers are none. */
export const FIRST_CONTROLLER = 1000;

/** Nodes of a cluster of another size listen elsewhere, so that a new member of one never forms another beside it. */
export function controllerPort(voters: number): number {
  return 9090 + voters;
}

/** Everyone who votes, as the setting `controller.quorum.voters` takes it. */
export function renderVoters(quorum: Quorum): string {
  return quorum.members.map((member, index) => `${quorum.firstId + index}@${member}:${controllerPort(quorum.members.length)}`).join(',');
}

/** What tells the cluster from every other one. Storage keeps it for ever, so it follows from what does not change. */
export function clusterId(broker: Construct): string {
  const id = createHash('sha256').update(broker.node.path).digest().subarray(0, 16);
  id[0] %= 128; // so that the text begins with a letter: tools take a hyphen for an option
  return id.toString('base64url');
}
