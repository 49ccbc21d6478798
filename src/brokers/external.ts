import type { Construct } from 'constructs';
import { Application } from '../model/application';
import { Problems } from '../private/problems';
import type { ExternalServer } from '../servers/external';

/**
 * An external broker, which other applications may use, too.
 * @subclassable
 */
export interface ExternalBroker extends ExternalServer {
  /**
   * Beginning of the names of queues, topics and streams on the broker, such as `shop-`, so that no other application has the same ones. Names that
   * the program gives by `queueName`, `topicName` and `streamName` stay as they are, as do those of variables.
   * @default - none
   */
  readonly namePrefix?: string;
}

/** Names on brokers must be able to begin so. */
export function requireNamePrefix(broker: Construct, { namePrefix }: ExternalBroker): void {
  const problems = new Problems(broker.node.path);
  problems.check(namePrefix === undefined || /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(namePrefix),
    `'namePrefix' must be at most 100 letters, digits, '-', '_' and '.', got '${namePrefix}'`);
  Application._keep(broker, problems);
}
