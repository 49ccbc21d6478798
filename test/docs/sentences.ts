// Sentences that are too long to be understood at once. Takes out of long-sentences.txt those that are gone:
// npx ts-node -T -P test/tsconfig.json test/docs/sentences.ts
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const KNOWN = join(__dirname, 'long-sentences.txt');

/** Most words of a sentence. */
const MOST_WORDS = 25;

export interface LongSentence {
  /** File that it stands in. */
  readonly place: string;
  readonly words: number;
  readonly text: string;
}

/** Pages and sources whose sentences count. The rows of docs/proof.md are titles of tests. */
function texts(): string[] {
  const below = (folder: string) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(path => `${folder}/${path}`).sort();
  return [
    'README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'bench/README.md', 'test/cluster/README.md', 'test/judges/README.md',
    ...below('docs').filter(path => path.endsWith('.md') && path !== 'docs/proof.md'),
    ...below('examples').filter(path => path.endsWith('README.md')),
    ...below('src').filter(path => path.endsWith('.ts') && !path.endsWith('.generated.ts')),
  ];
}

export function longSentences(): LongSentence[] {
  return texts().flatMap(place => {
    const text = readFileSync(join(ROOT, place), 'utf8');
    return (place.endsWith('.md') ? sentencesOfPage(text) : sentencesOfSource(text)).map(each => ({ place, words: wordsOf(each), text: each }));
  }).filter(({ words }) => words > MOST_WORDS);
}

/** Sentences of the doc comments in a TypeScript source; what is indented there is code. */
export function sentencesOfSource(source: string): string[] {
  return [...source.matchAll(/^ *\/\*\*(.*?)\*\//gms)].flatMap(([, comment]) => {
    const text = comment.replace(/^ *\* ?/gm, '').replace(/^ {4}.*$/gm, '').replace(/^@example[^@]*/gm, '').replace(/^@/gm, '\n\n@').replace(/\{@link ([^}]*)\}/g, '$1');
    return sentencesOfPage(text);
  });
}

/** Sentences of a page in Markdown: of paragraphs, headings, points of lists, and cells of tables. */
export function sentencesOfPage(page: string): string[] {
  const prose = page.replace(/^ *```.*?^ *```$/gms, '\n').replace(/<!--.*?-->/gs, '\n');
  const blocks = prose.replace(/^(#+ .*)$/gm, '\n$1\n').replace(/^ *([*-]|\d+\.) /gm, '\n').replace(/^\|.*$/gm, row => row.replace(/(?<!\\)\|/g, '\n\n')).split(/\n\s*\n/);
  return blocks.flatMap(block => plain(block).split(/(?<=(?<!\b(?:e\.g|i\.e|vs))[.!?][)"'”]?)\s+/)).filter(sentence => wordsOf(sentence) > 0);
}

/** Text without marks; what is code is one word. */
function plain(block: string): string {
  return block.replace(/`[^`]*`/g, code => code.replace(/\s+/g, '_')).replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\*+/g, '').replace(/\s+/g, ' ').trim();
}

/** Number of words; what has neither a letter nor a digit is none. */
export function wordsOf(sentence: string): number {
  return sentence.split(' ').filter(word => /[\p{L}\p{N}]/u.test(word)).length;
}

/** How a sentence is known. */
export function markOf(sentence: string): string {
  return `${createHash('sha256').update(sentence).digest('hex').slice(0, 12)} ${sentence.split(' ').slice(0, 6).join(' ')}`;
}

/** Marks of the long sentences that were there before this was checked. */
export const knownMarks = () => readFileSync(KNOWN, 'utf8').split('\n').filter(Boolean);

if (require.main === module) {
  const marks = new Set(longSentences().map(({ text }) => markOf(text)));
  writeFileSync(KNOWN, [...new Set(knownMarks())].filter(mark => marks.has(mark)).map(mark => `${mark}\n`).join(''));
}
