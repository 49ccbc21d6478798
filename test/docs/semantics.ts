// Writes docs/message-semantics.md: npx ts-node -T -P test/tsconfig.json test/docs/semantics.ts
import { writeFileSync } from 'fs';
import { join } from 'path';
import { KAFKA_SEMANTICS } from '../../src/brokers/kafka/semantics';
import { KAFKA_WIDER_RIGHTS } from '../../src/brokers/kafka/wider-rights';
import { NATS_SEMANTICS } from '../../src/brokers/nats/semantics';
import { NATS_WIDER_RIGHTS } from '../../src/brokers/nats/wider-rights';
import { RABBIT_MQ_SEMANTICS } from '../../src/brokers/rabbit-mq/semantics';
import { RABBIT_MQ_WIDER_RIGHTS } from '../../src/brokers/rabbit-mq/wider-rights';
import { MessageSemantic, SemanticSupport } from '../../src/brokers/semantics';
import type { WiderRight } from '../../src/brokers/wider-rights';

export const SEMANTICS_PAGE = join(__dirname, '../../docs/message-semantics.md');

const BROKER_SEMANTICS: Record<string, Record<MessageSemantic, SemanticSupport>> = {
  RabbitMq: RABBIT_MQ_SEMANTICS, Kafka: KAFKA_SEMANTICS, Nats: NATS_SEMANTICS,
};

/** What rights also allow, on each broker. */
export const WIDER_RIGHTS: Record<string, WiderRight[]> = { RabbitMq: RABBIT_MQ_WIDER_RIGHTS, Kafka: KAFKA_WIDER_RIGHTS, Nats: NATS_WIDER_RIGHTS };

/** The page as it should be. */
export function renderSemantics(): string {
  const brokers = Object.keys(BROKER_SEMANTICS);
  const rows = Object.values(MessageSemantic).map(semantic => `| ${semantic} | ${brokers.map(broker => BROKER_SEMANTICS[broker][semantic].level).join(' | ')} |\n`);
  return `<!-- Written by test/docs/semantics.ts from src/brokers/*/semantics.ts and wider-rights.ts; do not edit. -->
# Message semantics

What each broker makes of what a program asks of [queues](brokered-queue.md), [topics](brokered-topic.md) and [streams](event-stream.md).

* **native**: the broker does it by itself.
* **emulated**: done by other means, which are stated.
* **refused**: the program fails where it asks, with the construct's path, the reason, and the brokers that can. Nothing is approximated in silence.

| | ${brokers.join(' | ')} |
|---|${brokers.map(() => '---').join('|')}|
${rows.join('')}
${brokers.map(section).join('\n')}`;
}

function section(broker: string): string {
  const rows = Object.values(MessageSemantic).map(semantic => `| ${semantic} | ${BROKER_SEMANTICS[broker][semantic].level} | ${BROKER_SEMANTICS[broker][semantic].how} |\n`);
  const wider = WIDER_RIGHTS[broker].map(({ right, allows }) => `| ${right} | ${allows} |\n`);
  return `## ${broker}\n\n| semantic | level | how |\n|---|---|---|\n${rows.join('')}
| right | what it also allows |\n|---|---|\n${wider.join('')}`;
}

if (require.main === module) writeFileSync(SEMANTICS_PAGE, renderSemantics());
