// Kinks in kinks: at a tie no fixed derivative of max, min or abs is right in every composition.

const relu = (z: number): number => Math.max(0, z);
const leaky = (z: number): number => Math.max(z, 0.1 * z);

export const constantLoss = ([x]: number[]): number => relu(-relu(x));

export const identityLoss = ([x]: number[]): number => relu(x) - relu(-x);

export const cancelledLoss = ([x, y]: number[]): number => Math.max(x, -x) - Math.abs(x) + y;

export const chainLoss = ([x]: number[]): number => relu(relu(relu(x)));

export const leakyChainLoss = ([x]: number[]): number => leaky(leaky(x));

export const emptyClampLoss = ([x, y]: number[]): number => Math.min(Math.max(x, 0), 0) * 5 + 2 * y;

export const softThresholdLoss = ([x]: number[]): number => Math.max(x - 1, 0) - Math.max(-x - 1, 0);

export const foldedLoss = ([x]: number[]): number => Math.abs(x + Math.abs(x)) + Math.abs(Math.abs(x));

export const medianLoss = ([x, y, z]: number[]): number =>
  Math.max(Math.min(x, y), Math.min(Math.max(x, y), z));

export const sortedLoss = ([x, y]: number[]): number => {
  const [low, high] = [Math.min(x, y), Math.max(x, y)];
  return low * 3 + high * 3 + low * high + (high - low) ** 2;
};

export const triangleLoss = ([x, y, z]: number[]): number => {
  const a = Math.max(x, y), b = Math.max(y, z);
  return Math.max(a, b) - Math.max(x, y, z) + Math.min(x, Math.min(y, z)) - Math.min(x, y, z);
};

/** A support vector machine with a point on its margin. */
export function hingeLoss([w, v, b]: number[]): number {
  const data = [[1, 2, 1], [2, -1, -1], [0.5, 0.5, 1]];
  let sum = 0;
  for (const [x, y, label] of data) sum += Math.max(0, 1 - label * (w * x + v * y + b));
  return sum;
}

export const logSumExpLoss = (p: number[]): number => {
  const m = Math.max(...p);
  return m + Math.log(p.reduce((sum, z) => sum + Math.exp(z - m), 0));
};

export const logistic = ([a, b]: number[]): number => {
  let sum = 0;
  for (const [x, label] of [[1, 1], [-2, 0], [0.5, 1]]) {
    const z = a * x + b;
    sum += Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z)));
  }
  return sum;
};

export const coneLoss = ([x, y]: number[]): number => Math.max(x, Math.hypot(x, y));

export const halfConeLoss = ([x, y]: number[]): number => Math.hypot(Math.max(0, x), y);

export const fartherLoss = ([x, y, z]: number[]): number => Math.max(0, -Math.hypot(x, y, z)) + x;

export function lassoLoss(w: number[]): number {
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += 0.5 * Math.abs(w[i]);
  return sum + w.reduce((s, v) => s + Math.max(0, v), 0) + (w[0] - 1) ** 2;
}

/** A sum with ties in the middle: the terms after them count, too. */
export function mixedSumLoss(w: number[]): number {
  let sum = 1;
  for (let i = 0; i < 12; i++) sum += Math.max(w[i % 3] * (i - 5), 0) - Math.max(w[i % 3] * (5 - i), 0);
  return sum;
}

export function runningMaxLoss(p: number[]): number {
  let m = p[0];
  for (let i = 1; i < p.length; i++) m = Math.max(m, p[i]);
  let high = -Infinity;
  for (const v of p) if (v >= high) high = v;
  return m + 0 * high;
}

/** The largest rise of a path: what has been reached so far decides later kinks. */
export function drawupLoss(p: number[]): number {
  let low = p[0], best = 0;
  for (const v of p) {
    low = Math.min(low, v);
    best = Math.max(best, v - low);
  }
  return best;
}

export const noTieLoss = ([w, v]: number[]): number => relu(w * 0) + relu(v * v) + 2 * w;

export const touchingLoss = ([x]: number[]): number => Math.max(x, x + x * x);

export const chosenLoss = ([x]: number[]): number => (x > 0 ? x : 0) + (x >= 0 ? x : 0);

export const rootLoss = ([x, y]: number[]): number => Math.sqrt(Math.abs(x)) + y;

export const literalsLoss = ([x]: number[]): number => Math.max(2, 2, x) + Math.min(x, 7, 7) + Math.max(3, 3);

export const rectifierLoss = ([b, w]: number[]): number => (relu(-0.5 * relu(w * 0 + b)) - 1) ** 2 + (w - 2) ** 2;

export async function laterLoss([x, y]: number[]): Promise<number> {
  await null;
  const a = relu(x);
  await null;
  return relu(-a) + relu(y) - relu(-y);
}

/** A net whose weights begin at 0. */
export function netLoss(p: number[]): number {
  const [a, b, c, d, e, f] = p;
  const h = [relu(a * 2 + b), relu(c * 2 + d)];
  return relu(h[0] - h[1] + e) + f * h[0] - 3 * f;
}

class Part {
  value: Float64Array;
  constructor(v: number[]) {
    this.value = Float64Array.from(v);
  }
  height(): number {
    let h = -Infinity;
    this.value.forEach((v) => {
      h = Math.max(h, v);
    });
    return h;
  }
}

export const classLoss = (p: number[]): number => new Part(p).height() - Math.max(p[0], p[1], p[2]) + p[1];

/** The distance of each point to each other, and to itself. */
export function distancesLoss(p: number[]): number {
  let sum = 0;
  for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) sum += Math.abs(p[i] - p[j]) + Math.hypot(p[i] - p[j], 0);
  return sum;
}
