import { normalFrom } from '../data/seeded.js';

/** A line y = 4x + 2 through 24 points with little noise. */
const normal = normalFrom(41);
const points = Array.from({ length: 24 }, (_, i) => {
  const x = -1 + i / 11.5;
  return { x, y: 4 * x + 2 + 0.05 * normal() };
});
const over = (indices: readonly number[], slope: number, offset: number): number =>
  indices.reduce((sum, i) => sum + (slope * points[i].x + offset - points[i].y) ** 2, 0) / indices.length;
const all = points.map((_, i) => i);

/**
 * Finds: weight-decay-dominates at «weightDecay=0.8»
 * Silent: plateau:converged; plateau:lr-too-small; clipping-dominates
 * Verdict: stalled
 * Because: the penalty’s curvature 0.8 is as large as the 0.72 of the loss along the slope, which ends at 1.9 of 4. The loss ends
 * at 1.9 of 10, where without the decay the minimum is 0.002.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.1 weightDecay=0.8
 * @steps 300
 */
export function shrunkLine([slope, offset]: number[]): number {
  return over(all, slope, offset);
}

/**
 * Finds: nothing
 * Silent: weight-decay-dominates; plateau:saddle
 * May: plateau:converged
 * Verdict: converged
 * Because: the same line with a hundredth of that decay: the slope ends at 3.96, which costs 6e-4 of a decrease of 10.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.1 weightDecay=0.008
 * @steps 300
 */
export function lightlyShrunkLine([slope, offset]: number[]): number {
  return over(all, slope, offset);
}

/**
 * Finds: weight-decay-dominates at «weightDecay=2»
 * Silent: plateau:lr-too-small; coupled-weight-decay; zero-gradient
 * Verdict: stalled
 * Because: Adam’s step is lr in the direction of the gradient, the decay is lr·2·x, so they are equal at x = 0.5, far from 2. The
 * time constant of the decay is 50 steps of 800.
 *
 * @loss
 * @start [0]
 * @optimizer adamw lr=0.01 weightDecay=2 beta2=0.99
 * @steps 800
 */
export function balancedAtAHalf([x]: number[]): number {
  return 3 * (x - 2) ** 2;
}

/**
 * Finds: weight-decay-dominates at «weightDecay=5»; coupled-weight-decay at «weightDecay=5»
 * Silent: plateau:lr-too-small
 * Verdict: stalled
 * Because: the minimum of the loss with its penalty is at 2·3/7 and −2/7, where the loss is 5.1; the minimum of the loss is 0.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05 weightDecay=5
 * @steps 500
 */
export function penaltyInsideAdam([a, b]: number[]): number {
  return (a - 3) ** 2 + (b + 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: weight-decay-dominates; plateau:saddle
 * May: plateau:converged
 * Verdict: converged
 * Because: the minimum is so close to 0 that a strong decay hardly moves it: by 0.007, which costs 4e-5 of a decrease of 13.
 *
 * @loss
 * @start [3, -2]
 * @optimizer sgd lr=0.1 weightDecay=1
 * @steps 300
 */
export function minimumNearZero([a, b]: number[]): number {
  return (a - 0.02) ** 2 + (b + 0.01) ** 2;
}

/**
 * Finds: nothing
 * Silent: weight-decay-dominates; plateau:lr-too-small
 * Verdict: still-improving
 * Because: at most 400 steps of 0.005 lead 2 of 3.2 toward the minimum; the decay of 0.001 takes 0.004 of that.
 *
 * @loss
 * @start [0]
 * @optimizer adamw lr=0.005 weightDecay=0.001
 * @steps 400
 */
export function onItsWay([x]: number[]): number {
  return (x - 3.2) ** 2;
}

/**
 * Finds: nothing
 * Silent: weight-decay-dominates; loss-spike; instability-at-start
 * May: noise-limited; plateau:noise-floor; plateau:converged
 * Verdict: still-improving
 * Because: batches of the line with a decay of 0.01: it moves slope and offset by less than the noise of the batches does. Over the
 * last 30 epochs the loss over all samples falls by a third of the 0.0007 above its minimum, with a scatter of 0.00001.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adamw lr=0.05 weightDecay=0.01
 * @samples 24
 * @batch 8
 * @epochs 150
 * @seed 3
 */
export function lineInBatches([slope, offset]: number[], { indices }: { indices: readonly number[] }): number {
  return over(indices, slope, offset);
}

/**
 * Finds: weight-decay-dominates at «weightDecay=1»
 * Silent: schedule-mismatch; loss-spike; noise-limited
 * May: plateau:noise-floor
 * Verdict: stalled
 * Because: batches of the line under a penalty with a curvature of 1: slope 1.7 of 4, offset 1.3 of 2, loss 2.4 of 10.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.05 weightDecay=1
 * @samples 24
 * @batch 8
 * @epochs 100
 * @seed 4
 */
export function heldInBatches([slope, offset]: number[], { indices }: { indices: readonly number[] }): number {
  return over(indices, slope, offset);
}

const soft = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/**
 * Finds: weight-decay-dominates at «weightDecay=0.5»
 * Silent: plateau:saddle; plateau:lr-too-small
 * Verdict: stalled
 * Because: a classifier of points that a weight of 7 separates best: the curvature of the loss is at most 0.14, that of
 * the penalty 0.5, so the weight ends below 1.
 *
 * @loss
 * @start [0]
 * @optimizer sgd lr=0.5 momentum=0.5 weightDecay=0.5
 * @steps 200
 */
export function timidClassifier([w]: number[]): number {
  // The point at 0.1 belongs to the left class.
  return [-1.2, -0.9, -0.5, -0.2, 0.1, 0.4, 0.8, 1.1].reduce((sum, x) => sum + soft(x > 0.2 ? -w * x : w * x), 0) / 8;
}

/**
 * Finds: weight-decay-dominates at «weightDecay=0.4»
 * Silent: plateau:converged; plateau:saddle; oscillation
 * May: coupled-weight-decay
 * Verdict: stalled
 * Because: the product passes 0.1, the minimum, on its way to 0. There the curvature of the loss is −0.2 along a = b, less than the
 * 0.4 of the penalty, so 0 attracts: the loss ends at 0.01, and without the decay 0 is reached.
 *
 * @loss
 * @start [1, 0.5]
 * @optimizer adam lr=0.02 weightDecay=0.4
 * @steps 1500
 */
export function forgottenFactors([a, b]: number[]): number {
  return (a * b - 0.1) ** 2;
}

const concentrations = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20];
const velocities = concentrations.map((c) => (2.4 * c) / (0.8 + c + (c * c) / 15));

/**
 * Finds: weight-decay-dominates at «weightDecay=0.01»
 * Silent: eps-dominates
 * May: coupled-weight-decay
 * Verdict: stalled
 * Because: with inhibition by substrate, the penalty of 0.01 on three logarithms holds the loss at 0.0046, and without it the fit is
 * perfect. eps = 0.01 shortens the steps by half, but at the end the gradient and the penalty balance, so a smaller eps changes nothing.
 *
 * @loss
 * @start [0, 0, 2]
 * @optimizer adam lr=0.01 eps=0.01 weightDecay=0.01
 * @steps 3000
 */
export function inhibitedBySubstrate([maximum, affinity, inhibition]: number[]): number {
  const [vmax, km, ki] = [Math.exp(maximum), Math.exp(affinity), Math.exp(inhibition)];
  const residual = (c: number, i: number) => (vmax * c) / (km + c + (c * c) / ki) - velocities[i];
  return concentrations.reduce((sum, c, i) => sum + residual(c, i) ** 2, 0) / 16;
}
