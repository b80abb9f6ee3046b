/**
 * The smallest run worth stepping through: one parameter, minimum at 3, twenty steps of Adam.
 *
 * Look at the first step: it is lr long, 0.1, though the gradient is −6. Adam divides the gradient by its own size.
 * Multiply the loss by 1000 and nothing changes.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.1
 * @steps 20
 */
export function toy([theta]: number[]): number {
  return (theta - 3) ** 2;
}
