import { normalFrom } from '../data/seeded.js';

const normal = normalFrom(43);
const truth = [2, -1.5, 1];
const rows = Array.from({ length: 90 }, () => {
  const x = truth.map(normal);
  return { x, y: x.reduce((sum, v, k) => sum + v * truth[k], 0.1 * normal()) };
});
type Batch = { indices: readonly number[] };
const squares = (w: number[], indices: readonly number[]): number =>
  indices.reduce((sum, i) => sum + (rows[i].x.reduce((s, v, k) => s + v * w[k], 0) - rows[i].y) ** 2, 0) / indices.length;

/**
 * Finds: clipping-dominates at «norm=0.1»
 * Silent: plateau:lr-too-small; weight-decay-dominates
 * Verdict: still-improving
 * Because: all gradients, of norm 20 to 17.5, are clipped to 0.1: 500 steps of 0.005 cover 2.5 of the distance 20. Without
 * clipping, lr·curvature = 0.05 converges in 300 steps.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.05
 * @clip norm=0.1
 * @steps 500
 */
export function onAShortLeash([a, b]: number[]): number {
  return 0.5 * ((a - 12) ** 2 + (b - 16) ** 2);
}

/**
 * Finds: clipping-dominates at «value=0.02»
 * Silent: plateau:lr-too-small; edge-of-stability
 * Verdict: still-improving
 * Because: both components, 80 and 30, are clipped to 0.02. With momentum 0.9 a step is at most 0.02: 300 cover 6 of 40 and of 30.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.1 momentum=0.9
 * @clip value=0.02
 * @steps 300
 */
export function eachComponentClipped([a, b]: number[]): number {
  return (a - 40) ** 2 + 0.5 * (b + 30) ** 2;
}

/**
 * Finds: clipping-dominates at «norm=0.05»
 * Silent: plateau:lr-too-small; schedule-mismatch; loss-spike
 * May: noise-limited; plateau:noise-floor
 * Verdict: still-improving
 * Because: the batch gradients have norms near 5 and are clipped to 0.05, so 300 steps of 0.0025 cover 0.75 of a distance of 2.7.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer sgd lr=0.05
 * @clip norm=0.05
 * @samples 90
 * @batch 30
 * @epochs 100
 * @seed 5
 */
export function clippedBatches(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}

/**
 * Finds: nothing
 * Silent: clipping-dominates; eps-dominates
 * May: plateau:converged
 * Verdict: converged
 * Because: Adam divides by the size of the clipped gradients, so a limit of 0.001 changes nothing: 3 are covered at 0.05 a step.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @clip norm=0.001
 * @steps 600
 */
export function clippedAdam([a, b]: number[]): number {
  return (a - 3) ** 2 + 2 * (b + 2) ** 2;
}

/**
 * Finds: nothing
 * Silent: clipping-dominates; plateau:flat-valley
 * May: plateau:converged
 * Verdict: converged
 * Because: steps of 0.05 cover the distance of 5 in 100 steps, all clipped. From there the gradients are below the limit.
 *
 * @loss
 * @start [3, 4]
 * @optimizer sgd lr=0.5
 * @clip norm=0.1
 * @steps 300
 */
export function clippedUntilItArrives([a, b]: number[]): number {
  return 0.5 * (a * a + b * b);
}

/**
 * Finds: nothing
 * Silent: clipping-dominates; divergence; edge-of-stability
 * Verdict: converged
 * Because: a wall x⁴ with gradients of 256 at the start, where lr·curvature is 7: clipping at 10 is needed for some ten steps.
 *
 * @loss
 * @start [4, 2]
 * @optimizer sgd lr=0.05
 * @clip norm=10
 * @steps 400
 */
export function clippedOnTheWall([x, y]: number[]): number {
  return x ** 4 / 4 + 2 * x * x + y * y;
}

/**
 * Finds: nothing
 * Silent: clipping-dominates; loss-spike; instability-at-start
 * May: noise-limited; plateau:noise-floor; plateau:converged
 * Verdict: converged
 * Because: only batches of the first epoch have gradients above 3; the weights arrive within ten epochs.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer sgd lr=0.1
 * @clip norm=3
 * @samples 90
 * @batch 15
 * @epochs 40
 * @seed 6
 */
export function rarelyClippedBatches(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}
