import { atLeast, number } from '../config/optionSpecs';
import { adamFamily, momentOptions } from './adamFamily';
import { biasCorrection } from './biasCorrection';
import { dialectOption } from './dialect';
import { nadamDialects, nadamForm } from './nadamForm';
import type { CoordinateAt } from './optimizer';
import { ownGradient } from './weightDecay';

const nadamOptions = {
  ...momentOptions,
  lr: number(2e-3, atLeast(0), 'Learning rate: about the length of the longest step of a coordinate.'),
  momentumDecay: number(
    4e-3,
    atLeast(0),
    'How fast mu grows from beta1/2 to beta1: mu_t = beta1·(1 − ½·0.96^(t·momentumDecay)). In Keras it is 1; in optax mu does not grow.',
  ),
  dialect: dialectOption(nadamDialects),
} as const;

/**
 * NAdam: Adam with Nesterov momentum.
 *
 *   g = grad + weightDecay · params
 *   m = beta1 m + (1 − beta1) g
 *   v = beta2 v + (1 − beta2) g²       vHat = v / (1 − beta2^t)
 *   mu_t = beta1 (1 − ½ 0.96^(t momentumDecay))
 *   mHat = mu_{t+1} m / (1 − mu_1 … mu_{t+1}) + (1 − mu_t) g / (1 − mu_1 … mu_t)
 *   params −= lr mHat / (sqrt(vHat) + eps)
 *
 * Source: Dozat, "Incorporating Nesterov Momentum into Adam", ICLR workshop 2016.
 * Variant: torch.optim.NAdam of torch 2. If a schedule cycles beta1, torch computes both mu_t and mu_{t+1}
 * from the beta1 of step t. The mu_{t+1} that step t uses therefore differs from the factor with which step t
 * + 1 multiplies the product. nadamForm.ts has the variants of the paper and of the other dialects.
 * Units: lr has the unit of params. m and eps have the unit of grad, v its square. weightDecay has the unit
 * of grad/params. mu and momentumDecay are dimensionless.
 */
export const nadam = adamFamily({
  title: 'NAdam',
  doc: 'Dozat 2016. Adam with Nesterov momentum: the direction combines m with the current gradient. Its stability limit is lower than that of Adam.',
  effectiveLrFormula: 'lr / (sqrt(vHat) + eps)',
  options: nadamOptions,
  defaults: ({ dialect }) => (dialect === 'keras' ? { lr: 1e-3, eps: 1e-7, momentumDecay: 1 } : {}),
  conflict: ({ dialect, momentumDecay }) => {
    if (dialect === 'keras' && momentumDecay !== 1)
      return { option: 'momentumDecay', message: `momentumDecay is always 1 in Keras, got ${momentumDecay}` };
    if (dialect === 'optax' && momentumDecay !== nadamOptions.momentumDecay.default)
      return { option: 'momentumDecay', message: 'momentumDecay is missing in optax, whose mu is beta1' };
    return null;
  },
  divisor: 'v',
  scalarNames: ['muProduct'],
  weightDecay: nadamForm,
  step(options, scalars) {
    const form = nadamForm(options);
    const correction2 = biasCorrection(options.beta2);
    return (params, grad, m, v, { t, lr, beta1, beta2, eps }) => {
      const { l2, mu, mDecay, product, vFactor } = form;
      const muProduct = product(scalars[0]!, mu(t, beta1), t);
      scalars[0] = muProduct;
      const { ofM, ofG } = lookAhead(mu(t, beta1), mu(t + 1, beta1), muProduct);
      const [stepOfM, stepOfG] = [lr * ofM, lr * ofG];
      const beta = mDecay(mu(t, beta1), beta1);
      const decay = form.decay(lr);
      const rootCorrection2 = Math.sqrt(correction2(t) / vFactor);
      for (let i = 0; i < m.length; i++) {
        const theta = params[i]! * decay;
        const g = grad[i]! + l2 * theta;
        const mi = beta * m[i]! + (1 - beta) * g;
        const vi = beta2 * v[i]! + (1 - beta2) * g * g;
        m[i] = mi;
        v[i] = vi;
        const divisor = Math.sqrt(vi) / rootCorrection2 + eps;
        params[i] = theta - (stepOfG * g) / divisor - (stepOfM * mi) / divisor;
      }
    };
  },
  derived: (options) => {
    const { eps, beta2 } = options;
    const { l2, mu, vFactor } = nadamForm(options);
    const gradient = ownGradient(l2);
    const correction2 = biasCorrection(beta2);
    const ahead = (at: CoordinateAt, muProduct: number) => {
      const { ofM, ofG } = lookAhead(mu(at.t, at.beta), mu(at.t + 1, at.beta), muProduct);
      return ofM * at.m + ofG * gradient(at);
    };
    const mHat = (at: CoordinateAt) => ahead(at, at.muProduct);
    const vHat = (at: CoordinateAt) => (vFactor * at.v) / correction2(at.t);
    return {
      mHat,
      vHat,
      preconditioner: (at) => Math.sqrt(vHat(at)) + eps,
      epsPart: () => eps,
      direction: mHat,
      uncorrectedUpdate: (at) => Math.abs((at.lr * ahead(at, 0)) / (Math.sqrt(vFactor * at.v) + eps)),
    };
  },
  /**
   * 2(1+β)/((1+β)(1−mu_t) + (1−β)mu_{t+1}): at this value −1 becomes an eigenvalue of the step. It holds
   * after the bias corrections have converged. After mu has converged too, it is 2(1+β)/(1+β−2β·mu). With
   * decoupled weight decay, 1 + decay replaces the factor 2.
   */
  stabilityLimit: (options) => {
    const { mu, mDecay, decay } = nadamForm(options);
    return ({ t, lr, beta: beta1 }) => {
      const now = mu(t, beta1);
      const beta = mDecay(now, beta1);
      return ((1 + decay(lr)) * (1 + beta)) / ((1 + beta) * (1 - now) + (1 - beta) * mu(t + 1, beta1));
    };
  },
});

/** The weights of m and g in mHat. */
function lookAhead(mu: number, muNext: number, muProduct: number): { ofM: number; ofG: number } {
  return { ofM: muNext / (1 - muProduct * muNext), ofG: (1 - mu) / (1 - muProduct) };
}
