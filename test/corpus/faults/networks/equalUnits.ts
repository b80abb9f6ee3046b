// A network of three tanh units, fitted to a sine with mini-batches.

const xs = Array.from({ length: 40 }, (_, i) => -2 + i / 10);
const ys = xs.map((x) => Math.sin(2 * x));

function network(p: number[], indices: readonly number[]): number {
  let sum = 0;
  for (const i of indices) {
    let out = p[9];
    for (let k = 0; k < 3; k++) out += p[6 + k] * Math.tanh(p[k] * xs[i] + p[3 + k]);
    sum += (out - ys[i]) ** 2;
  }
  return sum / indices.length;
}

/**
 * Finds: plateau:saddle at «[0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0]»
 * May: noise-limited; plateau:noise-floor
 * Verdict: stalled
 * Because: all three units start equal, so each gradient is the same for them at every batch, and they stay one unit. It fits the sine to
 *   0.26 at best; the noise of the batches scatters the loss there, but cannot part the units. From units that differ, 0.007 is reached.
 *
 * @loss
 * @start [0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0]
 * @optimizer adam lr=0.03
 * @steps 3000
 * @samples 40
 * @batch 2
 */
export function equalUnits(p: number[], { indices }: { indices: readonly number[] }): number {
  return network(p, indices);
}
