import type { Manifest } from './plain';

/** Most bytes of an object: what the API server's storage takes, with room for what the server adds. */
const MOST_BYTES = 2 ** 20;

/** Most bytes that annotations have together. `kubectl apply` without `--server-side` keeps the whole object in one. */
const MOST_ANNOTATED = 262_144;

/** Bytes of a value as `kubectl` writes it, which is more than JSON needs for some characters. */
export function jsonSize(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, '\\u0000'));
}

/** Whether a value is so small that its bytes need not be counted. */
export function isSurelyBelow(bytes: number, json: string): boolean {
  return 6 * json.length <= bytes; // a character has at most six
}

/** Objects that have more bytes than `kubectl apply` takes by itself. */
export function findLarge(objects: Manifest[]): Manifest[] {
  return objects.filter(object => !isSurelyBelow(MOST_ANNOTATED, JSON.stringify(object)) && jsonSize(object) > MOST_ANNOTATED);
}

/** @throws if one of these objects is too large for every way of applying it. */
export function refuseTooLarge(application: string, objects: Manifest[]): void {
  const problems = objects.map(object => ({ object, bytes: jsonSize(object) })).filter(({ bytes }) => bytes > MOST_BYTES)
    .map(({ object: { kind, metadata }, bytes }) => `${application}: ${kind} '${metadata.name}' would have ${bytes} bytes, and Kubernetes takes at most ${MOST_BYTES}; `
      + 'share out its variables, grants, secrets or connections among several workloads');
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
