import { Duration, Size } from 'cdk8s';
import type { DeclarationOptions } from './setting';
import { Overflow } from '../brokers/broker';
import { ChannelKind, MessageSemantic } from '../brokers/semantics';
import { StartFrom } from '../patterns/start-from';

/** Where a property stands, and in what kind of declaration. */
const PLACES: Record<keyof DeclarationOptions, ChannelKind> = {
  queue: ChannelKind.QUEUE,
  sending: ChannelKind.QUEUE,
  receiving: ChannelKind.QUEUE,
  topic: ChannelKind.TOPIC,
  subscription: ChannelKind.TOPIC,
  stream: ChannelKind.STREAM,
  reading: ChannelKind.STREAM,
};

/** One declaration, or grant, with the properties that ask for something. */
export interface Declared {
  readonly place: keyof DeclarationOptions;
  readonly kind: ChannelKind;
  readonly props: object;
}

/** A feature that a program may ask for by a property. */
export interface FeatureCase {
  /** What asks, in words that refusals have. */
  readonly property: string;
  /** Undefined if only the broker itself can refuse it. */
  readonly semantic?: MessageSemantic;
  /** Declarations that ask for it, each for something else. */
  readonly asking: Declared[];
  /** Declarations that do not. */
  readonly others: Declared[];
  /** Whether a broker of one node may refuse it. */
  readonly needsNodes: boolean;
}

type Place = keyof DeclarationOptions;

const QUEUES: Place[] = ['queue', 'subscription'];
const [HOURS_2, HOURS_3] = [Duration.hours(2), Duration.hours(3)];
const LIMITS = [{ maxLength: 1000 }, { maxSize: Size.gibibytes(1) }];
const drops = LIMITS.map(limit => ({ ...limit, overflow: Overflow.DROP_OLDEST }));
const rejects = LIMITS.map(limit => ({ ...limit, overflow: Overflow.REJECT_NEW }));
const expires = (expiredToDeadLetters: boolean) => {
  const kept = { deadLetters: true, expiredToDeadLetters };
  return [...at(QUEUES, ...drops.map(drop => ({ ...drop, ...kept }))), ...at(['queue'], { messageTtl: HOURS_2, ...kept })];
};

