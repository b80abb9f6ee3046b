// Rectifiers that are inactive for all samples, and kinks that a run jumps across.

const samples = [-1, -0.6, -0.2, 0.2, 0.6, 1].map((x) => ({ x, y: 1.2 + 0.8 * x }));
const relu = (z: number): number => Math.max(0, z);

/**
 * Finds: zero-gradient
 * Edit: leaky rectifier, slope 0.01
 * Because: at the start the unit is off for all samples, 0.5·x − 4 < 0, so neither its weight nor its bias has a gradient, and
 *   the loss stays at the mean of y², 1.44 + 0.64·0.467 = 1.74. With a slope of 0.01 on the inactive side the bias rises until the unit is on, and
 *   the rectifier is then the line 1.2 + 0.8 x, which is above 0.4 on all samples: the loss itself reaches 0.
 *
 * @loss
 * @start [0.5, -4]
 * @optimizer adam lr=0.05
 * @steps 600
 */
export function deadUnit([weight, bias]: number[]): number {
  return samples.reduce((sum, { x, y }) => sum + (relu(weight! * x + bias!) - y) ** 2, 0) / samples.length;
}

/**
 * Finds: nothing
 * Silent: zero-gradient
 * Verdict: converged
 * Edit: none
 * Because: the same unit, on for all samples at the start: a linear least-squares problem, solved exactly.
 *
 * @loss
 * @start [0.5, 2]
 * @optimizer adam lr=0.05
 * @schedule cosine
 * @steps 1500
 */
export function liveUnit([weight, bias]: number[]): number {
  return samples.reduce((sum, { x, y }) => sum + (relu(weight! * x + bias!) - y) ** 2, 0) / samples.length;
}

/**
 * Finds: zero-gradient at «gate» in «[gate, level]»
 * Verdict: converged
 * Edit: none
 * Because: relu(−relu(gate)) is 0 for every gate, so the loss is 4 + (level − 2)², and no form of the rectifier lowers it. A leaky
 *   form has a slope of 0.01² there and lowers its own value, but not that of the loss.
 *
 * @loss
 * @start [1, 0]
 * @optimizer sgd lr=0.1
 * @steps 300
 */
export function neverOn([gate, level]: number[]): number {
  return (relu(-relu(gate!)) - 2) ** 2 + (level! - 2) ** 2;
}

/**
 * Finds: oscillation at «lr=0.2»; plateau:flat-valley at «lr=0.2»
 * Edit: sqrt(x² + 0.1²) − 0.1 for Math.abs(x)
 * Because: the slope along price is 1 on both sides of 2.05, so every step is 0.2 long and the run jumps between 0.05 and −0.15
 *   beside it, or the like, for ever. With eps = 0.1 the curvature there is 10, and 0.2·10 = 2 is the limit of stability for the
 *   parabola; farther out the curvature is lower, so the jumps become shorter.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.2
 * @steps 400
 */
export function absoluteGap([price, stock]: number[]): number {
  return Math.abs(price! - 2.05) + (stock! - 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: oscillation
 * Verdict: converged
 * Edit: none
 * Because: the minimum of |price| + (price − 3)² is at 2.5, far from the kink at 0, which the run crosses in no step: it is a
 *   parabola there, and 1 − 2·0.2 = 0.6 per step leaves nothing of the error after 100 steps.
 *
 * @loss
 * @start [0.5, 0]
 * @optimizer sgd lr=0.2
 * @steps 400
 */
export function absoluteTerm([price, stock]: number[]): number {
  return Math.abs(price!) + (price! - 3) ** 2 + (stock! - 1) ** 2;
}
