import { normalFrom } from '../data/seeded.js';

/** Two half moons, and networks with one hidden layer that classify them. */
const normal = normalFrom(2);

function moons(count: number, spread: number) {
  return Array.from({ length: count }, (_, i) => {
    const label = i % 2;
    const angle = (Math.PI * i) / (count - 1);
    return {
      x: (label ? 1 - Math.cos(angle) : Math.cos(angle)) + spread * normal(),
      y: (label ? 0.5 - Math.sin(angle) : Math.sin(angle)) + spread * normal(),
      label,
    };
  });
}

const training = moons(60, 0.15);
const few = moons(16, 0.5);
const held = moons(80, 0.5);

type Point = (typeof training)[number];
type Unit = (z: number) => number;

/** For every unit two weights, a bias and the output weight; the last parameter is the output bias. */
function score(w: number[], { x, y }: Point, unit: Unit): number {
  let z = w[w.length - 1];
  for (let j = 0; j + 4 < w.length; j += 4) z += w[j + 3] * unit(w[j] * x + w[j + 1] * y + w[j + 2]);
  return z;
}

const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
const logLoss = (w: number[], points: Point[], unit: Unit = Math.tanh): number =>
  points.reduce((sum, p) => sum + softplus(p.label ? -score(w, p, unit) : score(w, p, unit)), 0) / points.length;

const weights = (units: number, scale: number): number[] => Array.from({ length: 4 * units + 1 }, () => scale * normal());

export const eightUnitsStart = weights(8, 0.7);

/**
 * Finds: nothing
 * Silent: plateau:flat-valley; instability-at-start; edge-of-stability
 * Verdict: still-improving
 * Because: 33 weights learn two half moons: for a hundred steps the loss hardly falls, then the boundary becomes curved.
 *
 * @loss
 * @optimizer adam lr=0.05
 * @steps 190
 */
export function eightUnits(w: number[]): number {
  return logLoss(w, training);
}

export const eagerStart = eightUnitsStart;

/**
 * Finds: instability-at-start at «lr=3»
 * Silent: divergence; edge-of-stability
 * Because: steps of 3 for weights of 0.7: the loss goes from 0.92 to 3.0 and is above
 * its start until t = 18, a rise of more than three times the total improvement.
 *
 * @loss
 * @optimizer adam lr=3
 * @steps 300
 */
export function eager(w: number[]): number {
  return logLoss(w, training);
}

export const warmedStart = eightUnitsStart;

/**
 * Finds: nothing
 * Silent: instability-at-start; edge-of-stability
 * Because: a learning rate of 0.3 that is reached over 40 steps: the loss is never above the start.
 *
 * @loss
 * @optimizer adam lr=0.3
 * @schedule warmupCosine warmup=40
 * @steps 190
 */
export function warmed(w: number[]): number {
  return logLoss(w, training);
}

/** Two units that start with equal weights. */
export const twinsStart = [0.5, -0.4, 0.1, 0.3, 0.5, -0.4, 0.1, 0.3, 0];

/**
 * Finds: plateau:saddle; edge-of-stability at «lr=0.05»
 * Silent: loss-spike; stale-second-moment; divergence; plateau:converged
 * Verdict: stalled
 * Because: two units that start with equal weights keep equal weights: from t = 500 on a hundred steps,
 * improve the loss by 1e-4 of the improvement, and along their difference the curvature is −0.0045 (in
 * the units of P −0.1, compared with 32). Meanwhile v decays with the vanishing gradients: lr·λmax(P⁻¹H)
 * crosses 38 near t = 670, and at t = 758 the loss rises by a thousandth of the improvement.
 *
 * @loss
 * @optimizer adam lr=0.05
 * @steps 1000
 */
export function twins(w: number[]): number {
  return logLoss(w, training) + 0.0002 * w.reduce((sum, v) => sum + v * v, 0);
}

export const memorisingStart = eightUnitsStart;

/**
 * Finds: overfitting
 * Because: 33 weights, 16 points that overlap: the validation loss has its minimum of
 * 0.52 at t = 5 and ends at 0.84, while the training loss falls from 0.44 to 0.08.
 *
 * @loss
 * @optimizer adam lr=0.05
 * @validation onHeld
 * @steps 190
 */
export function memorising(w: number[]): number {
  return logLoss(w, few);
}

export function onHeld(w: number[]): number {
  return logLoss(w, held);
}

export const restrainedStart = eightUnitsStart;

/**
 * Finds: nothing
 * Silent: overfitting
 * Because: the same points with a penalty on the weights: the validation loss falls or is constant.
 *
 * @loss
 * @optimizer adam lr=0.02
 * @validation onHeld
 * @steps 190
 */
export function restrained(w: number[]): number {
  return logLoss(w, few) + 0.03 * w.reduce((sum, v) => sum + v * v, 0);
}

export const sharpeningStart = weights(8, 0.7);

/**
 * Finds: edge-of-stability at «lr=3»
 * Silent: divergence; instability-at-start; oscillation
 * Verdict: still-improving
 * Because: lr·λmax is near its limit of 2 from t = 15 to t = 80, up to 1.35
 * times it, while the loss falls from 0.22 to 0.09: the edge of stability of
 * gradient descent. The single step above the start, at t = 2, is not a jump.
 *
 * @loss
 * @optimizer sgd lr=3
 * @steps 190
 */
export function sharpening(w: number[]): number {
  return logLoss(w, training);
}

export const gentleStart = sharpeningStart;

/**
 * Finds: nothing
 * Silent: edge-of-stability; plateau:flat-valley
 * Verdict: still-improving
 * Because: the same network with a sixth of the learning rate stays below a third of the limit.
 *
 * @loss
 * @optimizer sgd lr=0.5
 * @steps 190
 */
export function gentle(w: number[]): number {
  return logLoss(w, training);
}
