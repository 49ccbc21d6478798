import { QueueRight, StreamRight } from '../broker';
import { BrokerWiderRight, isOnQueue } from '../wider-rights';

/** @see https://kafka.apache.org/documentation/#operations_in_kafka */
export const KAFKA_WIDER_RIGHTS: BrokerWiderRight[] = [
  {
    right: 'receive, with dead letters',
    isOf: granted => isOnQueue(granted, QueueRight.RECEIVE) && granted.queue.deadLetterQueueName !== undefined,
    allows: 'put any message into the dead letters, as the consumer sets them aside by itself',
  },
  {
    right: 'receive, receive dead letters, subscribe, and read',
    isOf: granted => isOnQueue(granted, QueueRight.RECEIVE, QueueRight.RECEIVE_DEAD_LETTERS) || ('stream' in granted && granted.right === StreamRight.READ),
    allows: 'move the position of its group, and so leave out messages or have them again',
  },
];
