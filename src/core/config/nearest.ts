/** Levenshtein distance, case ignored. */
function distance(a: string, b: string): number {
  const row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0]!;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j]!;
      row[j] = Math.min(above + 1, row[j - 1]! + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1));
      diagonal = above;
    }
  }
  return row[b.length]!;
}

/** The most similar name, or undefined if more than a third of every name would have to change. */
export function nearest<N extends string>(word: string, names: readonly N[]): N | undefined {
  const flat = (name: string) => name.toLowerCase().replace(/[-_]/g, '');
  let best: N | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const d = distance(flat(word), flat(name));
    if (d < least && d <= Math.max(1, Math.ceil(name.length / 3))) {
      best = name;
      least = d;
    }
  }
  return best;
}
