import { Duration, Size } from 'cdk8s';
import type { Kind, Wanted } from './setting';
import { Overflow } from '../brokers/broker';
import { MessageSemantic } from '../brokers/semantics';
import { StartFrom } from '../patterns/start-from';

/** Where a property stands, and in what kind of declaration. */
const PLACES: Record<keyof Wanted, Kind> = {
  queue: 'queue', sending: 'queue', receiving: 'queue', topic: 'topic', subscription: 'topic', stream: 'stream', reading: 'stream',
};

/** One declaration that asks for something. */
export interface Wished {
  readonly place: keyof Wanted;
  readonly kind: Kind;
  readonly props: object;
}

/** Something that a program may ask for by a property. */
export interface Wish {
  /** What asks, in words that refusals have. */
  readonly property: string;
  /** Undefined if only the broker itself can refuse it. */
  readonly semantic?: MessageSemantic;
  /** Declarations that ask for it, each for something else. */
  readonly asking: Wished[];
  /** Declarations that do not. */
  readonly others: Wished[];
  /** Whether a broker of one node may refuse it. */
  readonly needsNodes: boolean;
}

type Place = keyof Wanted;

const QUEUES: Place[] = ['queue', 'subscription'];
const [HOURS_2, HOURS_3] = [Duration.hours(2), Duration.hours(3)];
const LIMITS = [{ maxLength: 1000 }, { maxSize: Size.gibibytes(1) }];
const drops = LIMITS.map(limit => ({ ...limit, overflow: Overflow.DROP_OLDEST }));
const rejects = LIMITS.map(limit => ({ ...limit, overflow: Overflow.REJECT_NEW }));
const expires = (expiredToDeadLetters: boolean) => {
  const kept = { deadLetters: true, expiredToDeadLetters };
  return [...at(QUEUES, ...drops.map(drop => ({ ...drop, ...kept }))), ...at(['queue'], { messageTtl: HOURS_2, ...kept })];
};

