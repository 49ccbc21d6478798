import { COMPLETION_CHECK } from './programs.generated';

const EVALUATE = 'ERL_LIBS=$(dirname "$(readlink -f "$(command -v rabbitmq-server)")")/../plugins exec erl -noinput +S 1:1 -eval "$1" -extra "$2"';

/** The command with which whoever waits finds out whether what it needs was declared: a program in the image's language, by its AMQP client. */
export function completionCheck(url: string): string[] {
  return ['sh', '-c', EVALUATE, 'completion-check', COMPLETION_CHECK, url];
}
