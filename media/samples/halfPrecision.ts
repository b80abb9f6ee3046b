/**
 * The same small loss twice. Its gradient is rounded to float16, as in mixed-precision training.
 *
 * Without a loss scale the parameters stop far from the minimum: look at *Gradient underflow*, which rises to 1, because
 * float16 has no numbers between 0 and 6e-8. With a dynamic loss scale the loss is multiplied by 65536 before its gradient
 * is rounded, and the run converges.
 */
function smallBowl(x: number, y: number): number {
  return 1e-7 * ((x - 1) ** 2 + 10 * (y + 0.5) ** 2);
}

/**
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.01 eps=1e-15
 * @precision float16
 * @steps 600
 */
export function underflow([x, y]: number[]): number {
  return smallBowl(x, y);
}

/**
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.01 eps=1e-15
 * @precision float16
 * @lossScale dynamic
 * @steps 600
 */
export function scaled([x, y]: number[]): number {
  return smallBowl(x, y);
}
