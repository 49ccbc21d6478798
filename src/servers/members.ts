import type { Construct } from 'constructs';
import { Problems } from '../private/problems';

/** Numbers of members of which there is always a majority. */
const NUMBERS = [1, 3, 5];

/** Notes a number of members of which there is not always a majority. */
export function checkMembers(problems: Problems, property: string, members?: number): void {
  problems.check(members === undefined || NUMBERS.includes(members), `'${property}' must be 1, 3 or 5, got ${members}`);
}

/**
 * The number of a server's members.
 * @throws if there is not always a majority of them.
 */
export function requireMembers(server: Construct, property: string, members = 1): number {
  const problems = new Problems(server.node.path);
  checkMembers(problems, property, members);
  problems.throwIfAny();
  return members;
}
