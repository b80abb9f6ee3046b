import { normalFrom } from '../data/seeded.js';

/** Fifty points near the line 2x + 1. */
const normal = normalFrom(3);
const points = Array.from({ length: 50 }, (_, i) => {
  const x = Math.sin(37 * i);
  return { x, y: 2 * x + 1 + 0.1 * normal() + (i % 9 === 4 ? 5 : 0) };
});

/**
 * Finds: nothing
 * Silent: plateau:saddle
 * Verdict: converged
 * Because: absolute deviations are convex: there is no saddle. When a point is exactly
 * on the line the gradient jumps, and its differences give eigenvalues of any sign.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.003 momentum=0.9
 * @schedule cosine
 * @steps 800
 */
export function leastAbsoluteByMomentum([slope, offset]: number[]): number {
  return points.reduce((sum, { x, y }) => sum + Math.abs(slope * x + offset - y), 0) / points.length;
}
