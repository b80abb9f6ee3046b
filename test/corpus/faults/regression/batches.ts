import { normalFrom } from '../data/seeded.js';

/** Four hundred rows of eight features with noisy targets, and another hundred rows for validation. */
const normal = normalFrom(11);
const truth = Array.from({ length: 8 }, normal);

function draw(count: number, noise: number) {
  return Array.from({ length: count }, () => {
    const x = Array.from({ length: 8 }, normal);
    return { x, y: x.reduce((sum, v, k) => sum + v * truth[k], noise * normal()) };
  });
}

const rows = draw(400, 0.5);
const held = draw(100, 0.5);
const noisier = draw(400, 8);
const withSlip = rows.map((row, i) => (i === 77 ? { ...row, y: 60 } : row));

type Batch = { indices: readonly number[] };

function error(w: number[], { x, y }: { x: number[]; y: number }): number {
  let z = -y;
  for (let k = 0; k < 8; k++) z += w[k] * x[k];
  return 0.5 * z * z;
}

function overBatch(w: number[], data: typeof rows, indices: readonly number[]): number {
  let sum = 0;
  for (const i of indices) sum += error(w, data[i]);
  return sum / indices.length;
}

/**
 * Finds: plateau:noise-floor at «lr=0.05»
 * Silent: plateau:flat-valley; oscillation; loss-spike
 * May: noise-limited
 * Verdict: converged
 * Because: at t = 100 the loss over all rows is within 1 % of its
 * minimum, 0.134, and the improvement of one batch is lost in the next.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer sgd lr=0.05
 * @samples 400
 * @batch 10
 * @epochs 20
 * @seed 1
 */
export function toTheFloor(w: number[], { indices }: Batch): number {
  return overBatch(w, rows, indices);
}

/**
 * Finds: plateau:noise-floor at «lr=0.05»
 * Silent: plateau:flat-valley; edge-of-stability; loss-spike; instability-at-start
 * May: noise-limited
 * Verdict: converged
 * Because: from the fourth epoch on the loss over all rows varies between 0.137 and 0.148.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer adam lr=0.05
 * @samples 400
 * @batch 8
 * @epochs 20
 * @seed 2
 */
export function toTheFloorByAdam(w: number[], { indices }: Batch): number {
  return overBatch(w, rows, indices);
}

/**
 * Finds: nothing
 * Silent: instability-at-start; overfitting; noise-limited; plateau:noise-floor
 * Verdict: still-improving
 * Because: 15 epochs of decreasing loss, and the validation loss follows.
 * The first batch had a small loss, so that seven others are above it.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer sgd lr=0.02
 * @samples 400
 * @batch 40
 * @epochs 15
 * @seed 3
 * @validation meanOfHeld
 */
export function early(w: number[], { indices }: Batch): number {
  return overBatch(w, rows, indices);
}

export function meanOfHeld(w: number[]): number {
  return held.reduce((sum, row) => sum + error(w, row), 0) / held.length;
}

/**
 * Finds: divergence at «lr=3»
 * Silent: instability-at-start
 * Verdict: diverged
 * Because: the curvatures reach 1.3 and more on single batches: the limit is 1.5.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer sgd lr=3
 * @samples 400
 * @batch 100
 * @epochs 20
 * @seed 4
 */
export function tooLong(w: number[], { indices }: Batch): number {
  return overBatch(w, rows, indices);
}

/**
 * Finds: noise-limited at «2» in «@batch 2»
 * Silent: plateau:noise-floor; instability-at-start; loss-spike; divergence
 * Because: the gradient’s square is about 9, its variance over rows about 650: a batch would need 76
 * rows for a significant gradient. The loss over all rows falls nevertheless, by 6 % in an epoch.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer sgd lr=0.002
 * @samples 400
 * @batch 2
 * @steps 190
 * @seed 5
 */
export function littleToSee(w: number[], { indices }: Batch): number {
  return overBatch(w, noisier, indices);
}

/**
 * Finds: nothing
 * Silent: loss-spike; stale-second-moment; instability-at-start
 * May: noise-limited
 * Because: one target is a typing error, 60 instead of 1: its batch has a loss of 100 to 230 once
 * in every epoch, from the first to the last. This is caused by the data, and the run continues.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer adam lr=0.02
 * @samples 400
 * @batch 8
 * @steps 190
 * @seed 6
 */
export function oneRowIsWrong(w: number[], { indices }: Batch): number {
  return overBatch(w, withSlip, indices);
}

/**
 * Finds: plateau:lr-too-small at «lr=1e-5»
 * Silent: plateau:noise-floor; plateau:flat-valley; plateau:converged
 * Verdict: still-improving
 * Because: 800 steps of 1e-5 cover 0.008 of a distance of up to 2. The noise of the
 * batches hides the fall, but the loss over all rows falls in a straight line, by 1 %.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer adam lr=1e-5
 * @samples 400
 * @batch 100
 * @epochs 200
 * @seed 7
 */
export function crawling(w: number[], { indices }: Batch): number {
  return overBatch(w, rows, indices);
}

/**
 * Finds: nothing
 * Silent: plateau:noise-floor; oscillation
 * May: noise-limited
 * Verdict: converged
 * Because: half a cosine to zero over four epochs: the noise averages out
 * as the learning rate falls, and the run ends when it has converged.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer sgd lr=0.05
 * @schedule cosine
 * @samples 400
 * @batch 10
 * @epochs 4
 * @seed 8
 */
export function decaying(w: number[], { indices }: Batch): number {
  return overBatch(w, rows, indices);
}
