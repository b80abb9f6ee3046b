/**
 * A convex problem on which Adam moves uphill (Reddi, Kale & Kumar 2018): every third step the slope is +4, at the
 * others it is −1, so on average the loss falls to the left.
 *
 * Look at x: it moves right, to the wall at +1. With beta1 = 0 and a small beta2, the rare large gradient is divided by its
 * own size and makes one step left, against two steps right. AMSGrad prevents this: add `amsgrad` to the optimizer.
 *
 * @loss
 * @start [0.2]
 * @optimizer adam lr=0.01 beta1=0 beta2=0.1
 * @steps 600
 */
export function wrongWay([x]: number[], { step }: { step: number }): number {
  const wall = 10 * Math.max(0, Math.abs(x) - 1) ** 2;
  return (step % 3 === 1 ? 4 : -1) * x + wall;
}
