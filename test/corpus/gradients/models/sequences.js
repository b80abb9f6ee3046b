import { series } from './points.json';

/** Convolution with a kernel of three, stride 2, relu, pooling. */
export function convolutionLoss(p) {
  const kernel = p.slice(0, 3);
  const bias = p[3];
  const out = [];
  for (let i = 0; i + kernel.length <= series.length; i += 2) {
    let v = bias;
    for (let j = 0; j < kernel.length; j++) v += kernel[j] * series[i + j];
    out.push(Math.max(0, v));
  }
  const pooled = out.reduce((a, b) => a + b, 0) / out.length;
  return (pooled - 1) ** 2 + 0.1 * Math.max(...out);
}

/** A gated recurrent cell, trained to predict the next value. */
export function recurrentLoss(w) {
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  let h = 0;
  let loss = 0;
  for (let k = 0; k < series.length - 1; k++) {
    const x = series[k];
    const z = sigmoid(w[0] * x + w[1] * h + w[2]);
    const r = sigmoid(w[3] * x + w[4] * h);
    const candidate = Math.tanh(w[5] * x + w[6] * (r * h));
    h = (1 - z) * h + z * candidate;
    loss += (w[7] * h - series[k + 1]) ** 2;
  }
  return loss;
}

/** Kalman filter of a local level with slope: state of two, covariance of two by two. */
export function kalmanNll([logQ, logR, phi]) {
  const q = Math.exp(logQ);
  const r = Math.exp(logR);
  let [level, slope] = [0, 0];
  let P = [[1, 0], [0, 1]];
  const F = [[1, 1], [0, phi]];
  const mul = (A, B) => A.map((row) => B[0].map((_, j) => row.reduce((s, a, k) => s + a * B[k][j], 0)));
  const transpose = (A) => A[0].map((_, j) => A.map((row) => row[j]));
  let nll = 0;
  for (const y of series) {
    [level, slope] = [level + slope, phi * slope];
    P = mul(mul(F, P), transpose(F));
    P[0][0] += q;
    P[1][1] += q * 0.5;
    const s = P[0][0] + r;
    const e = y - level;
    nll += 0.5 * (Math.log(2 * Math.PI * s) + e ** 2 / s);
    const K = [P[0][0] / s, P[1][0] / s];
    level += K[0] * e;
    slope += K[1] * e;
    P = P.map((row, i) => row.map((v, j) => v - K[i] * P[0][j]));
  }
  return nll;
}

/** GARCH(1, 1) with a mean. */
export function garchNll([mu, omega, alpha, beta]) {
  let variance = 0.3, nll = 0, last = 0;
  series.forEach((y, i) => {
    if (i > 0) variance = omega ** 2 + alpha ** 2 * last ** 2 + beta ** 2 * variance;
    last = y - mu;
    nll += 0.5 * (Math.log(variance) + last ** 2 / variance);
  });
  return nll;
}

/** Dynamic time warping with a soft minimum, over a table of costs. */
export function softDtwLoss(p) {
  const gamma = 0.5;
  const n = p.length;
  const m = series.length;
  const D = Array.from({ length: n + 1 }, () => new Float64Array(m + 1).fill(Infinity));
  D[0][0] = 0;
  const softmin = (...v) => {
    const low = Math.min(...v);
    return low - gamma * Math.log(v.reduce((s, u) => s + Math.exp(-(u - low) / gamma), 0));
  };
  for (let i = 1; i <= n; i++)
    for (let j = 1; j <= m; j++) D[i][j] = (p[i - 1] - series[j - 1]) ** 2 + softmin(D[i - 1][j], D[i][j - 1], D[i - 1][j - 1]);
  return D[n][m];
}

/** The forward algorithm of a hidden Markov model with two states and normal emissions, scaled at every step. */
export function hiddenMarkovNll([stay, mean0, mean1, logWidth]) {
  const a = 1 / (1 + Math.exp(-stay));
  const width = Math.exp(logWidth);
  const density = (y, mean) => Math.exp(-0.5 * ((y - mean) / width) ** 2) / (width * Math.sqrt(2 * Math.PI));
  let alpha = [0.5, 0.5];
  let nll = 0;
  for (const y of series) {
    const next = [
      (alpha[0] * a + alpha[1] * (1 - a)) * density(y, mean0),
      (alpha[0] * (1 - a) + alpha[1] * a) * density(y, mean1),
    ];
    const total = next[0] + next[1];
    nll -= Math.log(total);
    alpha = next.map((v) => v / total);
  }
  return nll;
}

/** The best path through a trellis, without smoothing. */
export function viterbiCost([cost, low, high]) {
  let scores = { low: 0, high: 0 };
  for (const y of series) {
    const stayLow = scores.low;
    const stayHigh = scores.high;
    scores = {
      low: (y - low) ** 2 + Math.min(stayLow, stayHigh + cost),
      high: (y - high) ** 2 + Math.min(stayHigh, stayLow + cost),
    };
  }
  return Math.min(...Object.values(scores));
}
