import { atLeast, fromBelow, number, type OptionsOf } from '../config/optionSpecs';
import { adamFamily, momentOptions } from './adamFamily';
import { biasCorrection } from './biasCorrection';
import { coupled } from './weightDecay';

const adamaxOptions = {
  lr: number(2e-3, atLeast(0), 'Learning rate: about the length of the longest step of a coordinate.'),
  beta1: momentOptions.beta1,
  beta2: number(0.999, fromBelow(0, 1), 'Factor of the largest gradient so far at each step.'),
  eps: number(1e-8, atLeast(0), 'Added to abs(g) before the maximum is taken.'),
  weightDecay: number(0, atLeast(0), 'L2 penalty, added to the gradient (coupled: it is divided by u too).'),
} as const;

type AdamaxOptions = OptionsOf<typeof adamaxOptions>;

/**
 * Adamax: Adam in the infinity norm. Divides by the largest recent gradient.
 *
 *   g = grad + weightDecay · params
 *   m = beta1 m + (1 − beta1) g        mHat = m / (1 − beta1^t)
 *   u = max(beta2 u, abs(g) + eps)
 *   params −= lr mHat / u
 *
 * Source: Kingma & Ba, arXiv:1412.6980, Algorithm 2.
 * Variant: torch.optim.Adamax. The paper has no eps. torch and optax add it to abs(g), so u never falls below
 * eps. Keras and tfjs add it to u, with a default of 1e-7; the default lr of Keras is 1e-3.
 * Units: lr has the unit of params. m, u and eps have the unit of grad. weightDecay has the unit of
 * grad/params.
 */
export const adamax = adamFamily({
  title: 'Adamax',
  doc: 'Kingma & Ba 2015. Adam that divides by the largest recent gradient instead of the root mean square.',
  effectiveLrFormula: 'lr / u',
  options: adamaxOptions,
  divisor: 'u',
  weightDecay: ({ weightDecay }) => coupled(weightDecay),
  step:
    () =>
    (params, grad, m, u, { t, lr, beta1, beta2, eps, weightDecay }) => {
      const stepSize = lr / (1 - beta1 ** t);
      for (let i = 0; i < m.length; i++) {
        const g = grad[i]! + weightDecay * params[i]!;
        const mi = beta1 * m[i]! + (1 - beta1) * g;
        const ui = Math.max(beta2 * u[i]!, Math.abs(g) + eps);
        m[i] = mi;
        u[i] = ui;
        params[i]! -= (stepSize * mi) / ui;
      }
    },
  derived: () => ({
    preconditioner: (at) => at.u,
    uncorrectedUpdate: (at) => Math.abs((at.lr * at.m) / at.u),
  }),
  bound: adamaxBound,
});

/**
 * The supremum of abs(mHat)/u over all gradient sequences (dimensionless). abs(g_i) is at most u /
 * beta2^(t−i), and all gradients can reach this value at the same time.
 *
 *   (1−β1)(1−qᵗ)/((1−q)(1−β1ᵗ)),   q = β1/β2; (1−qᵗ)/(1−q) is t if q = 1
 *
 * For a changing β1 the sum of the weights has the recursion T_t = T_{t−1} β1_t/β2 + 1 − β1_t.
 */
export function adamaxBound(
  { beta1, beta2 }: Pick<AdamaxOptions, 'beta1' | 'beta2'>,
  betaAt: ((t: number) => number) | null = null,
): (t: number) => number {
  if (betaAt) return cycledBound(betaAt, beta2);
  if (beta2 === 0) return (t) => (beta1 === 0 || t === 1 ? 1 : Number.POSITIVE_INFINITY);
  const q = beta1 / beta2;
  const correction1 = biasCorrection(beta1);
  const oneMinusPower = q < 1 ? biasCorrection(q) : (t: number) => 1 - q ** t;
  const geometric = (t: number) => (q === 1 ? t : oneMinusPower(t) / (1 - q));
  return (t) => ((1 - beta1) * geometric(t)) / correction1(t);
}

function cycledBound(betaAt: (t: number) => number, beta2: number): (t: number) => number {
  const sums = [0];
  return (t) => {
    for (let i = sums.length; i <= t; i++) {
      const beta1 = betaAt(i);
      const before = sums[i - 1]!;
      sums.push((before === 0 || beta1 === 0 ? 0 : (before * beta1) / beta2) + 1 - beta1);
    }
    return sums[t]! / (1 - betaAt(t) ** t);
  };
}
