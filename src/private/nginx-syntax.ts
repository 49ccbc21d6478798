/** A directive of nginx: its words, and a block at the end if it has one. */
export type NginxDirective = readonly (string | number | readonly NginxDirective[])[];

/**
 * Text of a configuration of nginx. Each word reaches nginx as it is given, whatever is in it.
 * A `$` begins a variable where the directive knows variables: `nginxLiteral` is for text that has none.
 * @throws if a word has a character that no configuration can hold.
 */
export function nginxText(directives: readonly NginxDirective[], indent = ''): string {
  return directives.map(directive => {
    const block = directive.find(part => Array.isArray(part)) as readonly NginxDirective[] | undefined;
    const words = directive.filter(part => !Array.isArray(part)).map(word => quote(`${word as string | number}`)).join(' ');
    return `${indent}${words}${block ? ` {\n${nginxText(block, `${indent}  `)}${indent}}` : ';'}\n`;
  }).join('');
}

/** What `$` stands for in `nginxLiteral`, as nginx has no other way to write one; it belongs into `http` or `stream`. */
export const NGINX_DOLLAR: NginxDirective = ['geo', '$dollar', [['default', '$']]];

/** Text for a directive that knows variables, with none in it. */
export function nginxLiteral(text: string): string {
  return text.replaceAll('$', '${dollar}');
}

function quote(word: string): string {
  if (word.includes('\0')) throw new Error(`nginx: a word holds a character that a configuration cannot: ${JSON.stringify(word)}`);
  if (/^[\w.:/$@%+=,~*?&|^-]+$/.test(word)) return word;
  return `"${word.replace(/[\\"]/g, '\\$&')}"`;
}
