import { ProxyFeature, ProxyFeatureSupport, ProxySupportLevel } from './features';
import { KnownProxyEngines } from './known-engines';
import type { IProxyEngine } from './proxy-engine';
import { refusalSentence } from '../private/refusal';

export const native = (how: string): ProxyFeatureSupport => ({ level: ProxySupportLevel.NATIVE, how });
export const emulated = (how: string): ProxyFeatureSupport => ({ level: ProxySupportLevel.EMULATED, how });
export const refused = (how: string): ProxyFeatureSupport => ({ level: ProxySupportLevel.REFUSED, how });

/** A feature that a program asks a proxy for, in so many words: what every proxy does anyway is none. */
export interface ProxyFeatureRequest {
  /** Which feature. */
  readonly feature: ProxyFeature;
  /** What asks, in the words of the program. */
  readonly property: string;
}

/** One sentence for each feature that is asked for and that the engine refuses. */
export function findProxyRefusals(engine: IProxyEngine, requests: ProxyFeatureRequest[]): string[] {
  return requests.flatMap(({ feature, property }) => {
    const { level, how: reason } = engine.support(feature);
    if (level !== ProxySupportLevel.REFUSED) return [];
    return [refusalSentence({ property, feature, product: engine.product, reason, able: KnownProxyEngines.thatCan(feature), remedy: `leave out ${property}` })];
  });
}
