import * as fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { parse } from 'yaml';
import { SCHEMA, toYaml } from '../../src/private/yaml';

/** Texts that one parser or another takes for something else when they stand without quotes. */
const AMBIGUOUS = [
  '22:22', '1:2:3.4', '-1:30', '0o17', '017', '0x1F', '0X1F', '0b11', '0B11', '-0b1', 'yes', 'NO', 'y', 'N', 'on', 'Off', 'true', 'False', 'null', 'Null', '~', '',
  '2001-01-01', '2001-1-1 1:1:1', '2001-12-14t21:59:43.10-05:00', '1_000', '_1', '1e3', '1E3', '1.e+3', 'e3', '.5', '+.5', '-.5', '1.', '.', '+', '-', '12', '+12', '-12', '1.2.3', '10.0.0.1',
  '.inf', '-.INF', '+.Inf', '.NaN', '<<', '=', '!tag', '&a', '*a', '- a', '? a', 'a: b', 'a #b', '#a', '{a}', '[a]', '%a', '@a', '`a', '"a"', "'a'", '|', '>', '---', '...',
  ' a', 'a ', '\ta', 'a\tb', 'a\n', 'a\n\n', ' \n', '\n ', ' a\n \n', '\na', '\n', ' a\nb', 'a\n  b\n', '# a\nb', '---\na', 'a\r\nb', 'a\u0085b', 'a\u2028b', 'a\u2029b', '\ufeffa', 'a\u0000b', 'ä', '🙂', 'a'.repeat(2000),
];

/** Expects all parsers to read from the YAML what was written. */
function expectBack(data: object, quoteAll: boolean): void {
  const text = toYaml(data, quoteAll);
  expect(load(text)).toEqual(data);
  for (const version of ['1.1', '1.2'] as const) expect(parse(text, { version, merge: true, maxAliasCount: 0 })).toEqual(data);
}

test.each([false, true])('every text is the same text to every parser, as key and as value (quoteAll %s)', quoteAll => {
  for (const text of AMBIGUOUS) expectBack({ value: text, list: [text, [text]], key: { [text]: text, nested: { [text]: [text] } } }, quoteAll);
});

test.each([false, true])('any data come back from every parser (quoteAll %s)', quoteAll => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0123456789+-.:_eExXoObBtTzZ<=~ynYN \n\t#"\'') }));
  const number = fc.double({ noNaN: true }).map(value => value + 0); // no negative zero
  const data = fc.letrec(tie => ({
    value: fc.oneof({ maxDepth: 3 }, text, number, fc.integer(), fc.boolean(), fc.constant(null), tie('list'), tie('map')),
    list: fc.array(tie('value'), { maxLength: 4 }),
    map: fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map(entries => Object.fromEntries(entries.filter(([key]) => key !== '__proto__'))),
  }));
  fc.assert(fc.property(data.map, each => expectBack(each, quoteAll)), { numRuns: 500 });
});

test.each([false, true])('documents are those of the library that is only asked about texts (quoteAll %s)', quoteAll => {
  // long keys apart, of which the library begins the value in the same line
  const words = AMBIGUOUS.filter(each => each.length < 1000).concat('a:b', 'a:', ':a', 'registry.example/a:1.0', '/usr/bin', 'a-b_c', 'a"b', 'a\\b', 'e1', 'TRUE');
  const text = fc.oneof(fc.constantFrom(...words), fc.string({ unit: fc.constantFrom(...'aez19/.:-_ \n"\\#') }));
  const leaf = fc.oneof(text, fc.integer(), fc.double({ noNaN: true }), fc.constantFrom(true, null, undefined));
  const { map } = fc.letrec(tie => ({
    value: fc.oneof({ maxDepth: 4 }, leaf, tie('list'), tie('map')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    map: fc.dictionary(text.filter(key => key !== '__proto__'), tie('value'), { maxKeys: 3 }),
  }));
  fc.assert(fc.property(map as fc.Arbitrary<object>, each => {
    expect(toYaml(each, quoteAll)).toBe(dump(each, { quotingType: '"', lineWidth: -1, noRefs: true, schema: SCHEMA, forceQuotes: quoteAll }));
  }), { numRuns: 1000 });
});

test('texts stay readable where nothing speaks against it', () => {
  const data = { image: 'registry.example/acme/web:1.4.2', cpu: '500m', url: 'http://web:8080', port: '8080', script: 'set -e\nexec web\n', flags: ['-c', true, 3, 0.5, null], none: {}, left: undefined };
  expect(toYaml(data)).toBe(`image: registry.example/acme/web:1.4.2
cpu: 500m
url: http://web:8080
port: "8080"
script: |
  set -e
  exec web
flags:
  - "-c"
  - true
  - 3
  - 0.5
  - null
none: {}
`);
});

test('quotes go around every text but keys on request', () => {
  expect(toYaml({ image: 'web', script: 'a\nb', list: ['c', 1], on: 'd' }, true)).toBe('image: "web"\nscript: "a\\nb"\nlist:\n  - "c"\n  - 1\n"on": "d"\n');
});

test('what is used twice is written twice', () => {
  const shared = { a: 1 };
  expect(toYaml({ first: shared, second: shared })).toBe('first:\n  a: 1\nsecond:\n  a: 1\n');
});
