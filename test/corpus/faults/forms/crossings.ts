// An operand of a logarithm, a root, an arc cosine or a power crosses the border of its domain after some steps, while all
// numbers are moderate.

/**
 * Finds: non-finite-loss at «Math.log(room)»
 * Verdict: broken
 * Because: x moves from 1 by about 0.1 per step, since −x pulls it with slope 1 and the barrier is weak. At 3.83 the room is 0.07; the next
 *   steps pass the border at x = 3.9. The loss fell until then, and no number is above 4.
 *
 * @loss
 * @start [1, 3]
 * @optimizer sgd lr=0.1
 * @steps 300
 */
export function weakBarrier([x, y]: number[]): number {
  const room = 4 - x - 0.1 * y;
  return -x + 0.01 * Math.log(room) + (y - 1) ** 2;
}

/**
 * Finds: non-finite-loss at «Math.log(room)»
 * Verdict: broken
 * Because: the distance of x from its minimum is multiplied by 1 − 0.5·10 = −4: 0.05, −0.2, 0.8, −3.2, and the room is negative there. The
 *   loss rose in two steps, from 0.28 to 3.2. That is no growth without limit, and no number is above 4.
 *
 * @loss
 * @start [1.05, 0.5]
 * @optimizer sgd lr=0.5
 * @steps 300
 */
export function overTheBorder([x, y]: number[]): number {
  const room = 2 + x;
  return 5 * (x - 1) ** 2 + y ** 2 + 0.01 * Math.log(room);
}

/**
 * Finds: divergence at «lr=0.21»; non-finite-loss at «Math.log(room)»
 * Verdict: diverged
 * Because: the distance of x from its minimum is multiplied by 1 − 0.21·10 = −1.1. From 0.05 it grows for 40 steps, and the loss with it
 *   from 0.28 to 36, before the room is negative. The NaN is no overflow, so the border is a fact of its own.
 *
 * @loss
 * @start [1.05, 0.5]
 * @optimizer sgd lr=0.21
 * @steps 300
 */
export function slowlyOverTheBorder([x, y]: number[]): number {
  const room = 2 + x;
  return 5 * (x - 1) ** 2 + y ** 2 + 0.01 * Math.log(room);
}

/**
 * Finds: non-finite-loss at «Math.acos(cosine)»
 * Verdict: broken
 * Because: the arc cosine falls with slope −1 and steeper towards 1, so descent moves the cosine over 1 in a dozen steps.
 *
 * @loss
 * @start [0.2]
 * @optimizer sgd lr=0.05
 * @steps 300
 */
export function angle([cosine]: number[]): number {
  return Math.acos(cosine) - 0.2 * cosine;
}

/**
 * Finds: divergence at «lr=3»
 * Verdict: diverged
 * Because: the steps of x⁴ grow without limit, and x overflows in a few of them; the NaN of ∞ − ∞ follows from that.
 *
 * @loss
 * @start [1]
 * @optimizer sgd lr=3
 * @steps 300
 */
export function quartic([x]: number[]): number {
  return x ** 4 - x ** 2;
}
