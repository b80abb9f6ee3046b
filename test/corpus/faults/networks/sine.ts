import { normalFrom } from '../data/seeded.js';

/** A sine with noise, and a network with a hidden layer of twelve units that is fitted to it. */
const normal = normalFrom(5);
const samples = Array.from({ length: 48 }, (_, i) => {
  const x = -2 + i / 12;
  return { x, y: Math.sin(2 * x) + 0.05 * normal() };
});
const units = 12;

export const waveStart = [1.4, 0.7, 0.4].flatMap((scale) => Array.from({ length: units }, () => scale * normal()));

/**
 * Finds: nothing
 * Silent: plateau:saddle; plateau:flat-valley
 * Verdict: still-improving
 * Because: the loss falls from 0.9 to 0.002, the noise, and continues to fall. As in any network there
 * are directions with a small negative curvature, but the run does not stay on a ridge: it moves down.
 *
 * @loss
 * @optimizer adam lr=0.01
 * @steps 800
 */
export function wave(w: number[]): number {
  const net = (x: number) => {
    let y = 0;
    for (let k = 0; k < units; k++) y += w[2 * units + k] * Math.tanh(w[k] * x + w[units + k]);
    return y;
  };
  return samples.reduce((sum, { x, y }) => sum + (net(x) - y) ** 2, 0) / samples.length;
}
