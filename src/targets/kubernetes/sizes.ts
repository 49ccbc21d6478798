import type { Manifest } from './plain';
import { Problems } from '../../private/problems';

/** An object that not every way of applying it takes. */
export interface LargeObject {
  readonly object: Manifest;
  /** Its size as `kubectl` writes it. */
  readonly bytes: number;
}

/** Most bytes of an object: what the API server's storage takes, with room for what the server adds. */
const MOST_BYTES = 2 ** 20;

/** Most bytes that annotations have together. `kubectl apply` without `--server-side` keeps the whole object in one. */
const MOST_ANNOTATED = 262_144;

/** Bytes of a value as `kubectl` writes it, which is more than JSON needs for some characters. */
export function jsonSize(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, '\\u0000'));
}

/** Objects that have more bytes than `kubectl apply` takes by itself, and how many. */
export function findLarge(objects: Manifest[]): LargeObject[] {
  const candidates = objects.filter(object => sizeAtMost(object) > MOST_ANNOTATED);
  return candidates.map(object => ({ object, bytes: jsonSize(object) })).filter(({ bytes }) => bytes > MOST_ANNOTATED);
}

/** Most bytes of one character, and of a number or word. */
const [CHARACTER, WORD] = [6, 24];

/** Not less than `jsonSize`, and found in less time, as nothing is written. */
function sizeAtMost(value: unknown): number {
  if (typeof value === 'string') return (value.length + 1) * CHARACTER;
  if (typeof value !== 'object' || value === null) return WORD;
  let size = CHARACTER;
  for (const key in value) size += (key.length + 1) * CHARACTER + sizeAtMost((value as Record<string, unknown>)[key]);
  return size;
}

/** @throws if one of these objects is too large for every way of applying it. */
export function refuseTooLarge(application: string, objects: LargeObject[]): void {
  const problems = new Problems(application);
  for (const { object: { kind, metadata }, bytes } of objects) {
    problems.check(bytes <= MOST_BYTES, `${kind} '${metadata.name}' would have ${bytes} bytes, and Kubernetes takes at most ${MOST_BYTES}; `
      + 'share out its variables, grants, secrets or connections among several workloads');
  }
  problems.throwIfAny();
}
