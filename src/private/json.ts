/**
 * JSON in which what is `depth` levels down stands on a line of its own: as easy to compare as indented text, and much shorter.
 * @param depth 0 writes all on one line
 */
export function toJsonLines(value: unknown, depth: number, indent = ''): string {
  if (depth === 0 || value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map(element => toJsonLines(element, depth - 1, inner))
    : Object.entries(value).filter(([, element]) => element !== undefined).map(([key, element]) => `${JSON.stringify(key)}: ${toJsonLines(element, depth - 1, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return parts.length === 0 ? open + close : `${open}\n${parts.map(part => inner + part).join(',\n')}\n${indent}${close}`;
}
