import { normalFrom } from '../data/seeded.js';

/** Forty points about 2x − 1, every eighth of them far off. */
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
 * Because: the slope of absolute deviations does not shrink on the way to the minimum, so neither do the steps:
 * from t = 40 on the line jumps across the median every time, a sixth of all that was won up and down.
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
 * Because: the same kinked loss with a cosine: the jumps shrink with the rate and the loss settles at its minimum,
 * 0.8274.
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
 * Because: a robust fit that takes 130 steps to its minimum, 0.6858.
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
 * Because: far off, Huber’s loss is a straight slope: the gradient says nothing of the distance, and for 300 steps
 * it looks endless. It arrives at t = 390.
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
 * Because: 60 off, Tukey’s biweight counts no point: the loss is 16/6 everywhere around, and its gradient 0 in all
 * directions.
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
 * Because: started among the points the same biweight has all the gradient it needs. That of a point too far off
 * is 0, not that of a parameter.
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
 * Because: no optimizer is written: Adam’s 0.001 covers 0.5 in 500 steps, and the line is 60 off.
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
 * Because: the same jumps for 600 steps: each one is worth a sixth of all that was won, and the loss is where it
 * was at t = 100.
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
 * Because: on the way residuals count by their sign alone and the slope hardly changes for 400 steps, so that the way
 * looks endless; then they come within 1 of the line and the slope goes. The last loss is 0.698, the least there is 0.686.
 *
 * @loss
 * @start [0, 3]
 * @optimizer rmsprop lr=0.003
 * @steps 1200
 */
export function huberArrivesLate([slope, offset]: number[]): number {
  return over(huber, slope, offset);
}
