import type { Construct } from 'constructs';
import { Application } from '../model/application';
import { Problems } from '../private/problems';

/** Numbers of members of which there is always a majority. */
const NUMBERS = [1, 3, 5];

/** Notes a number of members of which there is not always a majority. */
export function checkMembers(problems: Problems, property: string, members?: number): void {
  problems.check(members === undefined || NUMBERS.includes(members), `'${property}' must be 1, 3 or 5, got ${members}`);
}

/** The number of a server's members, of which there must always be a majority. */
export function requireMembers(server: Construct, property: string, members = 1): number {
  const problems = new Problems(server.node.path);
  checkMembers(problems, property, members);
  return Application._keep(server, problems) ? 1 : members;
}
