/**
 * A loss in an unsuitable unit: in joules instead of attojoules, so its gradients are far below Adam's eps of 1e-8.
 *
 * Look at the effective learning rate: it is constant, lr/eps. √vHat has no influence, and the steps are proportional to
 * the gradients. Multiply the loss by 1e14, or eps by 1e-14: in both cases the run becomes that of `rosenbrock.ts`.
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
