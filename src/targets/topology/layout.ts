import type { Box, Diagram, Line } from './diagram';
import { sizeOfBox, sizeOfLabel } from './measures';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle by its centre. */
export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

/** A box where it stands. */
export interface PlacedBox extends Rectangle {
  readonly box: Box;
}

/** A line with the places that it passes between its ends, and where its label stands. */
export interface PlacedLine {
  readonly line: Line;
  readonly points: readonly Point[];
  /** Undefined where it has none. */
  readonly label?: Rectangle;
}

/** A picture of which everything has its place. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly lines: readonly PlacedLine[];
}

// the package describes its types as those of an ES module, and has what is required here all the same
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { Graph, layout } = require('@dagrejs/dagre') as typeof import('@dagrejs/dagre', { with: { 'resolution-mode': 'import' } });

const MARGIN = 24;
const OPTIONS = { rankdir: 'LR', nodesep: 26, edgesep: 16, ranksep: 76, marginx: MARGIN, marginy: MARGIN } as const;

/** Finds a place for everything: in layers from left to right, in which nothing touches anything else. */
export function arrange({ boxes, lines }: Diagram): Placed {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ ...OPTIONS });
  const ends = new Map<string, number>();
  for (const { from, to, place, channel } of lines) {
    for (const [end, id] of Object.entries({ from, to })) if (end !== place || channel === undefined) ends.set(id, (ends.get(id) ?? 0) + 1);
  }
  for (const box of boxes) graph.setNode(box.id, sizeOfBox(box, ends.get(box.id) ?? 0));
  lines.forEach((line, index) => graph.setEdge(line.from, line.to, { ...sizeOfLabel(line.label), labelpos: 'c' }, `${index}`));
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.max(0, width),
    height: Math.max(0, height),
    boxes: boxes.map(box => ({ box, ...rectangle(graph.node(box.id)) })),
    lines: lines.map((line, index): PlacedLine => {
      const edge = graph.edge(line.from, line.to, `${index}`);
      // its ends are where it would meet the middle of a box, and it may end elsewhere
      return { line, points: edge.points.slice(1, -1).map(({ x, y }: Point) => ({ x, y })), label: line.label === '' ? undefined : rectangle(edge) };
    }),
  };
}

function rectangle({ x, y, width, height }: Rectangle): Rectangle {
  return { x, y, width, height };
}
