import { normalFrom } from '../data/seeded.js';

/** Eighty values from two normal distributions, around −2 and around 3. */
const normal = normalFrom(9);
const values = Array.from({ length: 80 }, (_, i) => (i % 5 < 2 ? -2 : 3) + 0.8 * normal());

function likelihood(left: number, right: number, spread: number): number {
  let sum = 0;
  for (const x of values) {
    const a = -0.5 * ((x - left) / spread) ** 2;
    const b = -0.5 * ((x - right) / spread) ** 2;
    const top = Math.max(a, b);
    sum -= top + Math.log(Math.exp(a - top) + Math.exp(b - top)) - Math.log(2 * spread);
  }
  return sum / values.length;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; loss-spike
 * Verdict: converged
 * Because: two peaks that are found within 80 steps.
 *
 * @loss
 * @start [-1, 1, 0]
 * @optimizer adam lr=0.05
 * @steps 190
 */
export function apart([left, right, logSpread]: number[]): number {
  return likelihood(left, right, Math.exp(logSpread));
}

/**
 * Finds: plateau:saddle at «[0.5, 0.5]»
 * Silent: plateau:converged; edge-of-stability
 * Verdict: stalled
 * Because: two peaks that start at the same position move together, to
 * the mean of all values; along their difference the curvature is −2.5.
 *
 * @loss
 * @start [0.5, 0.5]
 * @optimizer adam lr=0.05
 * @steps 900
 */
export function together([left, right]: number[]): number {
  return likelihood(left, right, 1);
}

/**
 * Finds: nothing
 * Silent: plateau:saddle
 * Verdict: converged
 * Because: with a tenth between their starts, they separate within 40 steps.
 *
 * @loss
 * @start [0.4, 0.6]
 * @optimizer adam lr=0.05
 * @steps 190
 */
export function almostTogether([left, right]: number[]): number {
  return likelihood(left, right, 1);
}

/**
 * Finds: coupled-weight-decay at «weightDecay=0.02»
 * Verdict: still-improving
 * Because: RMSprop divides the weight decay by √v together with the gradient.
 *
 * @loss
 * @start [-1, 1, 0]
 * @optimizer rmsprop lr=0.01 weightDecay=0.02
 * @steps 150
 */
export function shrunk([left, right, logSpread]: number[]): number {
  return likelihood(left, right, Math.exp(logSpread));
}

/**
 * Finds: nothing
 * Silent: coupled-weight-decay; oscillation
 * Because: for gradient descent, weight decay in the gradient and decoupled weight decay are equivalent.
 *
 * @loss
 * @start [-1, 1, 0]
 * @optimizer sgd lr=0.05 momentum=0.9 weightDecay=0.02
 * @steps 150
 */
export function shrunkByDescent([left, right, logSpread]: number[]): number {
  return likelihood(left, right, Math.exp(logSpread));
}

/**
 * Finds: nothing
 * Silent: non-finite-loss
 * Verdict: converged
 * Because: the spread is the argument of a logarithm, but it goes from 1 to 2.2 and 0.79 and stays in its domain.
 *
 * @loss
 * @start [-1, 1, 1]
 * @optimizer sgd lr=0.3
 * @steps 150
 */
export function bareSpread([left, right, spread]: number[]): number {
  return likelihood(left, right, spread);
}
