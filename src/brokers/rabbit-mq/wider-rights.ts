import { QueueRight } from '../broker';
import { BrokerWiderRight, isOnQueue } from '../wider-rights';

/** @see https://www.rabbitmq.com/docs/access-control#authorisation */
export const RABBIT_MQ_WIDER_RIGHTS: BrokerWiderRight[] = [
  {
    right: 'receive, and receive dead letters',
    isOf: granted => isOnQueue(granted, QueueRight.RECEIVE, QueueRight.RECEIVE_DEAD_LETTERS),
    allows: 'purge the queue, which is one right with receiving',
  },
  {
    right: 'receive, or send, with `declares`',
    isOf: granted => 'queue' in granted && granted.declares,
    allows: 'delete the queue, and the exchange of its name',
  },
  {
    right: 'send, with `declares`',
    isOf: granted => isOnQueue(granted, QueueRight.SEND) && granted.declares,
    allows: 'send to every queue, as the default exchange leads to all of them',
  },
];
