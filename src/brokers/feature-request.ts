import type { IBroker } from './broker';
import { KnownBrokers } from './known-brokers';
import { ChannelKind, MessageSemantic, SupportLevel } from './semantics';
import { refusalSentence } from '../private/refusal';

/** A feature that a program asks a broker for. */
export interface FeatureRequest {
  readonly semantic: MessageSemantic;
  /** What asks, in the words of the program. */
  readonly property: string;
  /** What to do where no other broker is wanted. */
  readonly remedy: string;
}

/** What asks for a feature where it stands, and for nothing elsewhere. */
export function requestIf(asks: boolean, property: string, semantic: MessageSemantic, remedy = `leave out ${property}`): FeatureRequest[] {
  return asks ? [{ property, semantic, remedy }] : [];
}

/** What every queue, topic or stream asks for: a broker that refuses one of these does not have the kind at all. */
const BASICS: Record<ChannelKind, MessageSemantic[]> = {
  [ChannelKind.QUEUE]: [MessageSemantic.DURABILITY, MessageSemantic.PUBLISHER_CONFIRMS, MessageSemantic.ACKNOWLEDGEMENT],
  [ChannelKind.TOPIC]: [MessageSemantic.DURABILITY, MessageSemantic.PUBLISHER_CONFIRMS, MessageSemantic.ACKNOWLEDGEMENT],
  [ChannelKind.STREAM]: [MessageSemantic.DURABILITY, MessageSemantic.PUBLISHER_CONFIRMS],
};

/** One sentence for each feature that is asked for and that the broker refuses, or one for the kind as a whole. */
export function findRefusals(broker: IBroker, kind: ChannelKind, requests: FeatureRequest[]): string[] {
  const basics = BASICS[kind].map(semantic => ({ property: `a ${kind}`, semantic, remedy: `declare what ${broker.product} has` }));
  const [whole] = refusalsOf(broker, kind, basics);
  return whole === undefined ? refusalsOf(broker, kind, requests) : [whole];
}

function refusalsOf(broker: IBroker, kind: ChannelKind, requests: FeatureRequest[]): string[] {
  return requests.flatMap(({ semantic, property, remedy }) => {
    const { level, how: reason } = broker.support(semantic, kind);
    if (level !== SupportLevel.REFUSED) return [];
    return [refusalSentence({ property, feature: semantic, product: broker.product, reason, able: KnownBrokers.thatCan(semantic, kind), remedy })];
  });
}
