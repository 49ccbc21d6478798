import { dump, FAILSAFE_SCHEMA, Type } from 'js-yaml';

const OPTIONS = { quotingType: '"', lineWidth: -1, noRefs: true } as const;

/** What a text must not look like without quotes: numbers and dates of YAML 1.1 and 1.2, nothing, truth, and the key that merges. */
const AMBIGUOUS = /^([+.\d][-+.:_\s\da-foxtz]*|\+?\.(inf|nan)|e[-+]?\d+|~|null|true|false|<<)$/i;

/** Parsers disagree about a block of text that ends in a line of blanks. */
const ENDS_BLANK = /(^|\n) +\n*$/;

/** All scalars in one type, as the library asks each of its types about each value. */
const SCALAR = new Type('tag:cdk8s-conduit:scalar', {
  kind: 'scalar',
  resolve: (text: string) => AMBIGUOUS.test(text),
  predicate: (value: unknown) => value === null || typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && ENDS_BLANK.test(value)),
  represent: (value: unknown) => isWord(value) ? String(value) : dump(value, { ...OPTIONS, forceQuotes: true }).trimEnd(),
});

/** What the library is told about scalars. */
export const SCHEMA = FAILSAFE_SCHEMA.extend({ implicit: [SCALAR] });

/** Texts that stand as they are. The library, which looks at each character, is asked about all others. */
const PLAIN = /^(?!(?:y|n|yes|no|on|off)$)[a-z\d/][\w./-]*(?::[\w./-]+)*$/i;
const PLAIN_IN_QUOTES = /^[ -!#-[\]-~]*$/;

/** A key of more characters has a question mark before it. */
const MOST_OF_KEY = 1024;

/**
 * Writes plain data so that parsers of YAML 1.1 and of 1.2 read the same. Texts are quoted where they need it; `quoteAll`
 * puts quotes around every one that is not a key.
 */
export function toYaml(data: object, quoteAll = false): string {
  return `${write(data, '\n', true, quoteAll)}\n`;
}

/**
 * What the library would write, in a fraction of its time.
 * @param line the end of a line, and the blanks with which the next one begins
 * @param begun whether the first entry stands in the line that the parent began
 */
function write(value: unknown, line: string, begun: boolean, quoteAll: boolean): string {
  if (typeof value !== 'object' || value === null) return writeScalar(value, line, quoteAll);
  const inner = `${line}  `;
  let text = '';
  if (Array.isArray(value)) {
    for (const each of value) text += `${begun && text === '' ? '' : line}- ${write(each ?? null, inner, true, quoteAll)}`;
    return text || '[]';
  }
  for (const key of Object.keys(value)) {
    const each = (value as Record<string, unknown>)[key];
    if (each === undefined) continue;
    const written = write(each, inner, false, quoteAll);
    text += `${begun && text === '' ? '' : line}${writeKey(key, line)}${written.startsWith('\n') ? ':' : ': '}${written}`;
  }
  return text || '{}';
}

function writeKey(key: string, line: string): string {
  if (key.length <= MOST_OF_KEY && isPlain(key)) return key;
  return dump({ [key]: null }, { ...OPTIONS, schema: SCHEMA }).slice(0, -': null\n'.length).replace('\n', line);
}

function writeScalar(value: unknown, line: string, quoteAll: boolean): string {
  if (isWord(value)) return String(value);
  if (typeof value === 'string' && quoteAll && PLAIN_IN_QUOTES.test(value)) return `"${value}"`;
  if (typeof value === 'string' && !quoteAll && isPlain(value)) return value;
  return dump(value, { ...OPTIONS, schema: SCHEMA, forceQuotes: quoteAll }).slice(0, -1).replace(/\n {2}/g, line);
}

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !AMBIGUOUS.test(text);
}

function isWord(value: unknown): boolean {
  return value === null || typeof value === 'boolean' || Number.isSafeInteger(value);
}
