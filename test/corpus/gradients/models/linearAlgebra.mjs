const xs = [-2, -1.1, -0.2, 0.5, 1.4, 2.2];
const ys = [0.3, -0.8, -0.1, 0.6, 0.9, -0.2];

/** The lower triangle of Cholesky, with rows of increasing length. */
function cholesky(A) {
  const L = A.map((_, i) => Array(i + 1));
  for (let i = 0; i < A.length; i++)
    for (let j = 0; j <= i; j++) {
      let s = A[i][j];
      for (let k = 0; k < j; k++) s -= L[i][k] * L[j][k];
      L[i][j] = i === j ? Math.sqrt(s) : s / L[j][j];
    }
  return L;
}

/** A Gaussian process's negative log-likelihood. */
export function gaussianProcessNll([logScale, logHeight, logNoise]) {
  const kernel = (a, b) => Math.exp(2 * logHeight - 0.5 * ((a - b) / Math.exp(logScale)) ** 2);
  const K = xs.map((a, i) => xs.map((b, j) => kernel(a, b) + (i === j ? Math.exp(2 * logNoise) : 0)));
  const L = cholesky(K);
  const z = [];
  ys.forEach((y, i) => z.push((y - L[i].slice(0, i).reduce((s, l, k) => s + l * z[k], 0)) / L[i][i]));
  return L.reduce((s, row, i) => s + Math.log(row.at(-1)) + 0.5 * z[i] ** 2, (xs.length / 2) * Math.log(2 * Math.PI));
}

/** Determinant by elimination with pivots, rows swapped by destructuring. */
export function determinantLoss(p) {
  const n = 3;
  const A = Array.from({ length: n }, (_, i) => p.slice(n * i, n * (i + 1)));
  let det = 1;
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(A[r][c]) > Math.abs(A[pivot][c])) pivot = r;
    if (pivot !== c) {
      [A[c], A[pivot]] = [A[pivot], A[c]];
      det = -det;
    }
    det *= A[c][c];
    for (let r = c + 1; r < n; r++) {
      const f = A[r][c] / A[c][c];
      for (let k = c; k < n; k++) A[r][k] -= f * A[c][k];
    }
  }
  return (det - 1) ** 2;
}

/** exp of a matrix by scaling, its series and squaring. */
export function matrixExponentialLoss([a, b, c, d]) {
  const mul = (X, Y) => [
    [X[0][0] * Y[0][0] + X[0][1] * Y[1][0], X[0][0] * Y[0][1] + X[0][1] * Y[1][1]],
    [X[1][0] * Y[0][0] + X[1][1] * Y[1][0], X[1][0] * Y[0][1] + X[1][1] * Y[1][1]],
  ];
  const A = [[a, b], [c, d]].map((row) => row.map((v) => v / 8));
  let term = [[1, 0], [0, 1]];
  let E = structuredCopy(term);
  for (let k = 1; k <= 14; k++) {
    term = mul(term, A).map((row) => row.map((v) => v / k));
    E = E.map((row, i) => row.map((v, j) => v + term[i][j]));
  }
  for (let k = 0; k < 3; k++) E = mul(E, E);
  return E.flat().reduce((s, v, i) => s + (v - i) ** 2, 0);
}
const structuredCopy = (m) => m.map((row) => [...row]);

/** Modified Gram-Schmidt: the deviation of a matrix from orthogonal columns. */
export function gramSchmidtLoss(p) {
  const columns = [p.slice(0, 3), p.slice(3, 6), p.slice(6)];
  const dot = (u, v) => u.reduce((s, x, i) => s + x * v[i], 0);
  const R = [];
  columns.forEach((v, i) => {
    for (let j = 0; j < i; j++) {
      const r = dot(columns[j], columns[i]);
      R.push(r ** 2);
      columns[i] = columns[i].map((x, k) => x - r * columns[j][k]);
    }
    const norm = Math.sqrt(dot(columns[i], columns[i]));
    R.push((norm - 1) ** 2);
    columns[i] = columns[i].map((x) => x / norm);
  });
  return R.reduce((a, b) => a + b) + columns[2][0];
}

/** Factors of a table of ratings, most of which are missing. */
export function ratingsLoss(p) {
  const rated = new Map([['0,1', 4], ['1,0', 2], ['2,1', 5], ['2,0', 1], ['0,0', 3]]);
  const users = [p.slice(0, 2), p.slice(2, 4), p.slice(4, 6)];
  const items = [p.slice(6, 8), p.slice(8, 10)];
  let s = 0;
  for (const [key, rating] of rated) {
    const [u, i] = key.split(',').map(Number);
    s += (users[u][0] * items[i][0] + users[u][1] * items[i][1] - rating) ** 2;
  }
  return s + 0.1 * Math.hypot(...p);
}
