/** Losses whose kinks have ties: at the start, at the end, or at every step. */
const relu = (z: number): number => Math.max(0, z);

/**
 * Finds: nothing
 * Silent: gradient-mismatch; zero-gradient
 * Verdict: converged
 * Because: the difference of the two rectifiers is a, so the loss is (a − 2)² + (b − 1)², a bowl. At the start both have a tie.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @steps 600
 */
export function identity([a, b]: number[]): number {
  return (relu(a) - relu(-a) - 2) ** 2 + (b - 1) ** 2;
}

const clicks = [[-2, 0], [-1, 0], [-0.5, 1], [0.3, 0], [0.7, 1], [1.5, 1], [2.2, 1], [-1.2, 1]];

/**
 * Finds: nothing
 * Silent: gradient-mismatch; zero-gradient
 * Verdict: converged
 * Because: at the start all z are 0, where max(z, 0) and |z| have ties and their sum is smooth. The labels overlap, so the minimum is
 * near slope 1, and the curvature there is about 0.2: 400 steps of 0.5 reach it.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.5
 * @steps 400
 */
export function stableLogistic([slope, offset]: number[]): number {
  let sum = 0;
  for (const [x, label] of clicks) {
    const z = slope * x + offset;
    sum += Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z)));
  }
  return sum / clicks.length;
}

/**
 * Finds: nothing
 * Silent: gradient-mismatch
 * Verdict: converged
 * Because: the gradient takes 1 for the derivative of the rectifier at 0, where the start is. It lies between the slopes 0 and 1 of the two
 * sides, so it is a valid choice. The minimum is at (−2, 1): left of 0 the loss is a bowl.
 *
 * @loss
 * @start [0, 3]
 * @optimizer adam lr=0.05
 * @gradient rightSlope
 * @steps 400
 */
export function chosenSlope([a, b]: number[]): number {
  return relu(a) + 0.5 * (a + 2) ** 2 + (b - 1) ** 2;
}

export function rightSlope([a, b]: number[]): number[] {
  return [(a >= 0 ? 1 : 0) + a + 2, 2 * (b - 1)];
}

/**
 * Finds: nothing
 * Silent: gradient-mismatch; divergence
 * Because: max(|a − 1|, |a + 3|) falls with slope 1 from 5 to 2 at a = −1, a kink. The learning rate goes to 0, so the
 * oscillation around it does, too. Terms with b are equal at b = 0, where the start is, and cancel.
 *
 * @loss
 * @start [2, 0]
 * @optimizer adam lr=0.1
 * @schedule cosine
 * @steps 400
 */
export function minimax([a, b]: number[]): number {
  return Math.max(Math.abs(a - 1), Math.abs(a + 3)) + Math.max(b, -b) - Math.abs(b) + 0.5 * (b - 0.2) ** 2;
}

/**
 * Finds: nothing
 * Silent: gradient-mismatch; zero-gradient
 * Verdict: converged
 * Because: max(a, b) + min(a, b) is a + b and their product is a·b. With x = a − 1 and y = b − 1 the loss is x² − xy + y², a bowl. There is a
 * tie at every step, because a and b stay equal.
 *
 * @loss
 * @start [-1, -1]
 * @optimizer sgd lr=0.1
 * @steps 300
 */
export function sorted([a, b]: number[]): number {
  const high = Math.max(a, b);
  const low = Math.min(a, b);
  return 0.5 * (high + low - 2) ** 2 - (high * low - high - low + 1) + 0.5 * (high - low) ** 2;
}

/**
 * Finds: nothing
 * Silent: gradient-mismatch
 * Because: the derivative of w·0 is 0, so relu(w·0) is a constant, and the rest is a bowl around (1, 2).
 * Verdict: converged
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.2
 * @steps 200
 */
export function masked([w, v]: number[]): number {
  return relu(w * 0) + (w - 1) ** 2 + 2 * (v - 2) ** 2;
}

/**
 * Finds: zero-gradient at «b» in «[b, w]»
 * Silent: gradient-mismatch
 * Verdict: converged
 * Because: relu(−½ relu(b)) is 0 for all b, so the loss is 1 + (w − 2)². The slopes by b are 0 on both sides.
 *
 * @loss
 * @start [0, 1]
 * @optimizer sgd lr=0.1
 * @steps 200
 */
export function unreachable([b, w]: number[]): number {
  return (relu(-0.5 * relu(w * 0 + b)) - 1) ** 2 + (w - 2) ** 2;
}

/**
 * Finds: gradient-mismatch at «halfEach»
 * Silent: divergence
 * Because: the gradient follows the chain rule with one half for each rectifier, −¼ in all. But relu(−relu(a)) is 0 everywhere, so the
 * derivative is 0 on both sides.
 *
 * @loss
 * @start [0, 2]
 * @optimizer sgd lr=0.1
 * @gradient halfEach
 * @steps 100
 */
export function nested([a, b]: number[]): number {
  return relu(-relu(a)) + (b - 1) ** 2;
}

export function halfEach([, b]: number[]): number[] {
  return [-0.25, 2 * (b - 1)];
}

/**
 * Finds: gradient-mismatch at «halfSlope»
 * Because: the derivative of |a − 1| is −1 left of 1, where the run is, not −½. Both have the same sign, so the loss falls.
 *
 * @loss
 * @start [0, 2]
 * @optimizer sgd lr=0.01
 * @gradient halfSlope
 * @steps 100
 */
export function absolute([a, b]: number[]): number {
  return Math.abs(a - 1) + (b - 1) ** 2;
}

export function halfSlope([a, b]: number[]): number[] {
  return [0.5 * Math.sign(a - 1), 2 * (b - 1)];
}

/**
 * Finds: gradient-mismatch at «doubled»
 * Because: max(0, a) − max(0, −a) is a, and its derivative is 1, not 2, at 0 as elsewhere.
 *
 * @loss
 * @start [0, 1]
 * @optimizer adam lr=0.02
 * @gradient doubled
 * @steps 150
 */
export function smoothAtTie([a, b]: number[]): number {
  return (relu(a) - relu(-a) + 1) ** 2 + (b - 1) ** 2;
}

export function doubled([a, b]: number[]): number[] {
  return [4 * (a + 1), 2 * (b - 1)];
}

const distances = [1, 2, 2.5, 3, 4, 4.5, 5, 6, 6.5, 7, 8, 9, 9.5, 10, 12];
const durations = [9, 14, 11, 18, 17, 26, 21, 24, 38, 29, 33, 52, 37, 40, 61];

/**
 * Finds: nothing
 * Silent: edge-of-stability; divergence
 * Verdict: converged
 * Because: the quantile 0.8 of a duration is fitted. The loss is piecewise linear, so its curvature is 0 wherever it exists. Steps of
 * lr = 0.05 jump across kinks all the time, and a difference of two gradients across one measures 117 where the limit is 2. The loss ends 8e-4 above its minimum of 1.36 at (4.4, 4.8).
 *
 * @loss
 * @start a=0 b=0
 * @optimizer sgd lr=0.05
 * @steps 2500
 */
export function lateDeliveries({ a, b }: { a: number; b: number }): number {
  let sum = 0;
  for (let i = 0; i < distances.length; i++) {
    const late = durations[i] - (a + b * distances[i]);
    sum += Math.max(0.8 * late, -0.2 * late);
  }
  return sum / distances.length;
}
