import { knownMarks, longSentences, markOf, sentencesOfPage, sentencesOfSource, wordsOf } from './sentences';

const long = longSentences();
const known = knownMarks();

test('no sentence of pages and doc comments has more than 25 words, beside those of long-sentences.txt, to which none may be added', () => {
  const added = long.filter(({ text }) => !known.includes(markOf(text))).map(({ place, words, text }) => `${place}: ${words} words: ${text}`);
  expect(added).toEqual([]);
});

test('long-sentences.txt names no sentence that is gone; if it does: npx ts-node -T -P test/tsconfig.json test/docs/sentences.ts', () => {
  const marks = long.map(({ text }) => markOf(text));
  expect(known.filter(mark => !marks.includes(mark))).toEqual([]);
});

test('a page has sentences in paragraphs, headings, lists and tables, and none in code', () => {
  const page = `# A heading
One sentence, that
goes on. Another (see [the page](x.md))! A third, e.g. this?

* a point: with \`some code of it\`
  that goes on
1. *Emphasized.* \`Code\` begins a sentence.

| a | b |
|---|---|
| a cell. With two | one \\| other |

\`\`\`ts
const x = 'no sentence';
\`\`\`
<!-- nor
this -->`;
  expect(sentencesOfPage(page)).toEqual([
    '# A heading', 'One sentence, that goes on.', 'Another (see the page)!', 'A third, e.g. this?', 'a point: with `some_code_of_it` that goes on',
    'Emphasized.', '`Code` begins a sentence.', 'a', 'b', 'a cell.', 'With two', 'one \\| other',
  ]);
});

test('a source has sentences in doc comments alone', () => {
  const source = `
/** What it is. */
export class A {
  /**
   * First, over
   * two lines. See {@link B}.
   *
   *     some code
   *
   * @default - as a whole
   * @example
   * new A(); // none
   * @throws if wrong.
   */
  public b = '/** none */'; // none. */
}`;
  expect(sentencesOfSource(source)).toEqual(['What it is.', 'First, over two lines.', 'See B.', '@default - as a whole', '@throws if wrong.']);
});

test('words are counted, dashes are not, and code is one word', () => {
  const [sentence] = sentencesOfPage('Two words - and `a piece of code`, [a link](with-an-address.md).');
  expect(wordsOf(sentence)).toBe(6);
});
