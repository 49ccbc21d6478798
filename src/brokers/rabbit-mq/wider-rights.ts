import type { WiderRight } from '../wider-rights';

/** @see https://www.rabbitmq.com/docs/access-control#authorisation */
export const RABBIT_MQ_WIDER_RIGHTS: WiderRight[] = [
  { right: 'receive, and receive dead letters', allows: 'purge the queue, which is one right with receiving' },
  { right: 'receive, or send, with `declares`', allows: 'delete the queue, and the exchange of its name' },
  { right: 'send, with `declares`', allows: 'send to every queue, as the default exchange leads to all of them' },
];
