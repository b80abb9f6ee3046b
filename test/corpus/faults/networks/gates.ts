/** A rectifier with two gates, fitted to a bent line. */
const points = Array.from({ length: 21 }, (_, i) => {
  const x = -1 + i / 10;
  return { x, y: Math.max(0, 1.5 * x + 0.2) - 0.4 };
});
const relu = (z: number): number => Math.max(0, z);

/**
 * Finds: zero-gradient at «threshold» in «[threshold, level]»
 * Silent: plateau:flat-valley
 * Because: with a threshold of −3 the rectifier is inactive for all
 * points, and no small step activates it: only the level is fitted.
 *
 * @loss
 * @start [-3, 0.5]
 * @optimizer adam lr=0.02
 * @steps 150
 */
export function shut([threshold, level]: number[]): number {
  return points.reduce((sum, { x, y }) => sum + (relu(x + threshold) + level - y) ** 2, 0) / points.length;
}

/**
 * Finds: nothing
 * Silent: zero-gradient
 * Because: the same rectifier, active at the start for half of the points.
 *
 * @loss
 * @start [1, 0.1, 0.5]
 * @optimizer adam lr=0.02
 * @steps 150
 */
export function open([slope, threshold, level]: number[]): number {
  return points.reduce((sum, { x, y }) => sum + (relu(slope * x + threshold) + level - y) ** 2, 0) / points.length;
}

/**
 * Finds: plateau:saddle at «[1, 0]»
 * Silent: plateau:converged; zero-gradient
 * Verdict: stalled
 * Because: y starts at 0, exactly on the ridge, where its gradient is 0,
 * unlike beside the ridge. x converges, and the curvature along y is −1.
 *
 * @loss
 * @start [1, 0]
 * @optimizer sgd lr=0.1
 * @steps 600
 */
export function onTheRidge([x, y]: number[]): number {
  return 2 * (x - 0.3) ** 2 - y ** 2 / 2 + y ** 4 / 4 + 1;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; zero-gradient
 * Verdict: converged
 * Because: started at 0.05 from the ridge, the run leaves it within 30 steps and is in a minimum at 60.
 *
 * @loss
 * @start [1, 0.05]
 * @optimizer sgd lr=0.1
 * @steps 160
 */
export function besideTheRidge([x, y]: number[]): number {
  return 2 * (x - 0.3) ** 2 - y ** 2 / 2 + y ** 4 / 4 + 1;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; zero-gradient; plateau:flat-valley
 * May: plateau:converged
 * Verdict: converged
 * Because: y⁴ has no curvature at its minimum; a curvature of 0 is not negative.
 *
 * @loss
 * @start [1, 0.8]
 * @optimizer adam lr=0.1
 * @steps 1000
 */
export function flatBottom([x, y]: number[]): number {
  return 2 * (x - 0.3) ** 2 + y ** 4 + 1;
}

/**
 * Finds: plateau:converged
 * Silent: plateau:saddle; zero-gradient
 * Verdict: converged
 * Because: the bottom of a trough: y starts at 0 and its
 * gradient is always 0, but the curvature along it is 1.
 *
 * @loss
 * @start [1, 0]
 * @optimizer sgd lr=0.1
 * @steps 600
 */
export function inTheTrough([x, y]: number[]): number {
  return 2 * (x - 0.3) ** 2 + y ** 2 / 2 + y ** 4 / 4 + 1;
}
