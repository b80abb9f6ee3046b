/** A field of four sensors, fitted in half precision. */
const bowl = (a: number, b: number, unit: number): number => unit * ((a - 1) ** 2 + 10 * (b + 0.5) ** 2);

/**
 * Finds: precision-loss at «float16»
 * Silent: zero-gradient; plateau:converged; eps-dominates
 * Verdict: stalled
 * Because: the gradients are 2e-9 and 1e-8, and float16 has no numbers,
 * below 6e-8: from the start, both are 0 after rounding, but not before.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.01 eps=1e-15
 * @precision float16
 * @steps 150
 */
export function belowHalf([a, b]: number[]): number {
  return bowl(a, b, 1e-9);
}

/**
 * Finds: nothing
 * Silent: precision-loss; eps-dominates
 * Verdict: still-improving
 * Because: a dynamic scale multiplies gradients of 1e-7 by 65536 before they are rounded.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.01 eps=1e-15
 * @precision float16
 * @lossScale dynamic
 * @steps 150
 */
export function belowHalfScaled([a, b]: number[]): number {
  return bowl(a, b, 1e-7);
}

/**
 * Finds: nothing
 * Silent: precision-loss
 * Verdict: still-improving
 * Because: bfloat16 has the range of float32, so 1e-9 does not underflow.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.01 eps=1e-15
 * @precision bfloat16
 * @steps 150
 */
export function inBfloat([a, b]: number[]): number {
  return bowl(a, b, 1e-9);
}

/**
 * Finds: nothing
 * Silent: precision-loss; zero-gradient; plateau:saddle
 * May: plateau:converged
 * Verdict: converged
 * Because: when the run has converged, at t = 370, its gradients
 * fall below 6e-8 and are rounded to 0. They were 20 at the start.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.02
 * @precision float16
 * @steps 700
 */
export function settles([a, b]: number[]): number {
  return bowl(a, b, 1);
}

/**
 * Finds: nothing
 * Silent: precision-loss; non-finite-gradient; zero-gradient
 * Verdict: still-improving
 * Because: the dynamic scale starts too high, skips nine steps whose gradient
 * overflows, is halved each time and fits from then on, as intended.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.01
 * @precision float16
 * @lossScale dynamic
 * @steps 150
 */
export function findsItsScale([a, b]: number[]): number {
  return bowl(a, b, 30);
}

/**
 * Finds: precision-loss at «float16»
 * Silent: zero-gradient; plateau:converged
 * May: ill-conditioned
 * Because: one of the two gradients, 1e-8, is rounded to 0 at every step, so faint does not change.
 *
 * @loss
 * @start [0, 2]
 * @optimizer sgd lr=0.05
 * @precision float16
 * @steps 150
 */
export function oneSensorFaint([loud, faint]: number[]): number {
  return (loud - 1) ** 2 + 1e-9 * (faint - 7) ** 2;
}

/**
 * Finds: precision-loss at «float16»
 * Silent: zero-gradient; plateau:converged
 * Because: gradients of at most 2e-7: one of them is rounded to 0 from t =
 * 75 on, both from t = 118 on, when a has covered 0.90 of its distance to 1.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.01 eps=1e-15
 * @precision float16
 * @steps 190
 */
export function stopsHalfway([a, b]: number[]): number {
  return bowl(a, b, 1e-7);
}
