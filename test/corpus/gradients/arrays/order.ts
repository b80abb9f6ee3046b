const data = [0.3, 1.7, -0.8, 2.2, 0.9];

/** The mean without the largest and the smallest value. */
export function trimmedLoss(p: number[]): number {
  const sorted = [...p].sort((a, b) => a - b).slice(1, -1);
  return sorted.reduce((a, b) => a + b, 0) / sorted.length;
}

export function medianLoss([m, s]: number[]): number {
  const r = data.map((v) => Math.abs(v - m) * s).toSorted((a, b) => a - b);
  const mid = r.length >> 1;
  return r.length % 2 ? r[mid] : (r[mid - 1] + r[mid]) / 2;
}

/** The three largest values, discounted by rank. */
export function discountedCost(p: number[]): number {
  return p
    .map((score, id) => ({ score, id }))
    .sort((a, b) => (a.score < b.score ? 1 : a.score > b.score ? -1 : 0))
    .slice(0, 3)
    .reduce((s, { score, id }, rank) => s + (score * (id + 1)) / (rank + 1), 0);
}

/** The position of the largest value by indexOf, and of the smallest by findIndex. */
export function winnerCost(p: number[]): number {
  const top = p.indexOf(Math.max(...p));
  const low = Math.min.apply(null, p);
  const bottom = p.findIndex((v) => v === low);
  return p[top] ** 2 * (top + 1) + 3 * p[bottom] + (p.includes(p[top]) ? p[0] : 1e6);
}

/** Quantile (pinball) loss of 0.9. */
export function pinballLoss([q]: number[]): number {
  return data.reduce((s, v) => s + (v >= q ? 0.9 * (v - q) : 0.1 * (q - v)), 0);
}

/** The distance between two sorted samples. */
export function wassersteinLoss(p: number[]): number {
  const sorted = data.slice().sort((a, b) => a - b);
  const mine = p.slice();
  mine.sort((a, b) => a - b);
  return mine.reduce((s, v, i) => s + (v - sorted[i]) ** 2, 0);
}
