import type { WiderRight } from '../wider-rights';

/** @see https://kafka.apache.org/documentation/#operations_in_kafka */
export const KAFKA_WIDER_RIGHTS: WiderRight[] = [
  { right: 'receive, with dead letters', allows: 'put any message into the dead letters, as the consumer sets them aside by itself' },
  { right: 'receive, subscribe, and read', allows: 'move the position of its group, and so leave out messages or have them again' },
];
