/** A line of HAProxy's configuration, as its words. */
export type HaproxyLine = readonly (string | number)[];

/** A section: the words that begin it, and its lines. */
export interface HaproxySection {
  readonly head: HaproxyLine;
  readonly lines: readonly HaproxyLine[];
}

/** More makes HAProxy refuse a line. */
const MOST_WORDS = 64;
const MOST_CHARACTERS = 2048;

/**
 * Text of a configuration of HAProxy. Each word reaches HAProxy as it is given, whatever is in it.
 * Some words are read once more, as a format or an expression: `haproxyLiteral` is for text in a format.
 * @throws if a word is empty or has a character that no line can hold, or a line is longer than HAProxy reads.
 */
export function haproxyText(sections: readonly HaproxySection[]): string {
  return sections.map(({ head, lines }) => [lineOf(head), ...lines.map(line => `  ${lineOf(line)}`)].join('\n')).join('\n\n') + '\n';
}

/** Text for a format, with nothing in it that HAProxy fills in. */
export function haproxyLiteral(text: string): string {
  return text.replaceAll('%', '%%');
}

function lineOf(words: HaproxyLine): string {
  const line = words.map(word => quote(`${word}`)).join(' ');
  if (words.length > MOST_WORDS || Buffer.byteLength(line) > MOST_CHARACTERS - 8) {
    throw new Error(`haproxy: a line is longer than ${MOST_CHARACTERS} characters or ${MOST_WORDS} words: ${line.slice(0, 80)}…`);
  }
  return line;
}

/** In single quotes nothing but their end means anything. */
function quote(word: string): string {
  // an empty word ends what is read of a line
  if (word === '' || /[\0\r\n]/.test(word)) throw new Error(`haproxy: a word is empty, or holds a character that a line cannot: ${JSON.stringify(word)}`);
  if (/^[\w.:/@%+=,*?&|^!<>()[\]{}-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
