import type { IBroker } from '../brokers/broker';
import { kebabCase } from '../private/names';

/** What a queue, topic or stream is called. */
export interface ChannelName {
  /** Whatever broker holds it; programs know it by variables that begin so. */
  readonly own: string;
  /** On its broker, where names may begin with a prefix. */
  readonly onBroker: string;
}

/** Names what has an id; a name that the program gives is the broker's, too. */
export function nameChannel({ namePrefix = '' }: IBroker, id: string, given?: string): ChannelName {
  return given === undefined ? { own: kebabCase(id), onBroker: `${namePrefix}${kebabCase(id)}` } : { own: given, onBroker: given };
}
