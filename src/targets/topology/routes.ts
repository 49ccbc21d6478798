import type { Placed, PlacedBox, PlacedLine, Point } from './layout';
import { CHANNEL_HEIGHT, CHANNEL_SPACE, headHeight, PADDING } from './measures';
import { byText } from '../../private/names';

/** A picture with all that is drawn. */
export interface Routes {
  /** The middle of each channel, by the box and its name. */
  readonly channels: ReadonlyMap<PlacedBox, ReadonlyMap<string, number>>;
  /** Points of each line. It is straight from the first to the second, and bent from there to the third, between two layers. So it goes on. */
  readonly lines: ReadonlyMap<PlacedLine, readonly Point[]>;
}

type Side = 'left' | 'right';

/** From where to where each layer reaches, by its middle. */
type Layers = ReadonlyMap<number, Readonly<Record<Side, number>>>;

/** Where a line meets a box. */
interface End {
  readonly line: PlacedLine;
  readonly box: PlacedBox;
  readonly side: Side;
  readonly channel?: string;
  /** Height at which the line comes near the box. */
  readonly near: number;
}

/**
 * Leads lines straight across each layer, at a height that is free there. They are bent only between two layers, where nothing else is.
 * So no line crosses a box or a label.
 */
export function route({ boxes, lines }: Placed): Routes {
  const known = new Map(boxes.map(placed => [placed.box.id, placed]));
  const ends = lines.map(line => endsOf(line, known));
  const byBox = new Map<PlacedBox, End[]>(boxes.map(placed => [placed, []]));
  for (const end of ends.flat()) byBox.get(end.box)!.push(end);
  const channels = new Map([...byBox].map(([placed, found]) => [placed, placeChannels(placed, found)]));
  const layers = layersOf(boxes, lines);
  const heights = new Map([...byBox.values()].flatMap(found => spread(found, channels)));
  return {
    channels,
    lines: new Map(lines.map((line, index) => {
      const [start, end] = ends[index].map(each => ({ box: each.box, side: each.side, y: heights.get(each)! }));
      return [line, [...leave(start, layers), ...across(line.points, start.side === 'right', layers), ...leave(end, layers).reverse()]];
    })),
  };
}

function endsOf(line: PlacedLine, boxes: ReadonlyMap<string, PlacedBox>): [End, End] {
  const { line: { from, to, channel, place }, points } = line;
  const [start, end] = [boxes.get(from)!, boxes.get(to)!];
  const sideOf = (box: PlacedBox, point: Point): Side => point.x < box.x ? 'left' : 'right';
  const [first, last] = [points[0], points[points.length - 1]];
  return [
    { line, box: start, side: sideOf(start, first), near: first.y, ...place === 'from' ? { channel } : {} },
    { line, box: end, side: sideOf(end, last), near: last.y, ...place === 'to' ? { channel } : {} },
  ];
}

/** From the border of a box to that of its layer, which wider boxes share. */
function leave({ box, side, y }: Pick<End, 'box' | 'side'> & { readonly y: number }, layers: Layers): Point[] {
  const border = side === 'left' ? box.x - box.width / 2 : box.x + box.width / 2;
  return [{ x: border, y }, { x: layers.get(middle(box.x))![side], y }];
}

/** Channels stand in the order in which their lines come near, so that these need not cross. */
function placeChannels(placed: PlacedBox, ends: readonly End[]): ReadonlyMap<string, number> {
  const { box, y, height } = placed;
  const nearOf = (channel: string) => {
    const found = ends.filter(end => end.channel === channel);
    return found.reduce((sum, { near }) => sum + near, 0) / found.length;
  };
  const first = y - height / 2 + headHeight(box) + CHANNEL_SPACE + CHANNEL_HEIGHT / 2;
  const ordered = [...box.channels].sort((a, b) => nearOf(a) - nearOf(b) || byText(a, b));
  return new Map(ordered.map((channel, index) => [channel, first + index * CHANNEL_HEIGHT]));
}

/** From where to where the boxes and labels of a layer reach, by the layer's middle. */
function layersOf(boxes: readonly PlacedBox[], lines: readonly PlacedLine[]): Layers {
  const layers = new Map<number, { left: number; right: number }>();
  for (const { x, width } of [...boxes, ...lines.flatMap(({ label }) => label ?? [])]) {
    const { left, right } = layers.get(middle(x)) ?? { left: x, right: x };
    layers.set(middle(x), { left: Math.min(left, x - width / 2), right: Math.max(right, x + width / 2) });
  }
  return layers;
}

function middle(x: number): number {
  return Math.round(x * 100);
}

function across(points: readonly Point[], isForwards: boolean, layers: Layers): Point[] {
  return points.flatMap(({ x, y }) => {
    const { left, right } = layers.get(middle(x)) ?? { left: x, right: x };
    return (isForwards ? [left, right] : [right, left]).map(each => ({ x: each, y }));
  });
}

/** The height at which each line meets one box: that of its channel, or one of its own beside those of other lines. */
function spread(ends: readonly End[], channels: Routes['channels']): [End, number][] {
  const ofChannels = ends.flatMap((end): [End, number][] => end.channel === undefined ? [] : [[end, channels.get(end.box)!.get(end.channel)!]]);
  const plain = ends.filter(({ channel }) => channel === undefined).sort((a, b) => a.near - b.near);
  const isBelow = ({ box, near }: End) => box.box.channels.length > 0 && near > Math.max(...channels.get(box)!.values());
  const sides = (['left', 'right'] as const).map(side => plain.filter(end => end.side === side));
  return [...ofChannels, ...sides.flatMap(side => [
    ...inRoom(side.filter(end => !isBelow(end)), ({ box, y, height }) => ({ top: y - height / 2, room: box.channels.length > 0 ? headHeight(box) : height })),
    ...inRoom(side.filter(isBelow), ({ y, height }) => ({ top: y + height / 2 - PADDING, room: PADDING })),
  ])];
}

/** Heights with the same distance between them, in the middle of a part of the box. */
function inRoom(ends: readonly End[], partOf: (box: PlacedBox) => { top: number; room: number }): [End, number][] {
  return ends.map((end, index): [End, number] => {
    const { top, room } = partOf(end.box);
    return [end, top + room / 2 + Math.min(16, room / (ends.length + 1)) * (index - (ends.length - 1) / 2)];
  });
}
