/** Widths of the printable characters of ASCII in Helvetica, and in all fonts that fit it, in thousandths of the font's size. */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
  278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
  667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556,
  556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/** Of the signs beside these that pictures have of themselves. */
const SIGNS: Record<string, number> = { '·': 278, '–': 556 };

/** Fonts of one and the same width, of which each system has one. */
export const FONTS = "Helvetica, Arial, 'Liberation Sans', sans-serif";

/** How a text looks. */
export interface Style {
  readonly size: number;
  readonly bold?: boolean;
}

/** Width of a text. Bold letters are about a twelfth wider. Letters beside ASCII count as wide ones. */
export function widthOf(text: string, { size, bold }: Style): number {
  const thousandths = [...text].reduce((sum, character) => sum + (WIDTHS[character.codePointAt(0)! - 32] ?? SIGNS[character] ?? 1000), 0);
  return Math.ceil(thousandths * size * (bold ? 1.08 : 1) / 1000);
}

/** A text as it may stand in XML and HTML, also within quotes. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
