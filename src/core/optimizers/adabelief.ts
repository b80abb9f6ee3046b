import { atLeast, number } from '../config/optionSpecs';
import { adamFamily, decoupledWeightDecay, momentOptions } from './adamFamily';
import { biasCorrection } from './biasCorrection';
import type { CoordinateAt } from './optimizer';
import { decoupled } from './weightDecay';

const adabeliefOptions = {
  ...momentOptions,
  eps: number(
    1e-16,
    atLeast(0),
    'Added to v at every step, and to sqrt(vHat). The preconditioner is at least sqrt(eps/(1 − beta2)).',
  ),
  weightDecay: decoupledWeightDecay(0),
} as const;

/**
 * AdaBelief: Adam whose v averages the squared deviation of the gradient from its moving average m.
 *
 *   params −= lr · weightDecay · params
 *   m = beta1 m + (1 − beta1) grad                    mHat = m / (1 − beta1^t)
 *   v = beta2 v + (1 − beta2)(grad − m)² + eps        vHat = v / (1 − beta2^t)
 *   params −= lr mHat / (sqrt(vHat) + eps)
 *
 * Source: Zhuang et al., arXiv:2010.07468, Algorithm 2. The paper's s is named v here.
 * Variant: as in the paper and in the authors' code (adabelief_pytorch), eps is added to v at every step, so
 * it accumulates to eps/(1 − beta2), and again outside the root. As in that code since 0.1.0, and in optax,
 * eps is 1e-16 and weight decay is decoupled. Difference from the defaults of that code: no rectification,
 * which the paper does not have.
 * Units: lr has the unit of params. m has the unit of grad, v its square. weightDecay has the unit 1/lr. eps
 * is added to v and to sqrt(vHat), which have different units, so its influence depends on the scale of the
 * loss.
 */
export const adabelief = adamFamily({
  title: 'AdaBelief',
  doc: 'Zhuang et al. 2020. Adam that divides by the deviation of the gradient from its mean: steps are long where gradients agree.',
  effectiveLrFormula: 'lr / (sqrt(vHat) + eps)',
  options: adabeliefOptions,
  divisor: 'v',
  weightDecay: ({ weightDecay }) => decoupled(weightDecay),
  step(options) {
    const correction2 = biasCorrection(options.beta2);
    return (params, grad, m, v, { t, lr, beta1, beta2, eps, weightDecay }) => {
      const decay = decoupled(weightDecay).decay(lr);
      const stepSize = lr / (1 - beta1 ** t);
      const rootCorrection2 = Math.sqrt(correction2(t));
      for (let i = 0; i < m.length; i++) {
        const g = grad[i]!;
        const mi = beta1 * m[i]! + (1 - beta1) * g;
        const deviation = g - mi;
        const vi = beta2 * v[i]! + (1 - beta2) * deviation * deviation + eps;
        m[i] = mi;
        v[i] = vi;
        params[i] = params[i]! * decay - (stepSize * mi) / (Math.sqrt(vi) / rootCorrection2 + eps);
      }
    };
  },
  derived: ({ beta2, eps }) => {
    const correction2 = biasCorrection(beta2);
    const vHat = (at: CoordinateAt) => at.v / correction2(at.t);
    const preconditioner = (at: CoordinateAt) => Math.sqrt(vHat(at)) + eps;
    return {
      vHat,
      preconditioner,
      // v contains eps/(1 − beta2) (1 − beta2^t), so the part of eps in vHat is eps/(1 − beta2) at every t.
      epsPart: (at) => preconditioner(at) - Math.sqrt(Math.max(0, vHat(at) - eps / (1 - beta2))),
      uncorrectedUpdate: (at) => Math.abs((at.lr * at.m) / (Math.sqrt(at.v) + eps)),
    };
  },
});
