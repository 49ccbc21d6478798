import { EFFECT, TOOLS } from './programs.generated';

/** The command with which whoever waits finds out whether what it needs was declared on these brokers. */
export function effectCommand(servers: string): string[] {
  return ['bash', '-c', `${TOOLS}${EFFECT}`, 'effect', servers];
}
