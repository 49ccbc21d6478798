import { DECLARE, EFFECT } from './programs.generated';
import { COMPLETE } from './topology';
import { program } from '../../private/program';

/** Where it is mounted what is to be declared. */
export const TOPOLOGY_PATH = '/etc/nats/conduit/topology';
/** Where the script is mounted that declares it. */
export const DECLARE_PATH = '/etc/nats/conduit/declare';

/** Declares what the topology says. */
export function declareScript(): string {
  return program({ TOPOLOGY: TOPOLOGY_PATH }, DECLARE);
}

/**
 * The command with which whoever waits finds out whether everything is there that it has rights to.
 * Where nobody marks topics as complete, it has to be told how many subscribers each of them has.
 */
export function effectCommand(topics: Map<string, number> = new Map()): string[] {
  const numbers = [...topics].map(([topic, subscribers]) => `${topic}:${subscribers}`).join(' ');
  return ['sh', '-c', program({ COMPLETE, TOPICS: numbers }, EFFECT)];
}
