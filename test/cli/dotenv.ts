/**
 * The values of a `.env` file as Compose reads it, for lines as they may stand there.
 * @see https://github.com/compose-spec/compose-go/blob/main/dotenv/parser.go
 */
export function parseDotenv(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  let rest = text;
  while (rest.trim() !== '') {
    const [statement, name] = /^\s*([\w.-]+)=/.exec(rest)!;
    rest = rest.slice(statement.length);
    const quoted = rest.startsWith('"');
    const end = quoted ? closingQuote(rest) : rest.search(/\n|$/);
    const raw = rest.slice(quoted ? 1 : 0, end);
    values[name] = quoted ? expand(expandEscapes(raw.replace(/\\(["\\])/g, (pair, character) => character === '"' ? '"' : pair))) : expand(raw.replace(/ #.*/, '').trimEnd());
    rest = rest.slice(end + (quoted ? 1 : 0));
  }
  return values;
}

function closingQuote(text: string): number {
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  throw new Error(`unterminated quoted value ${text.split('\n')[0]}`);
}

function expandEscapes(text: string): string {
  const known: Record<string, string> = { 'a': '\x07', 'b': '\b', 'c': '\\c', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '$': '$$', '"': '"', '\\': '\\' };
  return text.replace(/\\([abcfnrtv$"\\])|\\0(\d{0,3})/g, (escape, character) => known[character] ?? escape);
}

/** No variable is set. */
function expand(text: string): string {
  return text.replace(/\$(\$)|\$\{[^}]*\}|\$[A-Za-z_]\w*/g, (_, dollar) => dollar ?? '');
}
