/** `. Did you mean 'x'?` with up to three known names that are nearest to a misspelt one, or nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const limit = Math.max(1, name.length / 3);
  const wanted = name.toLowerCase();
  const near = [...new Set(known)]
    .filter((each) => Math.abs(each.length - name.length) <= limit)
    .map((each) => ({ each, far: distance(each.toLowerCase(), wanted) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far);
  if (near.length === 0) return '';
  const names = near.slice(0, 3).map(({ each }) => `'${each}'`);
  return `. Did you mean ${names.join(' or ')}?`;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_unused, index) => index);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries()) {
      const change = (row[j] ?? 0) + (left === right ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
