import { dump, FAILSAFE_SCHEMA, Type } from 'js-yaml';

const OPTIONS = { quotingType: '"', lineWidth: -1, noRefs: true } as const;

/** What a text must not look like without quotes: numbers and dates of YAML 1.1 and 1.2, nothing, truth, and the key that merges. */
const AMBIGUOUS = /^([+.\d][-+.:_\s\da-foxtz]*|\+?\.(inf|nan)|e[-+]?\d+|~|null|true|false|<<)$/i;

/** Parsers disagree about a block of text that ends in a line of blanks. */
const ENDS_BLANK = /(^|\n) +\n*$/;

/** What Helm takes for the beginning of an instruction when a manifest is one of its templates. */
const INSTRUCTION = '{{';

/** All scalars in one type, as the library asks each of its types about each value. */
const SCALAR = new Type('tag:cdk8s-conduit:scalar', {
  kind: 'scalar',
  resolve: (text: string) => AMBIGUOUS.test(text),
  predicate: (value: unknown) => value === null || typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && (ENDS_BLANK.test(value) || value.includes(INSTRUCTION))),
  represent: (value: unknown) => value === null || typeof value === 'boolean' || Number.isSafeInteger(value)
    ? String(value)
    : dump(value, { ...OPTIONS, forceQuotes: true }).trimEnd().replace(/\{(?=\{)/g, '\\x7b'),
});
const SCHEMA = FAILSAFE_SCHEMA.extend({ implicit: [SCALAR] });

/**
 * Writes plain data so that parsers of YAML 1.1 and of 1.2 read the same. Texts are quoted where they need it; `quoteAll`
 * puts quotes around every one that is not a key.
 */
export function toYaml(data: unknown, quoteAll = false): string {
  return dump(data, { ...OPTIONS, schema: SCHEMA, forceQuotes: quoteAll });
}
