import { Box, Diagram, placeOf, visitorOf, withoutDuplicates } from './diagram';
import { byText } from '../../private/names';

/** Boxes that fit on a picture that can be read as a whole. */
const FITS = 40;
/** Names that a box of several gives in the overview. */
const NAMED = 3;
/** Characters on a line of names. */
const LINE = 48;

/** A picture of all, or of a part. */
export interface View {
  /** Tells it from all others. */
  readonly name: string;
  /** Title of the box that it is about; undefined if it is about none. */
  readonly place?: string;
  readonly diagram: Diagram;
}

/** Pictures of an application: one, or an overview and one of each place that others come to. */
export function viewsOf(diagram: Diagram): View[] {
  return diagram.boxes.length <= FITS ? [{ name: diagram.title, diagram }] : [{ name: 'Overview', diagram: overviewOf(diagram) }, ...viewsOfPlaces(diagram)];
}

/** Places with their names alone, and whoever comes to the same ones together. */
function overviewOf({ title, boxes, lines }: Diagram): Diagram {
  const plain = boxes.map(box => ({ ...box, captions: [], channels: [] }));
  const bare = lines.map(({ channel: _, ...line }) => ({ ...line, label: '' }));
  const describe = (names: readonly string[]) => [...names.slice(0, NAMED), ...names.length > NAMED ? [`and ${names.length - NAMED} more`] : []];
  return gather({ title: `${title}, overview`, boxes: plain, lines: bare }, describe);
}

/** Each place with all its lines, also those to other places; and whoever has none. */
function viewsOfPlaces(diagram: Diagram): View[] {
  const places = new Set(diagram.lines.map(placeOf));
  const byEnd = groupBy(diagram.lines, ({ from, to }) => [...new Set([from, to])]);
  const byTitle = groupBy(diagram.boxes, ({ title }) => [title]);
  const views = diagram.boxes.filter(({ id }) => places.has(id)).map((place): View => {
    const lines = byEnd.get(place.id)!;
    const ids = new Set([place.id, ...lines.flatMap(({ from, to }) => [from, to])]);
    const used = (box: Box) => box.channels.filter(channel => lines.some(line => placeOf(line) === box.id && line.channel === channel));
    const name = byTitle.get(place.title)!.length === 1 ? place.title : `${place.title} (${place.kind})`; // a volume may be called as a workload
    const page = { title: `${diagram.title}, ${name}`, boxes: diagram.boxes.filter(({ id }) => ids.has(id)).map(box => ({ ...box, channels: used(box) })), lines };
    return { name, place: place.title, diagram: page.boxes.length <= FITS ? page : gather(page, wrap) };
  });
  const alone = diagram.boxes.filter(({ id }) => !byEnd.has(id));
  const name = 'without connections';
  return alone.length > 0 ? [...views, { name, diagram: { title: `${diagram.title}, ${name}`, boxes: alone, lines: [] } }] : views;
}

/** Several names on each line. */
function wrap(names: readonly string[]): string[] {
  const lines: string[] = [];
  names.forEach((name, index) => {
    const word = index < names.length - 1 ? `${name},` : name;
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + word.length < LINE) lines[last] += ` ${word}`;
    else lines.push(word);
  });
  return lines;
}

/** Puts those into one box who have the same lines, and to whom nobody comes. */
function gather({ title, boxes, lines }: Diagram, describe: (names: readonly string[]) => string[]): Diagram {
  const places = new Set(lines.map(placeOf));
  const byVisitor = groupBy(lines, line => [visitorOf(line)]);
  const signatureOf = ({ kind, id }: Box) => [kind, ...(byVisitor.get(id) ?? []).map(line => [line.place, placeOf(line), line.channel, line.label].join('\t')).sort(byText)].join('\n');
  const alike = groupBy(boxes.filter(({ id, isExposed }) => !places.has(id) && !isExposed), box => [signatureOf(box)]);
  const groups = [...alike.values()].filter(group => group.length > 1);
  const names = new Map(groups.flatMap(group => group.map(({ id }) => [id, group[0].id])));
  const merged = new Map(groups.map(group => [group[0].id, { ...group[0], title: `${group.length} ${group[0].kind}s`, captions: describe(group.map(each => each.title)), path: undefined }]));
  return {
    title,
    boxes: boxes.filter(({ id }) => !names.has(id) || merged.has(id)).map(box => merged.get(box.id) ?? box),
    lines: withoutDuplicates(lines.map(line => ({ ...line, from: names.get(line.from) ?? line.from, to: names.get(line.to) ?? line.to }))),
  };
}

/** What has each key, in the order in which it came. */
function groupBy<T>(items: readonly T[], keysOf: (item: T) => string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const known = groups.get(key);
      if (known) known.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}
