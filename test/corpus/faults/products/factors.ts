import { normalFrom } from '../data/seeded.js';

/** Products of parameters: nets and factorisations, with negative curvature near their minima. */
const normal = normalFrom(59);
const left = [1.2, -0.7, 0.5, 0.9];
const right = [0.8, 1.1, -0.6];
const table = left.map((u) => right.map((v) => u * v + 0.02 * normal()));
const clouds = Array.from({ length: 30 }, () => {
  const s = normal();
  return [s + 0.1 * normal(), -0.5 * s + 0.1 * normal(), 0.8 * s + 0.1 * normal()];
});
const waves = Array.from({ length: 24 }, (_, i) => {
  const x = -1.5 + i / 8;
  return { x, y: 0.6 * Math.sin(2 * x) };
});

/**
 * Finds: nothing
 * Silent: plateau:saddle; plateau:flat-valley; zero-gradient
 * May: plateau:converged
 * Verdict: converged
 * Because: any a·b·c = 2 is a minimum. Its curvature is 0 along the surface, and negative beside it, but the loss is 0.
 *
 * @loss
 * @start [1, 1.2, 0.8]
 * @optimizer sgd lr=0.01
 * @steps 1500
 */
export function threeFactors([a, b, c]: number[]): number {
  return (a * b * c - 2) ** 2;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; plateau:flat-valley
 * May: plateau:converged; ill-conditioned
 * Verdict: converged
 * Because: gain and slope are known as a product only; the run ends at one of the minima, where the loss is 0.
 *
 * @loss
 * @start [1.5, 0.5]
 * @optimizer adam lr=0.02
 * @steps 1200
 */
export function gainTimesSlope([gain, slope]: number[]): number {
  return waves.reduce((sum, { x }) => sum + (gain * slope * x - 1.7 * x) ** 2, 0) / waves.length;
}

export const rankOneStart = [0.5, 0.4, 0.3, 0.2, 0.3, 0.4, 0.1];

/**
 * Finds: nothing
 * Silent: plateau:saddle; plateau:flat-valley; instability-at-start
 * May: plateau:converged
 * Verdict: converged
 * Because: the product of two vectors approximates a table of rank one, up to its noise of 0.02.
 *
 * @loss
 * @optimizer sgd lr=0.05
 * @steps 1500
 */
export function rankOne(p: number[]): number {
  return table.reduce((sum, row, i) => sum + row.reduce((s, v, j) => s + (p[i] * p[4 + j] - v) ** 2, 0), 0);
}

export const codeStart = [0.3, 0.1, 0.2, 0.2, -0.1, 0.3];

/**
 * Finds: nothing
 * Silent: plateau:saddle; plateau:flat-valley
 * May: plateau:converged; ill-conditioned
 * Verdict: converged
 * Because: a linear code of one number for three: encoder times decoder, whose scale is free.
 *
 * @loss
 * @optimizer adam lr=0.01
 * @steps 2000
 */
export function code(p: number[]): number {
  return clouds.reduce((sum, x) => {
    const h = p[0] * x[0] + p[1] * x[1] + p[2] * x[2];
    return sum + x.reduce((s, v, k) => s + (p[3 + k] * h - v) ** 2, 0);
  }, 0) / clouds.length;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; plateau:flat-valley
 * May: plateau:converged
 * Verdict: converged
 * Because: amplitude and phase are polar coordinates of a point; its minimum is 0 at every turn.
 *
 * @loss
 * @start [0.5, 1.2]
 * @optimizer adam lr=0.02
 * @steps 1500
 */
export function amplitudeAndPhase([amplitude, phase]: number[]): number {
  return (amplitude * Math.cos(phase) - 1) ** 2 + (amplitude * Math.sin(phase) - 0.5) ** 2;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; zero-gradient; plateau:flat-valley
 * May: plateau:converged; ill-conditioned
 * Verdict: converged
 * Because: adding a constant to all scores changes nothing, so one direction is flat; the frequencies 0.5, 0.3, 0.2 are reached.
 *
 * @loss
 * @start [0, 1, -1]
 * @optimizer sgd lr=0.5
 * @steps 600
 */
export function softmaxScores(z: number[]): number {
  const top = Math.max(...z);
  const total = z.reduce((sum, v) => sum + Math.exp(v - top), 0);
  return Math.log(total) + top - 0.5 * z[0] - 0.3 * z[1] - 0.2 * z[2];
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; plateau:flat-valley; edge-of-stability
 * May: plateau:converged
 * Verdict: converged
 * Because: a gate between two constants reaches 0.6, for instance with a sigmoid of 0.4: a curve of minima again.
 *
 * @loss
 * @start [0, 1, 0.2]
 * @optimizer sgd lr=0.2
 * @steps 2500
 */
export function gated([gate, one, other]: number[]): number {
  const share = 1 / (1 + Math.exp(-gate));
  return (share * one + (1 - share) * other - 0.7) ** 2 + 0.1 * (one - 1.2) ** 2;
}

export const deepLineStart = [0.7, 0.8, 0.6, 0.9];

/**
 * Finds: nothing
 * Silent: plateau:saddle; loss-spike; instability-at-start
 * May: plateau:converged; plateau:noise-floor; noise-limited
 * Verdict: converged
 * Because: four linear layers of one unit, in batches without noise: their product reaches 1.7, and the loss 0.
 *
 * @loss
 * @optimizer sgd lr=0.02
 * @samples 24
 * @batch 6
 * @epochs 150
 * @seed 12
 */
export function deepLine(p: number[], { indices }: { indices: readonly number[] }): number {
  return indices.reduce((sum, i) => sum + (p[0] * p[1] * p[2] * p[3] * waves[i].x - 1.7 * waves[i].x) ** 2, 0) / indices.length;
}

/**
 * Finds: plateau:saddle at «[0, 0]»
 * Silent: plateau:converged; zero-gradient
 * Verdict: stalled
 * Because: at a = b = 0 both gradients, 2(ab − 1)b and 2(ab − 1)a, are 0, but along a = b the curvature is −2.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.05
 * @steps 600
 */
export function bothFactorsZero([a, b]: number[]): number {
  return (a * b - 1) ** 2;
}
