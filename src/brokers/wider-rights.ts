import { QueuePrincipal, QueueRight, StreamPrincipal, TopicPrincipal } from './broker';
import type { WiderRight } from '../servers/access';

/** A user of a broker, with its right. */
export type Granted = QueuePrincipal | TopicPrincipal | StreamPrincipal;

/** What some rights on a broker also allow. */
export interface BrokerWiderRight extends WiderRight {
  /** Whether a user's right is one of these. */
  readonly isOf: (granted: Granted) => boolean;
}

/** What the right of a user also allows. */
export function widerRightsOf(rights: BrokerWiderRight[], granted: Granted): WiderRight[] {
  return rights.filter(({ isOf }) => isOf(granted)).map(({ right, allows }) => ({ right, allows }));
}

/** Whether somebody has one of these rights on a queue. */
export function isOnQueue(granted: Granted, ...rights: QueueRight[]): granted is QueuePrincipal {
  return 'queue' in granted && rights.includes(granted.right);
}
