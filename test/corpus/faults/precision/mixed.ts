/** A field of four sensors, fitted in half precision. */
const bowl = (a: number, b: number, unit: number): number => unit * ((a - 1) ** 2 + 10 * (b + 0.5) ** 2);

/**
 * Finds: precision-loss at «float16»
 * Silent: zero-gradient; plateau:converged; eps-dominates
 * Because: gradients of 2e-9 and 1e-8, and nothing in float16 below 6e-8: both are rounded to 0 from the start,
 * which they are not before it.
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
 * Because: a dynamic scale lifts gradients of 1e-7 by 65536 before they are rounded.
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
 * Because: bfloat16 has float32’s range: 1e-9 is nothing to it.
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
 * Because: when the run has arrived, at t = 370, its gradients fall below 6e-8 and are rounded to 0: they were 20
 * at the start.
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
 * Because: the dynamic scale begins too high, leaves out nine steps whose gradient overflows, halves each time and
 * fits from then on: that is how it works.
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
 * Because: of the two gradients one, 1e-8, is rounded to 0 at every step: faint stays where it is.
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
 * Because: gradients of 2e-7 and less: one of them is rounded to 0 from t = 75 on, both from t = 118 on, with a at
 * 0.90 of its way to 1.
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
