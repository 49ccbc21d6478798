import type { Manifest } from './plain';
import { jsonSize } from './sizes';
import { withinLimit } from '../../private/hash';

/** Where a text stands in a ConfigMap, and in the directory where a pod puts its parts together. */
export const CONFIG_KEY = 'content';

/** Most bytes of a text in one ConfigMap: with them, every way of applying it takes it. */
const MOST_BYTES = 200_000;

/** Characters that are looked at together. */
const STEP = 10_000;

/** The ConfigMaps of a text: one of its name, or several with its parts, in their order. */
export function lowerConfig(name: string, text: string, labels: Record<string, string>): Manifest[] {
  const parts = partsOf(text);
  const nameOf = (index: number) => parts.length === 1 ? name : `${withinLimit(name, 245)}.${index}`;
  return parts.map((part, index) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: nameOf(index), labels }, data: { [CONFIG_KEY]: part } }));
}

function partsOf(text: string): string[] {
  const parts: string[] = [];
  let [from, bytes] = [0, 0];
  for (let at = 0; at < text.length;) {
    const next = isWithinCharacter(text, at + STEP) ? at + STEP + 1 : at + STEP;
    const more = jsonSize(text.slice(at, next));
    if (bytes + more > MOST_BYTES) {
      parts.push(text.slice(from, at));
      [from, bytes] = [at, 0];
    }
    bytes += more;
    at = next;
  }
  return [...parts, text.slice(from)];
}

/** Whether the place is between the two halves of one character. */
function isWithinCharacter(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1));
}
