/**
 * A loss that changes while it is minimized: the target moves around a circle once in 2000 steps.
 *
 * Look at the path: it follows the target at a distance. Adam can follow because its averages decay: the first moment
 * over about 1/(1 − beta1) steps, the second over 1/(1 − beta2). Try beta2 0.9 and 0.9999.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.02 beta2=0.99
 * @steps 2000
 */
export function movingTarget([x, y]: number[], { step }: { step: number }): number {
  const angle = (2 * Math.PI * step) / 2000;
  return (x - Math.cos(angle)) ** 2 + (y - Math.sin(angle)) ** 2;
}
