import { COMPLETE } from './declarations';
import { PROVISION, COMPLETION_CHECK } from './programs.generated';
import { program } from '../../private/program';

/** Where it is mounted what is to be declared. */
export const DECLARATIONS_PATH = '/etc/nats/conduit/declarations';
/** Where the script is mounted that declares it. */
export const PROVISION_PATH = '/etc/nats/conduit/provision';

/** Makes what is declared. */
export function provisionScript(): string {
  return program({ DECLARATIONS: DECLARATIONS_PATH }, PROVISION);
}

/**
 * The command with which whoever waits finds out whether everything is there that it has rights to.
 * Where nobody marks topics as complete, it has to be told how many subscribers each of them has.
 */
export function completionCheck(topics: Map<string, number> = new Map()): string[] {
  const numbers = [...topics].map(([topic, subscribers]) => `${topic}:${subscribers}`).join(' ');
  return ['sh', '-c', program({ COMPLETE, TOPICS: numbers }, COMPLETION_CHECK)];
}
