import type { HaproxyLine, HaproxySection } from '../../private/haproxy-syntax';

export { haproxyLiteral as literal, haproxyText as render, type HaproxyLine as Line, type HaproxySection as Section } from '../../private/haproxy-syntax';

/** A section. */
export function section(head: string[], ...lines: HaproxyLine[]): HaproxySection {
  return { head, lines };
}

/** A rule for requests. */
export function request(...words: (string | number)[]): HaproxyLine {
  return ['http-request', ...words];
}

/** A rule for every answer, also for those of the proxy's own. */
export function answer(...words: (string | number)[]): HaproxyLine {
  return ['http-after-response', ...words];
}

/** Lines where something stands, and none elsewhere. */
export function linesIf(holds: boolean | undefined, ...lines: HaproxyLine[]): HaproxyLine[] {
  return holds ? lines : [];
}

/** A text of others as a part of a regular expression that fits it alone. */
export function pattern(text: string): string {
  return text.replace(/[^\w/]/g, '\\$&');
}
