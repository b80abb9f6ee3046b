import { normalFrom, uniformFrom } from '../data/seeded.js';

/** Whether a visitor clicks: eight features with little information. */
const normal = normalFrom(31);
const uniform = uniformFrom(32);
const visits = Array.from({ length: 600 }, () => {
  const x = Array.from({ length: 8 }, normal);
  const z = x.reduce((sum, v) => sum + 0.15 * v, 0);
  return { x, clicked: uniform() < 1 / (1 + Math.exp(-z)) };
});

/**
 * Finds: noise-limited at «4» in «@batch 4»
 * Silent: plateau:noise-floor; overfitting; instability-at-start
 * Because: a gradient of 0.1 and a variance of 2 over visits: batches of four have a fiftieth of the required size.
 *
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0]
 * @optimizer sgd lr=0.02
 * @samples 600
 * @batch 4
 * @steps 190
 * @seed 1
 */
export function clicks(w, { indices }) {
  let sum = 0;
  for (const i of indices) {
    const { x, clicked } = visits[i];
    const z = x.reduce((s, v, k) => s + v * w[k], 0);
    sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - (clicked ? z : 0);
  }
  return sum / indices.length;
}
