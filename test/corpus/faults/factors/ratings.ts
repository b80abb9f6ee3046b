import { normalFrom, uniformFrom } from '../data/seeded.js';

/** A table of ratings as the product of two low-rank factors. */
const uniform = uniformFrom(5);
const normal = normalFrom(6);
const users = 6;
const films = 5;
const rank = 2;
const taste = Array.from({ length: users }, () => Array.from({ length: rank }, normal));
const style = Array.from({ length: films }, () => Array.from({ length: rank }, normal));
const rated: [number, number, number][] = [];
for (let u = 0; u < users; u++)
  for (let f = 0; f < films; f++)
    rated.push([u, f, taste[u].reduce((s, v, k) => s + v * style[f][k], 0.05 * normal())]);

type Batch = { indices: readonly number[] };

function misfit(p: number[], [u, f, rating]: [number, number, number]): number {
  let guess = 0;
  for (let k = 0; k < rank; k++) guess += p[rank * u + k] * p[rank * (users + f) + k];
  return (guess - rating) ** 2;
}
const overAll = (p: number[]): number => rated.reduce((sum, each) => sum + misfit(p, each), 0) / rated.length;

export const factorsStart = Array.from({ length: rank * (users + films) }, () => 0.5 * normal());

/**
 * Finds: nothing
 * Silent: plateau:flat-valley; plateau:saddle
 * Verdict: converged
 * Because: both factors are found in 130 steps, after a slow start near 0.
 *
 * @loss
 * @optimizer adam lr=0.05
 * @steps 190
 */
export function factors(p: number[]): number {
  return overAll(p);
}

export const tooFastStart = factorsStart;

/**
 * Finds: divergence at «lr=4»
 * Silent: non-finite-loss; non-finite-gradient
 * Verdict: diverged
 * Because: the loss is of the fourth degree: once it grows, it overflows within six steps.
 *
 * @loss
 * @optimizer sgd lr=4
 * @steps 60
 */
export function tooFast(p: number[]): number {
  return overAll(p);
}

/** Both columns are equal. */
export const alikeStart = Array.from({ length: rank * (users + films) }, (_, i) => 0.3 + 0.05 * Math.floor(i / rank));

/**
 * Finds: plateau:saddle
 * Silent: plateau:converged
 * Verdict: stalled
 * Because: both columns start with equal values, get equal gradients and stay
 * equal: the best table of rank 1. Along their difference the curvature is −0.31.
 *
 * @loss
 * @optimizer sgd lr=0.3
 * @steps 2500
 */
export function alike(p: number[]): number {
  return overAll(p);
}

export const tenByTenStart = factorsStart;

/**
 * Finds: nothing
 * Silent: loss-spike; instability-at-start; sparse-gradient; zero-gradient
 * May: noise-limited
 * Verdict: still-improving
 * Because: batches of ten ratings out of thirty have losses between 0.02
 * and 12, and the loss over all ratings falls steadily from 5.7 to 0.2.
 *
 * @loss
 * @optimizer adam lr=0.02
 * @samples 30
 * @batch 10
 * @steps 190
 * @seed 4
 */
export function tenByTen(p: number[], { indices }: Batch): number {
  return indices.reduce((sum, i) => sum + misfit(p, rated[i]), 0) / indices.length;
}

const words = 8;
const frequency = Array.from({ length: words }, (_, w) => (w < 5 ? 0.5 : 0.015));
const texts = Array.from({ length: 300 }, () => {
  const found = frequency.flatMap((share, w) => (uniform() < share ? [w] : []));
  return { found, mood: found.reduce((sum, w) => sum + (w % 2 ? 1 : -1), 0.2 * normal()) };
});

/**
 * Finds: sparse-gradient
 * Silent: zero-gradient; instability-at-start; loss-spike
 * May: noise-limited
 * Because: three words occur in one or two of a hundred
 * texts: their gradients are 0 on 92 to 96 % of the steps.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @names the and not good bad sublime dire eftsoons
 * @optimizer adam lr=0.02
 * @samples 300
 * @batch 4
 * @steps 190
 * @seed 5
 */
export function rareWords(weight: number[], { indices }: Batch): number {
  let sum = 0;
  for (const i of indices) sum += (texts[i].found.reduce((s, w) => s + weight[w], 0) - texts[i].mood) ** 2;
  return sum / indices.length;
}

/**
 * Finds: nothing
 * Silent: sparse-gradient; noise-limited
 * Verdict: converged
 * Because: the full batch of the same texts: every word has a gradient at every step.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @names the and not good bad sublime dire eftsoons
 * @optimizer adam lr=0.02
 * @steps 190
 */
export function allTexts(weight: number[]): number {
  let sum = 0;
  for (const { found, mood } of texts) sum += (found.reduce((s, w) => s + weight[w], 0) - mood) ** 2;
  return sum / texts.length;
}

const takings = Array.from({ length: 240 }, (_, i) => ({ shop: i % 24, sum: 3 + ((i * 7) % 5) + 0.3 * normal() }));

export const shopsStart = new Array<number>(24).fill(0);

/**
 * Finds: sparse-gradient
 * Silent: zero-gradient; loss-spike
 * May: noise-limited
 * Verdict: still-improving
 * Because: batches of two out of 24 shops: each level has a gradient on one step in twelve.
 *
 * @loss
 * @optimizer adagrad lr=0.8
 * @samples 240
 * @batch 2
 * @steps 190
 * @seed 6
 */
export function shops(level: number[], { indices }: Batch): number {
  let sum = 0;
  for (const i of indices) sum += (level[takings[i].shop] - takings[i].sum) ** 2;
  return sum / indices.length;
}
