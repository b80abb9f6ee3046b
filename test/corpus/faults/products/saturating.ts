import { normalFrom } from '../data/seeded.js';

/** Nets that saturate, and end well or early. */
const normal = normalFrom(61);
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const bumps = Array.from({ length: 24 }, (_, i) => {
  const x = -1.5 + i / 8;
  return { x, y: 0.6 * Math.sin(2 * x), side: x > 0.2 ? 0.9 : 0.1, label: x + 1.2 * normal() > 0 ? 1 : 0 };
});
const soft = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

export const smallNetStart = Array.from({ length: 13 }, () => 0.7 * normal());

/**
 * Finds: nothing
 * Silent: plateau:saddle; plateau:flat-valley; plateau:lr-too-small
 * May: ill-conditioned
 * Verdict: still-improving
 * Because: four tanh units learn a sine: the loss falls a thousandfold, and continues to fall slowly in a curved valley.
 *
 * @loss
 * @optimizer adam lr=0.01
 * @steps 1500
 */
export function smallNet(w: number[]): number {
  return bumps.reduce((sum, { x, y }) => {
    let z = w[12];
    for (let k = 0; k < 4; k++) z += w[8 + k] * Math.tanh(w[k] * x + w[4 + k]);
    return sum + (z - y) ** 2;
  }, 0) / bumps.length;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; unbounded-loss; zero-gradient
 * Verdict: still-improving
 * Because: a step from 0.1 to 0.9 is steeper than any sigmoid with a finite weight, but every step brings the loss closer to it.
 *
 * @loss
 * @start [0.5, 0]
 * @optimizer sgd lr=2
 * @steps 400
 */
export function steepStep([w, b]: number[]): number {
  return bumps.reduce((sum, { x, side }) => sum + (0.1 + 0.8 * sigmoid(w * x + b) - side) ** 2, 0) / bumps.length;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; plateau:flat-valley; unbounded-loss
 * May: plateau:converged
 * Verdict: converged
 * Because: a target of 0.9 is within reach of a sigmoid: at 2.2, after 200 steps.
 *
 * @loss
 * @start [-1]
 * @optimizer adam lr=0.05
 * @steps 600
 */
export function reachableTarget([z]: number[]): number {
  return (sigmoid(z) - 0.9) ** 2;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; plateau:flat-valley; unbounded-loss
 * May: plateau:converged
 * Verdict: converged
 * Because: the labels overlap, so the cross-entropy has a minimum at finite weights, which gradient descent reaches.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=1
 * @steps 500
 */
export function overlappingLabels([w, b]: number[]): number {
  return bumps.reduce((sum, { x, label }) => sum + soft(w * x + b) - label * (w * x + b), 0) / bumps.length;
}

/**
 * Finds: nothing
 * Silent: weight-decay-dominates; loss-spike; instability-at-start
 * May: noise-limited; plateau:noise-floor; plateau:converged
 * Verdict: converged
 * Because: the same classifier in batches with the usual decay of 0.01, which moves the weights by less than the noise.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adamw lr=0.05 weightDecay=0.01
 * @schedule cosine
 * @samples 24
 * @batch 8
 * @epochs 150
 * @seed 13
 */
export function overlappingInBatches([w, b]: number[], { indices }: { indices: readonly number[] }): number {
  return indices.reduce((sum, i) => sum + soft(w * bumps[i].x + b) - bumps[i].label * (w * bumps[i].x + b), 0) / indices.length;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; zero-gradient; plateau:flat-valley
 * May: plateau:converged
 * Verdict: converged
 * Because: one unit starts saturated, with a slope of 0.02, and leaves its saturation within 150 steps.
 *
 * @loss
 * @start [3, 1]
 * @optimizer adam lr=0.05
 * @steps 700
 */
export function leavesSaturation([z, scale]: number[]): number {
  return (scale * Math.tanh(z) - 0.3) ** 2 + 0.2 * (scale - 1) ** 2;
}
