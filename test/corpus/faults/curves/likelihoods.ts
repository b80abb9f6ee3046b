import { logOfSpread } from './spread.js';

const heights = [171, 168, 180, 175, 169, 182, 177, 173, 166, 179];

/**
 * Finds: non-finite-loss at «Math.log(spread)»
 * Silent: divergence; instability-at-start
 * Verdict: broken
 * Because: the first step has length 10, from a spread of 9 to one of −1.
 *
 * @loss
 * @start [170, 9]
 * @optimizer adam lr=10
 * @steps 100
 */
export function normalLikelihood([centre, spread]: number[]): number {
  let sum = 0;
  for (const h of heights) sum += Math.log(spread) + 0.5 * ((h - centre) / spread) ** 2;
  return sum / heights.length;
}

/**
 * Finds: non-finite-loss at «Math.log(spread)» of spread.ts
 * Silent: divergence
 * Verdict: broken
 * Because: a learning rate of 200 moves the spread to 19 and then below 0 at t = 7; the
 * logarithm is in another file. The loss had risen by half, but had not grown continually.
 *
 * @loss
 * @start [170, 6]
 * @optimizer sgd lr=200
 * @steps 100
 */
export function likelihoodElsewhere([centre, spread]: number[]): number {
  let sum = 0;
  for (const h of heights) sum += logOfSpread(spread) + 0.5 * ((h - centre) / spread) ** 2;
  return sum / heights.length;
}

/**
 * Finds: nothing
 * Silent: non-finite-loss
 * Verdict: still-improving
 * Because: with the logarithm as the parameter, every value is in the domain.
 *
 * @loss
 * @start [170, 1.1]
 * @optimizer adam lr=0.05
 * @steps 150
 */
export function inLogSpread([centre, logSpread]: number[]): number {
  let sum = 0;
  for (const h of heights) sum += logSpread + 0.5 * ((h - centre) * Math.exp(-logSpread)) ** 2;
  return sum / heights.length;
}

/**
 * Finds: non-finite-loss at «Math.log(x)»
 * Silent: instability-at-start
 * Verdict: broken
 * Because: the minimum, 0.01, is near the edge of the domain, and steps of 0.15 move x beyond it at t = 7.
 *
 * @loss
 * @start [1]
 * @optimizer adam lr=0.15
 * @steps 200
 */
export function offTheDomain([x]: number[]): number {
  return 100 * x - Math.log(x);
}

/**
 * Finds: non-finite-loss at «Math.exp(2 * v)»
 * Silent: non-finite-gradient
 * Verdict: broken
 * Because: e^800 is infinite from the start on.
 *
 * @loss
 * @start [400, 0, -400]
 * @optimizer adam lr=0.1
 * @steps 15
 */
export function softmaxBare(z: number[]): number {
  const powers = z.map((v) => Math.exp(2 * v));
  const total = powers.reduce((a, b) => a + b, 0);
  return Math.log(total) - 2 * z[1];
}

/**
 * Finds: nothing
 * Silent: non-finite-loss; gradient-mismatch; zero-gradient
 * Verdict: converged
 * Because: the largest logit is subtracted first, so nothing overflows: 800 at the start, exactly
 * 0 from t = 30 on, when the gradient is below 1e-50 and no difference of the loss can show it.
 *
 * @loss
 * @start [400, 0, 380]
 * @optimizer adam lr=10
 * @steps 150
 */
export function softmaxGuarded(z: number[]): number {
  const top = Math.max(...z);
  const total = z.reduce((sum, v) => sum + Math.exp(2 * (v - top)), 0);
  return Math.log(total) + 2 * (top - z[1]);
}

/**
 * Finds: nothing
 * Silent: non-finite-loss; divergence
 * Verdict: converged
 * Because: 1e140 is a large but finite unit, and Adam does not depend on the unit.
 *
 * @loss
 * @start [3, 4]
 * @optimizer adam lr=0.1
 * @steps 150
 */
export function inPlanckUnits([a, b]: number[]): number {
  return 1e140 * ((a - 1) ** 2 + (b - 2) ** 2);
}

/**
 * Finds: nothing
 * Silent: non-finite-loss; non-finite-gradient
 * Verdict: converged
 * Because: the logarithm of a negative number is computed at every step and never used.
 *
 * @loss
 * @start [0.5]
 * @optimizer adam lr=0.05
 * @steps 120
 */
export function branchNotTaken([x]: number[]): number {
  const outside = Math.log(x - 5);
  return x < 5 ? (x - 2) ** 2 : outside;
}

/**
 * Finds: non-finite-gradient at «Math.acos(grip)»
 * Silent: non-finite-loss
 * Verdict: broken
 * Because: acos(1) is 0, but its derivative is infinite.
 *
 * @loss
 * @start [1, 2]
 * @optimizer adam lr=0.02
 * @steps 100
 */
export function fullyClosed([grip, reach]: number[]): number {
  return (Math.acos(grip) - 0.3) ** 2 + (reach - 1) ** 2;
}

/**
 * Finds: plateau:flat-valley at «lr=1»
 * Silent: plateau:converged; oscillation; edge-of-stability
 * Because: the mean of absolute deviations has a kink at the median: steps of 1/9 cross it repeatedly
 * from t = 178 on. Each has an effect of 8e-5 of the improvement, a hundred of them 0.8 %.
 *
 * @loss
 * @start [20]
 * @optimizer sgd lr=1
 * @steps 700
 */
export function median([height]: number[]): number {
  return heights.slice(1).reduce((sum, h) => sum + Math.abs(height - h), 0) / 9;
}
