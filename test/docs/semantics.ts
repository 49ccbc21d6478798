// Writes docs/message-semantics.md: npx ts-node -T -P test/tsconfig.json test/docs/semantics.ts
import { writeFileSync } from 'fs';
import { join } from 'path';
import { KAFKA_SEMANTICS } from '../../src/brokers/kafka/semantics';
import { NATS_SEMANTICS } from '../../src/brokers/nats/semantics';
import { RABBIT_MQ_SEMANTICS } from '../../src/brokers/rabbit-mq/semantics';
import { MessageSemantic, SemanticSupport } from '../../src/brokers/semantics';

export const SEMANTICS_PAGE = join(__dirname, '../../docs/message-semantics.md');

const BROKER_SEMANTICS: Record<string, Record<MessageSemantic, SemanticSupport>> = {
  RabbitMq: RABBIT_MQ_SEMANTICS, Kafka: KAFKA_SEMANTICS, Nats: NATS_SEMANTICS,
};

/** The page as it should be. */
export function renderSemantics(): string {
  const brokers = Object.keys(BROKER_SEMANTICS);
  const rows = Object.values(MessageSemantic).map(semantic => `| ${semantic} | ${brokers.map(broker => BROKER_SEMANTICS[broker][semantic].level).join(' | ')} |\n`);
  return `<!-- Written by test/docs/semantics.ts from src/brokers/*/semantics.ts; do not edit. -->
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
  return `## ${broker}\n\n| semantic | level | how |\n|---|---|---|\n${rows.join('')}`;
}

if (require.main === module) writeFileSync(SEMANTICS_PAGE, renderSemantics());
