/** Losses with a user-defined gradient. */
const points = [
  [0.2, 0.9], [0.5, 1.4], [0.9, 2.2], [1.4, 3.3], [1.9, 4.1], [2.3, 4.9], [2.8, 6.1],
];

function sums(slope: number, offset: number): [number, number] {
  let bySlope = 0;
  let byOffset = 0;
  for (const [x, y] of points) {
    const miss = slope * x + offset - y;
    bySlope += (2 * miss * x) / points.length;
    byOffset += (2 * miss) / points.length;
  }
  return [bySlope, byOffset];
}
const squares = (slope: number, offset: number): number =>
  points.reduce((sum, [x, y]) => sum + (slope * x + offset - y) ** 2, 0) / points.length;

/**
 * Finds: gradient-mismatch at «forgotPenalty»
 * Silent: overfitting; plateau:flat-valley
 * Verdict: stalled
 * Because: the gradient omits the penalty’s 0.6·slope. At the start
 * slope is 0 and both agree; they differ after the first step. The run ends where the squares are least, and the penalty is not.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @gradient forgotPenalty
 * @steps 150
 */
export function ridge([slope, offset]: number[]): number {
  return squares(slope, offset) + 0.3 * slope * slope;
}

export function forgotPenalty([slope, offset]: number[]): number[] {
  return sums(slope, offset);
}

/**
 * Finds: nothing
 * Silent: gradient-mismatch
 * Verdict: converged
 * Because: the same loss with its complete gradient.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.05
 * @gradient rightPenalty
 * @steps 150
 */
export function ridgeRight([slope, offset]: number[]): number {
  return squares(slope, offset) + 0.3 * slope * slope;
}

export function rightPenalty([slope, offset]: number[]): number[] {
  const [bySlope, byOffset] = sums(slope, offset);
  return [bySlope + 0.6 * slope, byOffset];
}

/**
 * Finds: gradient-mismatch at «withoutTwo»
 * Verdict: still-improving
 * Because: half of the right gradient has the right direction, so the run converges.
 *
 * @loss
 * @start [0.1, 0.1]
 * @optimizer sgd lr=0.05
 * @gradient withoutTwo
 * @steps 150
 */
export function halved([slope, offset]: number[]): number {
  return squares(slope, offset);
}

export function withoutTwo([slope, offset]: number[]): number[] {
  return sums(slope, offset).map((g) => g / 2);
}

/**
 * Finds: nothing
 * Silent: gradient-mismatch; non-finite-gradient
 * Verdict: still-improving
 * Because: the start is at the kink of |slope − 1|, where the sign
 * is 0: any derivative between −0.1 and 0.1 would be acceptable.
 *
 * @loss
 * @start [1, 0.4]
 * @optimizer adam lr=0.01
 * @gradient bySubgradient
 * @steps 190
 */
export function absolute([slope, offset]: number[]): number {
  return points.reduce((sum, [x, y]) => sum + Math.abs(slope * x + offset - y), 0) / points.length + 0.1 * Math.abs(slope - 1);
}

export function bySubgradient([slope, offset]: number[]): number[] {
  let g = [0.1 * Math.sign(slope - 1), 0];
  for (const [x, y] of points) {
    const side = Math.sign(slope * x + offset - y) / points.length;
    g = [g[0] + side * x, g[1] + side];
  }
  return g;
}

/**
 * Finds: nothing
 * Silent: gradient-mismatch
 * Verdict: still-improving
 * Because: the gradient is correct to the seven digits of float32.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @gradient inSingle
 * @steps 150
 */
export function singlePrecision([slope, offset]: number[]): number {
  return squares(slope, offset);
}

export function inSingle([slope, offset]: number[]): number[] {
  return [...Float32Array.from(sums(slope, offset))];
}
