/** Runs of which the second moment overflows while the loss is finite: every update is then 0. */
const failures = [12, 19, 23, 31, 35, 44, 52, 60];
const survivors = [60, 60, 60, 60];

/**
 * Finds: unbounded-loss
 * Silent: plateau:saddle; plateau:converged; divergence
 * Verdict: unbounded
 * Because: the survivors get minus the cumulative hazard, so the loss falls like −exp(shape). From step 688 the squared gradient is above
 * 1.8e308, v is infinite and no step is made any more. The point is not stationary: its gradient norm is 1e156.
 *
 * @loss
 * @start [1, 4]
 * @names shape logScale
 * @optimizer adam lr=0.01
 * @steps 1000
 */
export function hazardWithWrongSign([shape, logScale]: number[]): number {
  const scale = Math.exp(logScale);
  let sum = 0;
  for (const t of failures) sum -= Math.log(shape / scale) + (shape - 1) * Math.log(t / scale) - (t / scale) ** shape;
  for (const t of survivors) sum -= (t / scale) ** shape;
  return sum;
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; plateau:converged; unbounded-loss; zero-gradient
 * Verdict: stalled
 * Because: a parabola in units of 1e−85. The squared gradient overflows at the first step, so v is infinite and the run does not move.
 * The start is no stationary point.
 *
 * @loss
 * @start [5]
 * @names x
 * @optimizer adam lr=0.1
 * @steps 300
 */
export function enormousParabola([x]: number[]): number {
  return 1e170 * (x - 3) ** 2;
}

/**
 * Finds: nothing
 * May: plateau:converged
 * Silent: plateau:saddle
 * Verdict: converged
 * Because: the same parabola in units of 1e−70: its squared gradients are 1e140, and nothing overflows.
 *
 * @loss
 * @start [5]
 * @names x
 * @optimizer adam lr=0.1
 * @schedule cosine
 * @steps 600
 */
export function largeParabola([x]: number[]): number {
  return 1e70 * (x - 3) ** 2;
}
