/**
 * A loss in the wrong unit: joules where attojoules would do, so that its gradients are far below Adam's eps of 1e-8.
 *
 * Look at the effective learning rate: it is flat, lr/eps; √vHat plays no part, and the steps are as small as the
 * gradients. Rescale the loss or take eps along: either way it is the run of `rosenbrock.ts` again.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.02
 * @steps 2000
 */
export function tinyLoss([x, y]: number[]): number {
  const joules = 1e-14;
  return joules * (100 * (y - x ** 2) ** 2 + (1 - x) ** 2);
}
