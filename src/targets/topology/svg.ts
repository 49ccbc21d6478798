import { DARK, LIGHT, rulesOf } from './colours';
import type { Diagram } from './diagram';
import { arrange, PlacedBox, PlacedLine, Point, Rectangle } from './layout';
import { CAPTION_HEIGHT, CHANNEL_HEIGHT, PADDING, SMALL, TITLE, TITLE_HEIGHT } from './measures';
import { route } from './routes';
import { escapeMarkup, FONTS, Style, widthOf } from './text';

const SHAPES = `text{font-family:${FONTS}}.title{font-weight:bold;font-size:${TITLE.size}px}.caption,.label,.name{font-size:${SMALL.size}px}`
  + '.box{stroke-width:1.5}.task .box{stroke-dasharray:6 3}.outside .box{stroke-dasharray:2 3}'
  + '.line path{fill:none;stroke-width:1.5}.line.network path{stroke-dasharray:2 4}.exposed .box{stroke-width:3}';

/** Rules that every picture needs, without colours. */
export const PICTURE_STYLE = SHAPES;

/** A picture as a file of its own, light or dark as its reader has it. */
export function toFile(picture: string): string {
  const style = `<style>${SHAPES}${rulesOf(LIGHT)}@media (prefers-color-scheme:dark){${rulesOf(DARK)}}</style>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${picture.replace('<defs>', `${style}<defs>`)}`;
}

/**
 * A picture as a part of a page that has the rules.
 * @param suffix tells its identifiers from those of other pictures
 */
export function draw(diagram: Diagram, suffix: string): string {
  const arranged = arrange(diagram);
  const { channels, lines } = route(arranged);
  const [width, height] = [arranged.width, arranged.height].map(Math.ceil);
  const names = new Map(diagram.boxes.map(({ id, title }) => [id, title]));
  return `<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeMarkup(diagram.title)}</title>
<defs>${['flow', 'storage'].map(kind => marker(kind, suffix)).join('')}</defs>
<rect class="paper" width="${width}" height="${height}"/>
${arranged.lines.map(line => drawLine(line, lines.get(line)!, names, suffix)).join('\n')}
${arranged.boxes.map(box => drawBox(box, channels.get(box)!)).join('\n')}
</svg>
`;
}

function marker(kind: string, suffix: string): string {
  return `<marker id="head-${kind}${suffix}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" orient="auto" markerUnits="userSpaceOnUse">`
    + `<path class="head ${kind}" d="M0 0L8 4L0 8z"/></marker>`;
}

function drawLine({ line, label }: PlacedLine, points: readonly Point[], names: ReadonlyMap<string, string>, suffix: string): string {
  const [from, to] = [line.from, line.to].map(id => escapeMarkup(names.get(id)!));
  const head = line.kind === 'network' ? '' : ` marker-end="url(#head-${line.kind}${suffix})"`;
  const words = label ? `${rectangle('paper', label)}${text('label', line.label, SMALL, label.x - widthOf(line.label, SMALL) / 2, label.y + 4)}` : '';
  const what = escapeMarkup([line.label, line.channel].filter(part => part).join(', '));
  return `<g class="line ${line.kind}" data-from="${from}" data-to="${to}"><title>${from} to ${to}${what ? `: ${what}` : ''}</title><path d="${curve(points)}"${head}/>${words}</g>`;
}

/** Straight across layers, bent between them. */
function curve([start, ...rest]: readonly Point[]): string {
  const parts = [`M${at(start)}`];
  let before = start;
  rest.forEach((point, index) => {
    const half = (before.x + point.x) / 2;
    const isBent = index % 2 === 1 && before.y !== point.y;
    parts.push(isBent ? `C${at({ x: half, y: before.y })} ${at({ x: half, y: point.y })} ${at(point)}` : `L${at(point)}`);
    before = point;
  });
  return parts.join('');
}

function drawBox(placed: PlacedBox, channels: ReadonlyMap<string, number>): string {
  const { box: { kind, title, captions, isExposed, path }, x, y, width, height } = placed;
  const [left, top] = [x - width / 2 + PADDING, y - height / 2 + PADDING];
  return [
    `<g class="node ${kind}${isExposed ? ' exposed' : ''}" data-name="${escapeMarkup(title)}">`,
    path === undefined ? '' : `<title>${escapeMarkup(path)}</title>`,
    rectangle('box', placed, { workload: 6, task: 6, volume: 14, network: 20, outside: 2 }[kind]),
    text('title', title, TITLE, left, top + 13),
    ...captions.map((caption, index) => text('caption', caption, SMALL, left, top + TITLE_HEIGHT + 11 + index * CAPTION_HEIGHT)),
    ...[...channels].map(([name, middle]) => {
      const room = { x, y: middle, width: width - 2 * PADDING, height: CHANNEL_HEIGHT - 6 };
      return `${rectangle('channel', room, 10)}${text('name', name, SMALL, left + PADDING, middle + 4)}`;
    }),
    '</g>',
  ].join('');
}

function rectangle(style: string, { x, y, width, height }: Rectangle, radius = 0): string {
  return `<rect class="${style}" x="${number(x - width / 2)}" y="${number(y - height / 2)}" width="${number(width)}" height="${number(height)}"${radius ? ` rx="${radius}"` : ''}/>`;
}

/** Every font makes it as wide as the layout takes it for. */
function text(style: string, words: string, font: Style, x: number, y: number): string {
  return `<text class="${style}" x="${number(x)}" y="${number(y)}" textLength="${widthOf(words, font)}" lengthAdjust="spacingAndGlyphs">${escapeMarkup(words)}</text>`;
}

function at({ x, y }: Point): string {
  return `${number(x)} ${number(y)}`;
}

/** With one digit behind the point at most. */
function number(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}