/** All properties by which programs ask brokers for something. */
export const WISHES: Wish[] = [
  wish("without 'messageTtl'", MessageSemantic.KEPT_UNTIL_RECEIVED, at(['queue', 'topic'], { messageTtl: undefined }), at(['queue', 'topic'], { messageTtl: HOURS_2 })),
  wish("'messageTtl'", MessageSemantic.MESSAGE_TTL, at(['queue', 'topic'], { messageTtl: HOURS_2 }, { messageTtl: HOURS_3 })),
  wish("'deadLetters'", MessageSemantic.DELIVERY_LIMIT, at(QUEUES, { deadLetters: true }), at(QUEUES, { deadLetters: false })),
  wish("'deliveryLimit'", MessageSemantic.DELIVERY_LIMIT, at(QUEUES, { deliveryLimit: 3 }, { deliveryLimit: 7 })),
  wish("'expiredToDeadLetters'", MessageSemantic.EXPIRED_DEAD_LETTERS, expires(true), expires(false)),
  wish("'expiredToDeadLetters: false'", MessageSemantic.EXPIRED_REMOVED, expires(false), expires(true)),
  wish("'maxLength'", MessageSemantic.MAX_LENGTH, at(QUEUES, { maxLength: 1000 }, { maxLength: 2000 })),
  wish("'maxSize'", MessageSemantic.MAX_SIZE, at(QUEUES, { maxSize: Size.gibibytes(1) }, { maxSize: Size.gibibytes(2) })),
  wish("'overflow: Overflow.REJECT_NEW'", MessageSemantic.REJECT_NEW, at(QUEUES, ...rejects), at(QUEUES, ...drops)),
  wish("'overflow: Overflow.DROP_OLDEST'", MessageSemantic.DROP_OLDEST, at(QUEUES, ...drops), at(QUEUES, ...rejects)),
  wish("'retry'", MessageSemantic.RETRY_BACKOFF, at(QUEUES, ...[[2, 5], [2, 10], [3, 10]].map(([initial, maximum]) => (
    { retry: { initial: Duration.seconds(initial), maximum: Duration.seconds(maximum) } })))),
  wish("'acknowledgementTimeout'", MessageSemantic.ACKNOWLEDGEMENT_TIMEOUT, at(QUEUES, ...[70, 110].map(each => ({ acknowledgementTimeout: Duration.seconds(each) })))),
  wish("'singleActiveConsumer'", MessageSemantic.SINGLE_ACTIVE_CONSUMER, at(QUEUES, { singleActiveConsumer: true })),
  wish("'maxPriority'", MessageSemantic.PRIORITY, at(['queue'], { maxPriority: 5 }, { maxPriority: 9 })),
  wish("'delays'", MessageSemantic.DELAY, at(['queue'], { delays: [Duration.seconds(3)] })), // where any delay is possible, all are the same
  wish("'deduplicationWindow'", MessageSemantic.DEDUPLICATION, at(['queue', 'stream'], ...[60, 90].map(each => ({ deduplicationWindow: Duration.seconds(each) })))),
  wish("'replicas'", MessageSemantic.REPLICATION, at(['queue', 'topic', 'stream'], { replicas: 3 }), at(['queue', 'topic', 'stream'], { replicas: 1 }), true),
  wish("'prefetch'", MessageSemantic.PREFETCH, at(['receiving', 'subscription'], { prefetch: 2 }, { prefetch: 3 })),
  wish("'declares'", undefined, at(['sending', 'receiving'], { declares: true })),
  wish("'filter'", MessageSemantic.ROUTING_BY_KEY, at(['subscription'], { filter: 'order.*' }, { filter: 'invoice.*' })),
  wish("'headers'", MessageSemantic.ROUTING_BY_HEADER, at(['subscription'], { headers: { kind: 'order' } }, { headers: { kind: 'invoice' } })),
  wish("'partitions'", MessageSemantic.PARTITIONS, at(['stream'], { partitions: 2 }, { partitions: 3 })),
  wish("'maxAge'", MessageSemantic.RETENTION_BY_TIME, at(['stream'], { maxAge: HOURS_2 }, { maxAge: HOURS_3 })),
  wish("'maxSize'", MessageSemantic.RETENTION_BY_SIZE, at(['stream'], { maxSize: Size.gibibytes(1) }, { maxSize: Size.gibibytes(2) })),
  wish("'compacted'", MessageSemantic.COMPACTION, at(['stream'], { compacted: true })),
  wish("'minInSync'", MessageSemantic.MIN_IN_SYNC, at(['stream'], { replicas: 3, minInSync: 1 }, { replicas: 3, minInSync: 2 }), [], true),
  wish("'group'", MessageSemantic.CONSUMER_GROUPS, at(['reading'], { group: 'auditors' }, { group: 'accountants' })),
  wish("'startFrom'", MessageSemantic.REPLAY, at(['reading'], ...[StartFrom.beginning(), StartFrom.offset(3), StartFrom.offset(5)].map(startFrom => ({ startFrom }))),
    at(['reading'], { startFrom: StartFrom.latest() })),
  wish("'startFrom'", MessageSemantic.REPLAY_FROM_TIME, at(['reading'], ...['01', '02'].map(day => ({ startFrom: StartFrom.time(`2026-01-${day}T12:00:00Z`) }))),
    at(['reading'], { startFrom: StartFrom.latest() })),
];

function wish(property: string, semantic: MessageSemantic | undefined, asking: Wished[], others?: Wished[], needsNodes = false): Wish {
  return { property, semantic, asking, others: others ?? asking.map(({ place, kind }) => ({ place, kind, props: {} })), needsNodes };
}

function at(places: Place[], ...all: object[]): Wished[] {
  return places.flatMap(place => all.map(props => ({ place, kind: PLACES[place], props })));
}
