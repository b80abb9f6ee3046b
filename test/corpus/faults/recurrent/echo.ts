/** A recurrent loop h ← tanh(w·h + u·x + b) that should remember its first input for several steps. */
const sequences = [0.9, -0.7, 0.4, -0.2, 0.1, -0.95].map((first) => ({
  inputs: [first, 0.1, -0.05, 0.08, 0, -0.1, 0.02, 0.04],
  wanted: first,
}));

function remembered(w: number, u: number, v: number, squash: (z: number) => number): number {
  let loss = 0;
  for (const { inputs, wanted } of sequences) {
    let h = 0;
    for (const x of inputs) h = squash(w * h + u * x);
    loss += (v * h - wanted) ** 2;
  }
  return loss / sequences.length;
}

/**
 * Finds: nothing
 * Silent: edge-of-stability
 * Verdict: still-improving
 * Because: a memory of eight steps is learned in 150; the value rises to 0.7 of the stability limit at the end.
 *
 * @loss
 * @start [0.7, 0.6, 1]
 * @optimizer adam lr=0.02
 * @steps 190
 */
export function keeps([w, u, v]: number[]): number {
  return remembered(w, u, v, Math.tanh);
}

/**
 * Finds: divergence at «lr=0.02»
 * Silent: non-finite-loss; non-finite-gradient; loss-spike
 * Verdict: diverged
 * Because: 1.6 to the eighth is 43, and the gradient of w is 8000: the first
 * step moves w to where its eighth power is 1e19, and the third step overflows.
 *
 * @loss
 * @start [1.6, 0.6, 1]
 * @optimizer sgd lr=0.02
 * @steps 60
 */
export function explodes([w, u, v]: number[]): number {
  return remembered(w, u, v, (z) => z);
}

/**
 * Finds: nothing
 * Silent: divergence; edge-of-stability; non-finite-loss
 * Because: with the gradient clipped at 1 the steps have length 0.02 for
 * any curvature, which is far above 2/lr at first; the loss only falls.
 *
 * @loss
 * @start [1.6, 0.6, 1]
 * @optimizer sgd lr=0.02
 * @clip norm=1
 * @steps 190
 */
export function explodesClipped([w, u, v]: number[]): number {
  return remembered(w, u, v, (z) => z);
}

/**
 * Finds: edge-of-stability at «lr=0.02»
 * Silent: loss-spike; stale-second-moment; oscillation
 * Because: the loss becomes sharper with a longer memory: lr·λmax(P⁻¹H) is at its limit
 * near t = 211, and small jumps begin at t = 225, a fifth of a percent of the start.
 *
 * @loss
 * @start [0.7, 0.6, 1]
 * @optimizer adam lr=0.02
 * @steps 280
 */
export function keepsTooLong([w, u, v]: number[]): number {
  return remembered(w, u, v, Math.tanh);
}
