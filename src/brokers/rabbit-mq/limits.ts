import { Problems } from '../../private/problems';
import type { TopicSource } from '../broker';
import { BrokerNodes, checkReplicas } from '../limits';

/** Most bytes of a name, a key, and a header's name: what AMQP has one byte for the length of. */
export const MOST_BYTES = 255;

/** What is declared, as far as it has limits. */
interface Limited {
  readonly replicas?: number;
  readonly source?: TopicSource;
}

/**
 * Why the broker cannot have it so.
 * @param names of what is declared, and then of what comes with it
 */
export function findMisfits(path: string, names: string[], limits: BrokerNodes, { replicas, source }: Limited): Problems {
  const problems = new Problems(path);
  const { filter = '', headers = {} } = source ?? {};
  problems.check(!names[0].startsWith('amq.'), `RabbitMQ keeps names that begin with 'amq.' for itself, got '${names[0]}'`);
  for (const name of names) {
    problems.check(fits(name), `a name has at most ${MOST_BYTES} characters on RabbitMQ, with what is appended to it, got ${name.length} of '${name}'; choose shorter ones`);
  }
  problems.check(fits(filter), `'filter' must have at most ${MOST_BYTES} bytes on RabbitMQ, got ${Buffer.byteLength(filter)}`);
  for (const name of Object.keys(headers)) {
    problems.check(fits(name), `a header's name must have at most ${MOST_BYTES} bytes on RabbitMQ, got ${Buffer.byteLength(name)}`);
    problems.check(name !== 'x-match', "RabbitMQ keeps the header 'x-match' for itself; choose another one");
  }
  for (const text of [filter, ...Object.entries(headers).flat()]) {
    problems.check(!text.includes('@{'), `'filter' and 'headers' cannot have '@{' on RabbitMQ, where it begins the name of a password, got '${text}'`);
  }
  checkReplicas(problems, limits, replicas);
  return problems;
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= MOST_BYTES;
}
