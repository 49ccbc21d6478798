import type { Manifest } from './plain';
import { jsonSize } from './sizes';
import { shortHash, withinLimit } from '../../private/hash';

/** Where a text stands in a ConfigMap, and in the directory where a pod puts its parts together. */
export const CONFIG_KEY = 'content';

/** Most bytes of a text in one ConfigMap: with them, every way of applying it takes it. */
const MOST_BYTES = 200_000;

/** Characters that are looked at together. */
const STEP = 10_000;

/**
 * The ConfigMaps of a text: one, or several with its parts, in their order. What pods mount is named by its content and never changes. So a change
 * makes new pods, and pods of an earlier release find what they had. Whoever else refers to a text knows only its name.
 */
export function lowerConfig(name: string, text: string, labels: Record<string, string>, isMounted: boolean): Manifest[] {
  const parts = partsOf(text);
  return parts.map((part, index) => {
    const data = { [CONFIG_KEY]: part };
    const plain = parts.length === 1 ? name : `${withinLimit(name, 235)}.${index}`;
    return isMounted
      ? { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${plain}-${shortHash(JSON.stringify(data))}`, labels }, immutable: true, data }
      : { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: plain, labels }, data };
  });
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
