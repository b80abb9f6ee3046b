import { normalFrom } from '../data/seeded.js';

/** Polynomials through noisy points of a sine. */
const normal = normalFrom(21);
const sine = (count: number, noise: number) =>
  Array.from({ length: count }, (_, i) => {
    const x = (i + 0.5) / count;
    return { x, y: Math.sin(2 * Math.PI * x) + noise * normal() };
  });
const ten = sine(10, 0.4);
const held = sine(60, 0.4);
const many = sine(40, 0.3);

function misfit(c: number[], points: { x: number; y: number }[], power: (x: number, k: number) => number): number {
  let sum = 0;
  for (const { x, y } of points) sum += (c.reduce((s, v, k) => s + v * power(x, k), 0) - y) ** 2;
  return sum / points.length;
}
/** Chebyshev's polynomials on [0, 1], which are almost uncorrelated. */
const chebyshev = (x: number, k: number): number => Math.cos(k * Math.acos(2 * x - 1));
const plain = (x: number, k: number): number => x ** k;

/**
 * Finds: overfitting
 * Because: ten coefficients for ten noisy points: the validation loss has its minimum of 0.21 at t =
 * 22, and eight times that at the end, while the training loss continues to fall from 0.05 to 0.012.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer adam lr=0.03
 * @validation onSixty
 * @steps 190
 */
export function ninthDegree(c: number[]): number {
  return misfit(c, ten, chebyshev);
}

export function onSixty(c: number[]): number {
  return misfit(c, held, chebyshev);
}

/**
 * Finds: nothing
 * Silent: overfitting
 * Verdict: converged
 * Because: four coefficients for forty points: the validation loss falls with the training
 * loss to twice its value, and stays there. The gap is the noise of the points, not a rise.
 *
 * @loss
 * @start [0, 0, 0, 0]
 * @optimizer sgd lr=0.3
 * @validation onSixty
 * @steps 190
 */
export function thirdDegree(c: number[]): number {
  return misfit(c, many, chebyshev);
}

/**
 * Finds: ill-conditioned
 * Silent: plateau:lr-too-small
 * Verdict: still-improving
 * Because: the powers of x on [0, 1] are nearly the same curve:
 * curvatures from 2e-7 to 3.2, and no learning rate fits all of them.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0]
 * @optimizer sgd lr=0.4
 * @steps 190
 */
export function plainPowers(c: number[]): number {
  return misfit(c, many, plain);
}

/**
 * Finds: nothing
 * Silent: ill-conditioned
 * Verdict: converged
 * Because: Chebyshev’s polynomials span the same curves with curvatures from 0.26 to 2.3.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0]
 * @optimizer sgd lr=0.4
 * @steps 150
 */
export function orthogonalPowers(c: number[]): number {
  return misfit(c, many, chebyshev);
}

/**
 * Finds: nothing
 * Silent: overfitting; instability-at-start; oscillation
 * May: noise-limited
 * Because: eight validation points are few: the validation loss jumps
 * between 0.157 and 0.179 from epoch to epoch, up as often as down.
 *
 * @loss
 * @start [0, 0, 0, 0]
 * @optimizer sgd lr=0.2
 * @samples 40
 * @batch 4
 * @steps 190
 * @validation onEight
 * @seed 3
 */
export function noisyToValidate(c: number[], { indices }: { indices: readonly number[] }): number {
  return misfit(c, indices.map((i) => many[i]), chebyshev);
}

const eight = sine(8, 0.4);

export function onEight(c: number[]): number {
  return misfit(c, eight, chebyshev);
}
