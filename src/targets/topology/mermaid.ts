import { Box, BoxKind, Diagram, placeOf } from './diagram';

/** What stands around the words of a box. */
const SHAPES: Record<BoxKind, [string, string]> = {
  workload: ['[', ']'],
  task: ['[[', ']]'],
  volume: ['[(', ')]'],
  network: ['{{', '}}'],
  outside: ['([', '])'],
};

/**
 * A picture in the language of Mermaid, which code hosts show.
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function toMermaid({ title, boxes, lines }: Diagram): string {
  const names = new Map(boxes.flatMap((box, index): [string, string][] => [
    [box.id, `b${index}`], ...box.channels.map((channel, at): [string, string] => [`${box.id}\n${channel}`, `b${index}c${at}`]),
  ]));
  const nameOf = (id: string, channel?: string) => names.get(channel === undefined ? id : `${id}\n${channel}`)!;
  return [
    '---',
    `title: ${JSON.stringify(title)}`,
    '---',
    'flowchart LR',
    ...boxes.flatMap(box => describe(box, nameOf)),
    ...lines.map(line => {
      const [from, to] = (['from', 'to'] as const).map(end => nameOf(line[end], line[end] === placeOf(line) ? line.channel : undefined));
      return line.label === '' ? `  ${from} ${line.kind === 'network' ? '-.-' : '-->'} ${to}` : `  ${from} -->|${quote([line.label])}| ${to}`;
    }),
    ...boxes.some(({ isExposed }) => isExposed) ? ['  classDef exposed stroke-width:4px', `  class ${boxes.filter(({ isExposed }) => isExposed).map(({ id }) => nameOf(id)).join(',')} exposed`] : [],
    '',
  ].join('\n');
}

/** Channels stand within their box, which is drawn around them. */
function describe(box: Box, nameOf: (id: string, channel?: string) => string): string[] {
  const [open, close] = SHAPES[box.kind];
  if (box.channels.length === 0) return [`  ${nameOf(box.id)}${open}${quote([box.title, ...box.captions])}${close}`];
  // a second line of the title would cover what is in it
  return [`  subgraph ${nameOf(box.id)}[${quote([box.title])}]`, ...box.channels.map(channel => `    ${nameOf(box.id, channel)}(${quote([channel])})`), '  end'];
}

function quote(lines: readonly string[]): string {
  return `"${lines.map(line => line.replace(/["#&<>]/g, character => `#${character.charCodeAt(0)};`)).join('<br>')}"`;
}
