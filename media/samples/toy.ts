/**
 * A run that is small enough to follow step by step: one parameter, minimum at 3, twenty steps of Adam.
 *
 * Look at the first step: its length is lr = 0.1, although the gradient is −6. Adam divides the gradient by its own
 * size. Multiply the loss by 1000: the steps stay the same.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.1
 * @steps 20
 */
export function toy([theta]: number[]): number {
  return (theta - 3) ** 2;
}
