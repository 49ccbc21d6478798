/** One line of a configuration, or a block of lines. Words may hold variables of nginx; what others wrote goes through `literal`, or through `pattern`. */
export interface Directive {
  readonly name: string;
  readonly words: string[];
  readonly block?: Directive[];
}

/** A line: its name, and the words behind it. */
export function line(name: string, ...words: (string | number)[]): Directive {
  return { name, words: words.map(word => `${word}`) };
}

/** A block of lines. */
export function block(name: string, words: string[], ...lines: Directive[]): Directive {
  return { name, words, block: lines };
}

/** Lines where something stands, and none elsewhere. */
export function linesIf(holds: boolean | undefined, ...lines: Directive[]): Directive[] {
  return holds ? lines : [];
}

/** Name of the variable that holds a dollar: there is no other way to write one where variables are. `DOLLAR` defines it. */
export const DOLLAR = block('geo', ['$conduit_dollar'], line('default', '$'));

/** A text of others as a part of a word: a dollar in it begins no variable. */
export function literal(text: string): string {
  return text.replaceAll('$', '${conduit_dollar}');
}

/** A text of others as a part of a regular expression that fits it alone. */
export function pattern(text: string): string {
  return text.replace(/[^\w/]/g, '\\$&');
}

/** The text of a configuration. */
export function render(directives: Directive[], indent = ''): string {
  return directives.map(({ name, words, block: lines }) => {
    const head = [name, ...words].map(quote).join(' ');
    return lines ? `${indent}${head} {\n${render(lines, `${indent}  `)}${indent}}\n` : `${indent}${head};\n`;
  }).join('');
}

/** What needs no quotes, such as numbers, names, addresses and variables. */
const PLAIN = /^[\w.:/$@*=~^+()-]+$/;

/** One word, whatever is in it. A backslash that stands before a character of no meaning would stay. */
function quote(word: string): string {
  if (/[\0-\x1f\x7f]/.test(word)) throw new Error(`a word of a configuration has a control character: ${JSON.stringify(word)}; leave it out`);
  return PLAIN.test(word) ? word : `"${word.replace(/[\\"]/g, '\\$&')}"`;
}
