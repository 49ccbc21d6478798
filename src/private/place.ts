/** Where a construct stands, as its user knows it: the primitive that a pattern is made of stands where the pattern does. */
export function placeOf(path: string): string {
  return path.replace(/\/Default(?=\/|$)/g, '');
}
