/** What a box stands for. */
export type BoxKind = 'workload' | 'task' | 'volume' | 'network' | 'outside';

/** One thing on the picture. */
export interface Box {
  /** Tells it from all others. */
  readonly id: string;
  readonly kind: BoxKind;
  readonly title: string;
  /** Lines below the title. */
  readonly captions: readonly string[];
  /** Names of what flows through it, such as queues, in the order of names. */
  readonly channels: readonly string[];
  /** Whether clients outside reach it. */
  readonly isExposed: boolean;
  /** Path of the construct, if it is one. */
  readonly path?: string;
}

/** One line on the picture, in the direction in which things flow. */
export interface Line {
  readonly kind: 'flow' | 'storage' | 'network';
  /** Identifiers of boxes. */
  readonly from: string;
  readonly to: string;
  /** The end at which the place is to which the other one comes: a server, storage or a network. */
  readonly place: 'from' | 'to';
  /** Name of the place's channel. */
  readonly channel?: string;
  /** Empty where nothing is to be said. */
  readonly label: string;
}

/** What one picture shows. */
export interface Diagram {
  readonly title: string;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

/** Identifier of the box to which the other one comes. */
export function placeOf(line: Line): string {
  return line[line.place];
}

/** Identifier of the box that comes. */
export function visitorOf(line: Line): string {
  return line.place === 'from' ? line.to : line.from;
}

/** The lines, each once. */
export function withoutDuplicates(lines: readonly Line[]): Line[] {
  return [...new Map(lines.map(line => [[line.from, line.to, line.channel, line.label].join('\n'), line])).values()];
}
