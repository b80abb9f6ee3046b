/**
 * The same small loss twice, its gradient rounded to float16 as mixed precision does.
 *
 * Without a loss scale the run stops dead: look at *Gradient underflow*, which goes to 1 while the gradient still has
 * far to go; float16 has nothing below 6e-8. With a dynamic scale the loss is multiplied by 65536 before its gradient is
 * rounded, and the run goes on to the minimum.
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
