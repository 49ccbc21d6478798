/** The name that was meant, if one differs from the given one by a letter or two. */
export function nearest(given: string, candidates: string[]): string | undefined {
  const distances = candidates.map(candidate => ({ candidate, distance: distanceOf(given.toLowerCase(), candidate.toLowerCase()) }));
  const [best] = distances.sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.min(2, given.length / 3) ? best.candidate : undefined;
}

/** Letters that are to be put in, taken out or changed (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
