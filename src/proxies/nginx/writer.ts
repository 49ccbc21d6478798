import type { NginxDirective } from '../../private/nginx-syntax';

export { NGINX_DOLLAR as DOLLAR, nginxLiteral as literal, nginxText as render, type NginxDirective as Directive } from '../../private/nginx-syntax';

/** A line: its name, and the words behind it. */
export function line(name: string, ...words: (string | number)[]): NginxDirective {
  return [name, ...words];
}

/** A block of lines. */
export function block(name: string, words: string[], ...lines: NginxDirective[]): NginxDirective {
  return [name, ...words, lines];
}

/** Lines where something stands, and none elsewhere. */
export function linesIf(holds: boolean | undefined, ...lines: NginxDirective[]): NginxDirective[] {
  return holds ? lines : [];
}

/** A text of others as a part of a regular expression that fits it alone. */
export function pattern(text: string): string {
  return text.replace(/[^\w/]/g, '\\$&');
}
