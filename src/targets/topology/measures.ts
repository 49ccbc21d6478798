import type { Box } from './diagram';
import { Style, widthOf } from './text';

export const TITLE: Style = { size: 14, bold: true };
export const SMALL: Style = { size: 12 };

/** Space between the border of a box and its texts. */
export const PADDING = 12;
export const TITLE_HEIGHT = 20;
export const CAPTION_HEIGHT = 16;
/** Of one channel, and of the space above the first. */
export const CHANNEL_HEIGHT = 26;
export const CHANNEL_SPACE = 8;
/** Of the place where a line ends that has no channel. */
const END_HEIGHT = 11;
/** Space around a label, which interrupts its line. */
const LABEL_PADDING = 4;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Height of all that stands above the channels. */
export function headHeight({ captions }: Box): number {
  return PADDING + TITLE_HEIGHT + captions.length * CAPTION_HEIGHT;
}

/** @param lines number of lines that end at the box, and at none of its channels */
export function sizeOfBox(box: Box, lines: number): Size {
  const { title, captions, channels } = box;
  const widths = [widthOf(title, TITLE), ...captions.map(text => widthOf(text, SMALL)), ...channels.map(text => widthOf(text, SMALL) + 2 * PADDING)];
  const rows = channels.length > 0 ? CHANNEL_SPACE + channels.length * CHANNEL_HEIGHT : 0;
  return { width: Math.max(72, ...widths) + 2 * PADDING, height: Math.max(headHeight(box) + rows + PADDING, lines * END_HEIGHT) };
}

export function sizeOfLabel(label: string): Size {
  return label === '' ? { width: 0, height: 0 } : { width: widthOf(label, SMALL) + 2 * LABEL_PADDING, height: CAPTION_HEIGHT + 2 };
}
