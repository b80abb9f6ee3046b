import { t, x, y } from './points.json';

type Row = number[];
const dot = (a: Row, b: Row): number => a.reduce((s, v, i) => s + v * b[i], 0);
const logSumExp = (z: Row): number => {
  const top = Math.max(...z);
  return top + Math.log(z.map((v) => Math.exp(v - top)).reduce((a, b) => a + b));
};
const chunk = (p: Row, n: number): Row[] => (p.length ? [p.slice(0, n), ...chunk(p.slice(n), n)] : []);

/** Three classes, weights and biases row by row. */
export function softmaxLoss(p: number[]): number {
  const rows = chunk(p, 3);
  const nll = x.map((point, i) => {
    const z = rows.map(([b, ...w]) => b + dot(w, point));
    return logSumExp(z) - z[y[i]];
  });
  return nll.reduce((a, b) => a + b, 0) / nll.length + 0.01 * dot(p, p);
}

/** Binary classification of class 1, with class weights and a stable logistic loss. */
export function logisticLoss([b, ...w]: number[]): number {
  let loss = 0;
  for (let i = 0; i < x.length; i++) {
    const z = b + dot(w, x[i]);
    const label = +(y[i] === 1);
    const weight = label ? 2 : 1;
    loss += weight * (Math.max(z, 0) - label * z + Math.log1p(Math.exp(-Math.abs(z))));
  }
  return loss;
}

/** 2-3-2-1 with tanh and sine. All weights are in one list, which is read with a running index. */
export function mlpLoss(p: number[]): number {
  let at = 0;
  const dense = (out: number, f: (z: number) => number) => {
    const from = at;
    return (input: Row): Row => {
      let k = from;
      const result: Row = [];
      for (let o = 0; o < out; o++) {
        let z = p[k++];
        for (const v of input) z += p[k++] * v;
        result.push(f(z));
      }
      at = Math.max(at, k);
      return result;
    };
  };
  const sizes: [number, number, (z: number) => number][] = [
    [2, 3, Math.tanh],
    [3, 2, (z) => Math.sin(z)],
    [2, 1, (z) => z],
  ];
  const layers = sizes.map(([n, out, f]) => {
    const layer = dense(out, f);
    at += out * (n + 1);
    return layer;
  });
  return x.reduce((s, point, i) => s + (layers.reduce((v, layer) => layer(v), point as Row)[0] - t[i]) ** 2, 0) / x.length;
}

/** Layer normalisation, then GELU by its tanh formula, then squared error. */
export function geluLoss(p: number[]): number {
  const gelu = (z: number) => 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3)));
  const [scale, shift, ...w] = p;
  let total = 0;
  for (const [i, [u, v]] of x.entries()) {
    const h = [w[0] * u + w[1] * v, w[2] * u - w[3] * v, w[1] * u * v];
    const mean = (h[0] + h[1] + h[2]) / 3;
    const variance = h.reduce((s, q) => s + (q - mean) ** 2, 0) / h.length;
    const normal = h.map((q) => (scale * (q - mean)) / Math.sqrt(variance + 1e-5) + shift);
    total += (normal.map(gelu).reduce((a, b) => a + b) - t[i]) ** 2;
  }
  return total;
}

/** One head of attention over the eight points. */
export function attentionLoss(p: number[]): number {
  const [wq, wk, wv] = [p.slice(0, 4), p.slice(4, 8), p.slice(8)].map((w) => [w.slice(0, 2), w.slice(2)]);
  const apply = (w: Row[]) => x.map((row) => w.map((r) => dot(r, row)));
  const [q, k, v] = [wq, wk, wv].map(apply);
  let s = 0;
  for (const [i, query] of q.entries()) {
    const scores = k.map((key) => dot(query, key) / Math.SQRT2);
    const norm = logSumExp(scores);
    const out = [0, 0];
    scores.forEach((score, j) => {
      const a = Math.exp(score - norm);
      out[0] += a * v[j][0];
      out[1] += a * v[j][1];
    });
    s += (out[0] * out[1] - t[i]) ** 2;
  }
  return s;
}

/** Triplets that violate their margin. */
export function tripletLoss(w: number[]): number {
  const embed = ([u, v]: number[]) => [w[0] * u + w[1] * v, Math.tanh(w[2] * u) + w[3] * v];
  const distance = (a: Row, b: Row) => Math.hypot(...a.map((q, i) => q - b[i]));
  const points = x.map(embed);
  let s = 0, n = 0;
  for (let a = 0; a < points.length; a++)
    for (let b = a + 1; b < points.length; b++) {
      if (y[a] !== y[b]) continue;
      for (let c = 0; c < points.length; c++) {
        if (y[c] === y[a]) continue;
        const violation = distance(points[a], points[b]) - distance(points[a], points[c]) + 0.5;
        if (violation <= 0) continue;
        s += violation;
        n++;
      }
    }
  return n ? s / n : 0;
}
