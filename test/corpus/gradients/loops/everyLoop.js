export const palindromeCost = (p) => {
  let s = 0;
  for (let i = 0, j = p.length - 1; i < j; i++, j--) s += (p[i] - p[j]) ** 2;
  return s;
};

export const fadingLoss = (p) => {
  let s = 0;
  let i = p.length;
  while (i--) s = s * 0.5 + p[i] ** 2;
  return s;
};

/** The series of e^x − 1, until its terms are negligible. */
export const seriesLoss = ([x, y]) => {
  let term = x, sum = 0, k = 1;
  do {
    sum += term;
    term *= x / ++k;
  } while (Math.abs(term) > 1e-18);
  return (sum - y) ** 2;
};

/** The arithmetic-geometric mean. */
export const agmLoss = ([a, b]) => {
  while (true) {
    [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
    if (Math.abs(a - b) < 1e-15 * a) break;
  }
  return a;
};

/** −1 marks a missing value: the rest of its row is skipped. −9 ends the table. */
const table = [
  [1, 2, -1, 50],
  [3, -1, 7],
  [4, -9, 100],
  [1000],
];

export function tableCost([scale, offset]) {
  let total = 0, n = 0;
  rows: for (const row of table) {
    for (const v of row) {
      if (v === -9) break rows;
      if (v < 0) continue rows;
      total += (scale * v + offset - v * v) ** 2;
      n++;
    }
  }
  return total / n;
}

/** A loop over property names. */
export function penaltyLoss(p) {
  const weights = { 0: 1, 1: 10, 2: 100 };
  let s = 0;
  for (const key in weights) s += weights[key] * p[key] * p[key];
  for (var i in p) if (i % 2) s -= p[i];
  return s;
}
