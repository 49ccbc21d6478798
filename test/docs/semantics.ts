// Writes docs/message-semantics.md: npx ts-node -T -P test/tsconfig.json test/docs/semantics.ts
import { writeFileSync } from 'fs';
import { join } from 'path';
import { MOST_CHARACTERS } from '../../src/brokers/kafka/limits';
import { KAFKA_SEMANTICS } from '../../src/brokers/kafka/semantics';
import { KAFKA_WIDER_RIGHTS } from '../../src/brokers/kafka/wider-rights';
import { MOST_FILTER_BYTES } from '../../src/brokers/nats/limits';
import { NATS_SEMANTICS } from '../../src/brokers/nats/semantics';
import { NATS_WIDER_RIGHTS } from '../../src/brokers/nats/wider-rights';
import { MOST_BYTES } from '../../src/brokers/rabbit-mq/limits';
import { RABBIT_MQ_SEMANTICS } from '../../src/brokers/rabbit-mq/semantics';
import { RABBIT_MQ_WIDER_RIGHTS } from '../../src/brokers/rabbit-mq/wider-rights';
import { MessageSemantic, SemanticSupport } from '../../src/brokers/semantics';
import type { WiderRight } from '../../src/servers/access';

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
## Most lengths

Names of queues, topics and streams have at most 200 letters, digits, \`-\`, \`_\` and \`.\`. Those of groups have at most 100. Brokers append to them, and a
program is refused whose names become too long. What a program sends is refused by the broker, or by its client.

| | RabbitMq | Kafka | Nats |
|---|---|---|---|
| name, with what is appended | ${MOST_BYTES} bytes | ${MOST_CHARACTERS} characters | no more than the above |
| \`filter\` | ${MOST_BYTES} bytes | | ${MOST_FILTER_BYTES} bytes |
| name of a header that chooses | ${MOST_BYTES} bytes | | |
| key of a message | ${MOST_BYTES} bytes | counts for the message | 4,096 bytes, with the rest of the line |
| identifier of a message | ${MOST_BYTES} bytes | counts for the message | counts for the message |
| all headers of a message | 128 KiB | count for the message | count for the message |
| a message | 16 MiB | 1 MiB | 1 MiB |

${brokers.map(section).join('\n')}`;
}

function section(broker: string): string {
  const rows = Object.values(MessageSemantic).map(semantic => `| ${semantic} | ${BROKER_SEMANTICS[broker][semantic].level} | ${BROKER_SEMANTICS[broker][semantic].how} |\n`);
  const wider = WIDER_RIGHTS[broker].map(({ right, allows }) => `| ${right} | ${allows} |\n`);
  return `## ${broker}\n\n| semantic | level | how |\n|---|---|---|\n${rows.join('')}
| right | what it also allows |\n|---|---|\n${wider.join('')}`;
}

if (require.main === module) writeFileSync(SEMANTICS_PAGE, renderSemantics());
