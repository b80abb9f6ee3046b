import { normalFrom } from '../data/seeded.js';

/** Forty points near the line 2x − 1; every eighth of them is far away. */
const normal = normalFrom(3);
const points = Array.from({ length: 40 }, (_, i) => {
  const x = i / 20;
  return { x, y: 2 * x - 1 + 0.1 * normal() + (i % 8 === 3 ? 6 : 0) };
});

const over = (rho: (residual: number) => number, slope: number, offset: number): number =>
  points.reduce((sum, { x, y }) => sum + rho(slope * x + offset - y), 0) / points.length;

const huber = (r: number): number => (Math.abs(r) < 1 ? 0.5 * r * r : Math.abs(r) - 0.5);
const tukey = (r: number): number => (16 / 6) * (1 - Math.max(0, 1 - (r / 4) ** 2) ** 3);

/**
 * Finds: oscillation at «lr=0.5»
 * Silent: edge-of-stability; loss-spike
 * Verdict: unstable
 * Because: the gradient of absolute deviations does not shrink near the minimum, so neither do the steps:
 * from t = 40 on the line jumps across the median every time, by a sixth of the improvement up and down.
 *
 * @loss
 * @start [0, 3]
 * @optimizer sgd lr=0.5
 * @steps 190
 */
export function leastAbsolute([slope, offset]: number[]): number {
  return over(Math.abs, slope, offset);
}

/**
 * Finds: nothing
 * Silent: oscillation; plateau:flat-valley
 * Verdict: converged
 * Because: the same kinked loss with a cosine: the jumps shrink with,
 * the learning rate and the loss converges to its minimum, 0.8274.
 *
 * @loss
 * @start [0, 3]
 * @optimizer adam lr=0.3
 * @schedule cosine
 * @steps 300
 */
export function leastAbsoluteDecayed([slope, offset]: number[]): number {
  return over(Math.abs, slope, offset);
}

/**
 * Finds: nothing
 * Silent: plateau:flat-valley; oscillation
 * Verdict: converged
 * Because: a robust fit that needs 130 steps to its minimum, 0.6858.
 *
 * @loss
 * @start [0, 3]
 * @optimizer adam lr=0.05
 * @steps 190
 */
export function huberFit([slope, offset]: number[]): number {
  return over(huber, slope, offset);
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small
 * Because: at a distance, Huber’s loss has a constant gradient, which does not depend on
 * the distance, and for 300 steps no minimum is visible. The run converges at t = 390.
 *
 * @loss
 * @start [0, 30]
 * @optimizer adam lr=0.15
 * @steps 400
 */
export function huberFromAfar([slope, offset]: number[]): number {
  return over(huber, slope, offset);
}

/**
 * Finds: zero-gradient
 * Silent: plateau:lr-too-small; plateau:converged
 * Verdict: stalled
 * Because: at a distance of 60, Tukey’s biweight ignores all points: the
 * loss is constant at 16/6, and its gradient is 0 in all directions.
 *
 * @loss
 * @start [0, 60]
 * @names slope offset
 * @optimizer adam lr=0.05
 * @steps 120
 */
export function biweightFromAfar(line: number[]): number {
  return over(tukey, line[0], line[1]);
}

/**
 * Finds: nothing
 * Silent: zero-gradient
 * Verdict: converged
 * Because: started among the points, the same biweight has a gradient. The
 * gradient of a point that is too far away is 0, but not that of a parameter.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @steps 190
 */
export function biweight([slope, offset]: number[]): number {
  return over(tukey, slope, offset);
}

/**
 * Finds: plateau:lr-too-small
 * Silent: plateau:flat-valley; plateau:converged
 * Verdict: still-improving
 * Because: no optimizer is given: Adam’s 0.001 covers 0.5 in 500 steps, and the line is at a distance of 60.
 *
 * @loss
 * @start [0, 60]
 * @steps 500
 */
export function ratesUnset([slope, offset]: number[]): number {
  return over(huber, slope, offset);
}

/**
 * Finds: oscillation at «lr=0.5»; plateau:flat-valley at «lr=0.5»
 * Silent: plateau:converged; edge-of-stability
 * Verdict: unstable
 * Because: the same jumps for 600 steps: each has an effect of a
 * sixth of the improvement, and the loss is the same as at t = 100.
 *
 * @loss
 * @start [0, 3]
 * @optimizer sgd lr=0.5
 * @steps 600
 */
export function leastAbsoluteLong([slope, offset]: number[]): number {
  return over(Math.abs, slope, offset);
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; plateau:flat-valley
 * Verdict: still-improving
 * Because: at a distance only the sign of the residuals counts and the gradient hardly changes for 400 steps, so that no
 * minimum is visible. Then they are within 1 of the line and the gradient falls. The last loss is 0.698, the minimum 0.686.
 *
 * @loss
 * @start [0, 3]
 * @optimizer rmsprop lr=0.003
 * @steps 1200
 */
export function huberArrivesLate([slope, offset]: number[]): number {
  return over(huber, slope, offset);
}