/** All features, by the properties that ask for them. */
export const FEATURE_CASES: FeatureCase[] = [
  feature("without 'messageTtl'", MessageSemantic.KEPT_UNTIL_RECEIVED, at(['queue', 'topic'], { messageTtl: undefined }), at(['queue', 'topic'], { messageTtl: HOURS_2 })),
  feature("'messageTtl'", MessageSemantic.MESSAGE_TTL, at(['queue', 'topic'], { messageTtl: HOURS_2 }, { messageTtl: HOURS_3 })),
  feature("'deadLetters'", MessageSemantic.DELIVERY_LIMIT, at(QUEUES, { deadLetters: true }), at(QUEUES, { deadLetters: false })),
  feature("'deliveryLimit'", MessageSemantic.DELIVERY_LIMIT, at(QUEUES, { deliveryLimit: 3 }, { deliveryLimit: 7 })),
  feature("'expiredToDeadLetters'", MessageSemantic.EXPIRED_DEAD_LETTERS, expires(true), expires(false)),
  feature("'expiredToDeadLetters: false'", MessageSemantic.EXPIRED_REMOVED, expires(false), expires(true)),
  feature("'maxLength'", MessageSemantic.MAX_LENGTH, at(QUEUES, { maxLength: 1000 }, { maxLength: 2000 })),
  feature("'maxSize'", MessageSemantic.MAX_SIZE, at(QUEUES, { maxSize: Size.gibibytes(1) }, { maxSize: Size.gibibytes(2) })),
  feature("'overflow: Overflow.REJECT_NEW'", MessageSemantic.REJECT_NEW, at(QUEUES, ...rejects), at(QUEUES, ...drops)),
  feature("'overflow: Overflow.DROP_OLDEST'", MessageSemantic.DROP_OLDEST, at(QUEUES, ...drops), at(QUEUES, ...rejects)),
  feature("'retry'", MessageSemantic.RETRY_BACKOFF, at(QUEUES, ...[[2, 5], [2, 10], [3, 10]].map(([initial, maximum]) => (
    { retry: { initial: Duration.seconds(initial), maximum: Duration.seconds(maximum) } })))),
  feature("'acknowledgementTimeout'", MessageSemantic.ACKNOWLEDGEMENT_TIMEOUT, at(QUEUES, ...[70, 110].map(each => ({ acknowledgementTimeout: Duration.seconds(each) })))),
  feature("without 'singleActiveConsumer'", MessageSemantic.COMPETING_CONSUMERS, at(QUEUES, { singleActiveConsumer: false }), at(QUEUES, { singleActiveConsumer: true })),
  feature("'singleActiveConsumer'", MessageSemantic.SINGLE_ACTIVE_CONSUMER, at(QUEUES, { singleActiveConsumer: true })),
  feature("'maxPriority'", MessageSemantic.PRIORITY, at(['queue'], { maxPriority: 5 }, { maxPriority: 9 })),
  feature("'delays'", MessageSemantic.DELAY, at(['queue'], { delays: [Duration.seconds(3)] })), // where any delay is possible, all are the same
  feature("'deduplicationWindow'", MessageSemantic.DEDUPLICATION, at(['queue', 'stream'], ...[60, 90].map(each => ({ deduplicationWindow: Duration.seconds(each) })))),
  feature("'replicas'", MessageSemantic.REPLICATION, at(['queue', 'topic', 'stream'], { replicas: 3 }), at(['queue', 'topic', 'stream'], { replicas: 1 }), true),
  feature("'prefetch'", MessageSemantic.PREFETCH, at(['receiving', 'subscription'], { prefetch: 2 }, { prefetch: 3 })),
  feature("'declares'", undefined, at(['sending', 'receiving'], { declares: true })),
  feature("'filter'", MessageSemantic.ROUTING_BY_KEY, at(['subscription'], { filter: 'order.*' }, { filter: 'invoice.*' })),
  feature("'headers'", MessageSemantic.ROUTING_BY_HEADER, at(['subscription'], { headers: { kind: 'order' } }, { headers: { kind: 'invoice' } }, { headers: { 'x-kind': 'order' } })),
  feature("'partitions'", MessageSemantic.PARTITIONS, at(['stream'], { partitions: 2 }, { partitions: 3 })),
  feature("'maxAge'", MessageSemantic.RETENTION_BY_TIME, at(['stream'], { maxAge: HOURS_2 }, { maxAge: HOURS_3 })),
  feature("'maxSize'", MessageSemantic.RETENTION_BY_SIZE, at(['stream'], { maxSize: Size.gibibytes(1) }, { maxSize: Size.gibibytes(2) })),
  feature("'compacted'", MessageSemantic.COMPACTION, at(['stream'], { compacted: true })),
  feature("'minInSync'", MessageSemantic.MIN_IN_SYNC, at(['stream'], { replicas: 3, minInSync: 1 }, { replicas: 3, minInSync: 2 }), [], true),
  feature("'group'", MessageSemantic.CONSUMER_GROUPS, at(['reading'], { group: 'auditors' }, { group: 'accountants' })),
  feature("'startFrom'", MessageSemantic.REPLAY, at(['reading'], ...[StartFrom.beginning(), StartFrom.offset(3), StartFrom.offset(5)].map(startFrom => ({ startFrom }))),
    at(['reading'], { startFrom: StartFrom.latest() })),
  feature("'startFrom'", MessageSemantic.REPLAY_FROM_TIME, at(['reading'], ...['01', '02'].map(day => ({ startFrom: StartFrom.time(`2026-01-${day}T12:00:00Z`) }))),
    at(['reading'], { startFrom: StartFrom.latest() })),
];

function feature(property: string, semantic: MessageSemantic | undefined, asking: Declared[], others?: Declared[], needsNodes = false): FeatureCase {
  return { property, semantic, asking, others: others ?? asking.map(({ place, kind }) => ({ place, kind, props: {} })), needsNodes };
}

function at(places: Place[], ...all: object[]): Declared[] {
  return places.flatMap(place => all.map(props => ({ place, kind: PLACES[place], props })));
}
