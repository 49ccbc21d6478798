import { COMPLETION_CHECK, TOOLS } from './programs.generated';

/** The command with which whoever waits finds out whether what it needs was declared on these brokers. */
export function completionCheck(servers: string): string[] {
  return ['bash', '-c', `${TOOLS}${COMPLETION_CHECK}`, 'completion-check', servers];
}
