import type { IBroker } from './broker';
import { KAFKA_SEMANTICS } from './kafka/semantics';
import { NATS_SEMANTICS } from './nats/semantics';
import { RABBIT_MQ_SEMANTICS } from './rabbit-mq/semantics';
import { MessageSemantic, SemanticSupport, SupportLevel } from './semantics';

/** What the library's own brokers can do, by the names of their classes. */
export const BROKER_SEMANTICS: Record<string, Record<MessageSemantic, SemanticSupport>> = {
  RabbitMq: RABBIT_MQ_SEMANTICS,
  Kafka: KAFKA_SEMANTICS,
  Nats: NATS_SEMANTICS,
};

/** Something that a program asks for. */
export interface Asked {
  readonly semantic: MessageSemantic;
  /** The property that asks, in the words of the program. */
  readonly property: string;
  /** What to do where no other broker is wanted. */
  readonly remedy: string;
}

/** One sentence for each thing that is asked for and that the broker cannot do. */
export function findRefusals(broker: IBroker, asked: Asked[]): string[] {
  return asked.flatMap(({ semantic, property, remedy }) => {
    const { level, how } = broker.support(semantic);
    if (level !== SupportLevel.REFUSED) return [];
    const able = Object.keys(BROKER_SEMANTICS).filter(name => BROKER_SEMANTICS[name][semantic].level !== SupportLevel.REFUSED);
    return [`${property} (${semantic}) cannot be had on ${broker.product}: ${how}; ${able.length > 0 ? `use ${able.join(' or ')}, or ` : ''}${remedy}`];
  });
}
