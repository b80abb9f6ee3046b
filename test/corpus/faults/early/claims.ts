/** A Poisson regression of claims on mini-batches, with a holdout. */
let state = 17;
const uniform = () => {
  state = (state * 16807) % 2147483647;
  return state / 2147483647;
};
const rows = Array.from({ length: 100 }, () => [uniform() - 0.5, uniform() - 0.5, uniform() - 0.5] as const);
const counts = rows.map(([a, b]) => Math.floor(Math.exp(1 + 1.5 * a - 2 * b) + 2 * uniform()));

function likelihood([b0, b1, b2, b3]: number[], indices: readonly number[]): number {
  let sum = 0;
  for (const i of indices) {
    const [x, y, z] = rows[i]!;
    const log = b0! + b1! * x + b2! * y + b3! * z;
    sum += Math.exp(log) - counts[i]! * log;
  }
  return sum / indices.length;
}

/**
 * Finds: nothing
 * Silent: plateau:noise-floor; noise-limited; stopped-while-improving
 * Verdict: still-improving
 * Because: after 60 epochs the loss over all samples still falls by 2e-3 per step, at each of the last five epochs, and the validation loss is
 * at its lowest. The losses of batches of 10 scatter by far more than that. The minimum is 0.2 lower.
 *
 * @loss
 * @start [0, 0, 0, 0]
 * @samples 100
 * @batch 10
 * @epochs 60
 * @optimizer adamax lr=0.004
 * @validation holdout
 */
export function claims(b: number[], { indices }: { indices: readonly number[] }): number {
  return likelihood(b, indices);
}

const held = Array.from({ length: 25 }, (_, i) => 4 * i);

export function holdout(b: number[]): number {
  return likelihood(b, held);
}
