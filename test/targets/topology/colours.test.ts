import { DARK, LIGHT, Palette } from '../../../src/targets/topology/colours';

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(colour: string, other: string): number {
  const [darker, lighter] = [colour, other].map(luminance).sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** What is read, and on what. */
const TEXTS: [keyof Palette, keyof Palette][] = [
  ['text', 'box'], ['text', 'channel'], ['text', 'paper'], ['quiet', 'box'], ['quiet', 'paper'], ['workload', 'paper'], ['exposed', 'paper'],
];
/** Lines and borders, which are seen, on what they are beside. */
const LINES = (['workload', 'task', 'storage', 'network', 'outside', 'flow', 'exposed'] as const).flatMap((line): [keyof Palette, keyof Palette][] => [[line, 'paper'], [line, 'box']]);

describe.each([['light', LIGHT], ['dark', DARK]] as const)('in %s colours', (_, palette) => {
  test.each([...TEXTS, ...LINES])('%s can be told from %s', (one, other) => {
    expect(contrast(palette[one], palette[other])).toBeGreaterThanOrEqual(4.5);
  });
});

test('the contrast of black and white is the largest that there is', () => {
  expect(contrast('#000000', '#ffffff')).toBe(21);
});
