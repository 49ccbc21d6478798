import { QueueRight } from '../broker';
import { BrokerWiderRight, isOnQueue } from '../wider-rights';

/** @see https://docs.nats.io/running-a-nats-service/configuration/securing_nats/authorization */
export const NATS_WIDER_RIGHTS: BrokerWiderRight[] = [
  {
    right: 'any',
    isOf: () => true,
    allows: 'have answers delivered to any queue, topic or stream of the same broker: confirmations, and copies of what the user may receive. '
      + 'The server checks no reply subjects. A broker that is `strict` holds one channel alone',
  },
  {
    right: 'send, with `delays`',
    isOf: granted => isOnQueue(granted, QueueRight.SEND) && granted.queue.delays.length > 0,
    allows: 'have a message delivered again and again, by a time such as `@every 1s`; remove messages of the queue, by the header `Nats-Rollup`',
  },
  {
    right: 'receive dead letters',
    isOf: granted => isOnQueue(granted, QueueRight.RECEIVE_DEAD_LETTERS),
    allows: 'read every message of the stream that they are in, those that wait and those that a filter leaves out, too. '
      + 'It may also acknowledge for the consumer that they come from',
  },
];
