import { normalFrom } from '../data/seeded.js';

const normal = normalFrom(53);
const truth = [1.5, -2, 1];
const draw = (count: number, noise: number) =>
  Array.from({ length: count }, () => {
    const x = truth.map(normal);
    return { x, y: x.reduce((sum, v, k) => sum + v * truth[k], noise * normal()) };
  });
const rows = draw(64, 0.3);
type Batch = { indices: readonly number[] };
const squares = (w: number[], indices: readonly number[]): number =>
  indices.reduce((sum, i) => sum + (rows[i].x.reduce((s, v, k) => s + v * w[k], 0) - rows[i].y) ** 2, 0) / indices.length;

/**
 * Finds: stopped-while-improving at «minDelta=0.003»
 * Silent: plateau:lr-too-small; plateau:converged
 * Verdict: still-improving
 * Because: the loss is 0.013 at the start and falls by at most 5e-4 a step. Five steps gain less than minDelta, so the run ends
 * at once.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @earlyStopping patience=5 minDelta=0.003
 * @steps 500
 */
export function deltaInAnotherUnit([a, b]: number[]): number {
  return 0.001 * ((a - 3) ** 2 + (b + 2) ** 2);
}

/**
 * Finds: nothing
 * Silent: stopped-while-improving
 * May: plateau:converged
 * Verdict: converged
 * Because: the same loss with a minDelta of 1e-12: the run ends when it has converged.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=50
 * @earlyStopping patience=10 minDelta=1e-12
 * @steps 500
 */
export function deltaInItsUnit([a, b]: number[]): number {
  return 0.001 * ((a - 3) ** 2 + (b + 2) ** 2);
}

/**
 * Finds: stopped-while-improving at «minDelta=0.2»
 * Silent: plateau:lr-too-small; plateau:noise-floor
 * May: noise-limited
 * Verdict: still-improving
 * Because: an epoch lowers the loss by 8 %, so from a loss of 1.3 on two of them gain less than 0.2. The noise of the data is 0.1.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer sgd lr=0.005
 * @samples 64
 * @batch 16
 * @epochs 200
 * @earlyStopping patience=2 minDelta=0.2
 * @seed 10
 */
export function deltaPerEpoch(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}

/**
 * Finds: stopped-while-improving at «patience=3»
 * Silent: plateau:converged; oscillation
 * Verdict: still-improving
 * Because: momentum 0.95 overshoots x, so the loss rises for several steps at a time, while y has hardly moved. The last loss is 12,
 * after a lowest one of 4.9. This is the first overshoot, lower than the start at 15, so nothing shows that later ones would not shrink.
 *
 * @loss
 * @start [1, 10]
 * @optimizer sgd lr=0.01 momentum=0.95
 * @earlyStopping patience=3
 * @steps 600
 */
export function endsAtTheFirstRise([x, y]: number[]): number {
  return 10 * x * x + 0.05 * y * y;
}

/**
 * Finds: nothing
 * Silent: stopped-while-improving; loss-spike; oscillation
 * May: plateau:converged
 * Verdict: still-improving
 * Because: the same momentum with a patience of 100 steps, longer than a period of 14. The run ends after a loss of 5e-5 by chance, with 1e-5 of the decrease left, which would still be gained.
 *
 * @loss
 * @start [1, 10]
 * @optimizer sgd lr=0.01 momentum=0.95
 * @earlyStopping patience=100
 * @steps 3000
 */
export function waitsForTheFall([x, y]: number[]): number {
  return 10 * x * x + 0.05 * y * y;
}

/**
 * Finds: nothing
 * Silent: stopped-while-improving; loss-spike
 * May: noise-limited; plateau:noise-floor; plateau:converged
 * Verdict: converged
 * Because: the loss over all rows stays within 2 % of its minimum from the tenth epoch on, and five epochs without progress end it.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer sgd lr=0.05
 * @samples 64
 * @batch 8
 * @epochs 100
 * @earlyStopping patience=5
 * @seed 11
 */
export function endsAtTheNoise(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}

/**
 * Finds: nothing
 * Silent: stopped-while-improving; plateau:lr-too-small
 * Verdict: still-improving
 * Because: the last three steps gain less than 0.01, but only 0.008 of 13 is left: the user asked for this accuracy.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.05
 * @earlyStopping patience=3 minDelta=0.01
 * @steps 500
 */
export function coarseOnPurpose([a, b]: number[]): number {
  return (a - 3) ** 2 + (b + 2) ** 2;
}

/**
 * Finds: nothing
 * Silent: stopped-while-improving; plateau:saddle
 * May: plateau:converged
 * Verdict: converged
 * Because: the run ends when its gradient is a millionth of the largest one.
 *
 * @loss
 * @start [4, -3]
 * @optimizer sgd lr=0.2
 * @tolerance 1e-6
 * @steps 1000
 */
export function endsByTolerance([a, b]: number[]): number {
  return (a - 1) ** 2 + 0.5 * (b - 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: stopped-while-improving; oscillation; loss-spike
 * May: noise-limited; plateau:noise-floor
 * Verdict: stalled
 * Because: at this lr the loss over all rows scatters between 0.12 and 0.3 from the third epoch on, above a minimum of 0.1. The run ends
 * after three losses that are higher by chance.
 *
 * @loss
 * @start [0, 0, 0]
 * @optimizer adam lr=0.8
 * @samples 64
 * @batch 4
 * @epochs 100
 * @earlyStopping patience=3
 * @seed 3
 */
export function scattersAtItsNoise(w: number[], { indices }: Batch): number {
  return squares(w, indices);
}

/**
 * Finds: nothing
 * Silent: stopped-while-improving; oscillation
 * Verdict: still-improving
 * Because: Adam passes the minimum of a parabola with momentum, and the loss rises from 0.005 to 0.06. The start was 25, so
 * little is left, but a longer patience lets it return.
 *
 * @loss
 * @start [5]
 * @optimizer adam lr=0.3
 * @earlyStopping patience=2
 * @steps 200
 */
export function endsBehindTheMinimum([x]: number[]): number {
  return x * x;
}
