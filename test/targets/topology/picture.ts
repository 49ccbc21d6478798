// A picture as a reader meets it: what its bytes say, not what the layout meant.

/** A rectangle by its corners. */
export interface Area {
  readonly what: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A box with the texts in it. */
export interface Node extends Area {
  readonly kinds: string[];
  readonly texts: Area[];
  /** Titles, captions and names of channels. */
  readonly words: string[];
  readonly channels: Area[];
}

/** A line with its label. */
export interface Line {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  readonly place?: Area;
  readonly text?: Area;
  /** Straight stretches and bends, each as the area in which it is. */
  readonly stretches: Area[];
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly nodes: Node[];
  readonly lines: Line[];
}

const unescape = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
const number = (tag: string, name: string) => Number(attribute(tag, name));

function rectangles(text: string, style: string): Area[] {
  return [...text.matchAll(/<rect [^>]*>/g)].map(([tag]) => tag).filter(tag => attribute(tag, 'class') === style).map(tag => {
    const [left, top] = [number(tag, 'x'), number(tag, 'y')];
    return { what: style, left, top, right: left + number(tag, 'width'), bottom: top + number(tag, 'height') };
  });
}

/** Letters are about as high as the size of their font. */
function texts(text: string): Area[] {
  return [...text.matchAll(/(<text [^>]*>)([^<]*)<\/text>/g)].map(([, tag, words]) => {
    const [left, base] = [number(tag, 'x'), number(tag, 'y')];
    return { what: unescape(words), left, top: base - 10, right: left + number(tag, 'textLength'), bottom: base + 3 };
  });
}

/** From point to point; a bend stays within the area of its four points. */
function stretchesOf(path: string): Area[] {
  let at = { x: NaN, y: NaN };
  return [...path.matchAll(/([MLC])([^MLC]+)/g)].flatMap(([, command, rest]) => {
    const numbers = rest.trim().split(/[ ,]+/).map(Number);
    const points = Array.from({ length: numbers.length / 2 }, (_, index) => ({ x: numbers[2 * index], y: numbers[2 * index + 1] }));
    const all = [at, ...points];
    at = points[points.length - 1];
    if (command === 'M') return [];
    const [xs, ys] = [all.map(({ x }) => x), all.map(({ y }) => y)];
    return [{ what: command, left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) }];
  });
}

/** Reads a picture, which may be a part of a page. */
export function readPicture(svg: string): Picture {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
  const groups = [...svg.matchAll(/<g class="([^"]*)"([^>]*)>(.*?)<\/g>/g)];
  return {
    width,
    height,
    nodes: groups.filter(([, kinds]) => kinds.startsWith('node ')).map(([, kinds, attributes, content]) => ({
      ...rectangles(content, 'box')[0],
      what: unescape(attribute(attributes, 'data-name')!),
      kinds: kinds.split(' ').slice(1),
      texts: texts(content),
      words: texts(content).map(({ what }) => what),
      channels: rectangles(content, 'channel'),
    })),
    lines: groups.filter(([, kinds]) => kinds.startsWith('line ')).map(([, , attributes, content]) => ({
      from: unescape(attribute(attributes, 'data-from')!),
      to: unescape(attribute(attributes, 'data-to')!),
      label: texts(content)[0]?.what,
      place: rectangles(content, 'paper')[0],
      text: texts(content)[0],
      stretches: stretchesOf(attribute(/<path [^>]*>/.exec(content)![0], 'd')!),
    })),
  };
}

/** What touches, by more than what rounding does. */
const touches = (a: Area, b: Area) =>
  Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.2;

/** A line has no height where it is straight. */
const crosses = (line: Area, area: Area) =>
  Math.min(line.right, area.right) - Math.max(line.left, area.left) > 0.2 && line.bottom > area.top + 0.2 && line.top < area.bottom - 0.2;

const holds = (outer: Area, inner: Area) => inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;

/** Everything that is not as it should be: things that overlap, lines that cross them, and what sticks out. */
export function faultsOf({ width, height, nodes, lines }: Picture): string[] {
  const paper = { what: 'paper', left: 0, top: 0, right: width, bottom: height };
  const labels = lines.flatMap(({ place, label }) => place ? [{ ...place, what: label! }] : []);
  const things: Area[] = [...nodes, ...labels];
  return [
    ...things.flatMap((thing, index) => things.slice(index + 1).filter(other => touches(thing, other)).map(other => `${thing.what} overlaps ${other.what}`)),
    ...things.filter(thing => !holds(paper, thing)).map(({ what }) => `${what} sticks out of the picture`),
    ...lines.flatMap(({ from, to, label, place, stretches }) => things.filter(thing => !(place && thing.left === place.left && thing.top === place.top))
      .filter(thing => stretches.some(stretch => crosses(stretch, thing))).map(({ what }) => `${from} to ${to} (${label}) crosses ${what}`)),
    ...nodes.flatMap(node => node.texts.filter(text => !holds(node, text)).map(({ what }) => `${what} sticks out of ${node.what}`)),
    ...nodes.flatMap(node => node.texts.flatMap((text, index) => node.texts.slice(index + 1).filter(other => touches(text, other)).map(other => `${text.what} overlaps ${other.what}`))),
    ...lines.flatMap(({ place, text }) => place && text && !holds(place, text) ? [`${text.what} sticks out of its place`] : []),
  ];
}
