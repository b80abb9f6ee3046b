import { atLeast, number, type OptionsOf } from '../config/options';
import { adamOptions } from './adam';
import { biasCorrection } from './biasCorrection';
import { type CoordinateAt, checkStep, type Optimizer, type OptimizerDefinition } from './optimizer';
import { adamStabilityLimit } from './stability';
import { decoupled } from './weightDecay';

const adabeliefOptions = {
  lr: adamOptions.lr,
  beta1: adamOptions.beta1,
  beta2: adamOptions.beta2,
  eps: number(
    1e-16,
    atLeast(0),
    'Added to v at every step, and to sqrt(vHat). The preconditioner is at least sqrt(eps/(1 − beta2)).',
  ),
  weightDecay: number(
    0,
    atLeast(0),
    'Decoupled weight decay: params are multiplied by 1 − lr·weightDecay each step, and not divided by sqrt(v).',
  ),
} as const;

type AdabeliefOptions = OptionsOf<typeof adabeliefOptions>;

/**
 * AdaBelief. Zhuang et al., arXiv:2010.07468, Algorithm 2: v averages the squared deviation of the gradient from its mean. The
 * paper's s is named v here.
 *
 *   params −= lr · weightDecay · params
 *   m = beta1 m + (1 − beta1) grad                    mHat = m / (1 − beta1^t)
 *   v = beta2 v + (1 − beta2)(grad − m)² + eps        vHat = v / (1 − beta2^t)
 *   params −= lr mHat / (sqrt(vHat) + eps)
 *
 * As in the paper and in the authors' code (adabelief_pytorch), eps is added to v at every step, so it accumulates to
 * eps/(1 − beta2), and again outside the root. As in that code since 0.1.0, and in optax, eps is 1e-16 and weight decay is
 * decoupled. Departure from the defaults of that code: no rectification, which the paper does not have.
 */
class Adabelief implements Optimizer {
  readonly state: readonly Float64Array[];
  readonly #m: Float64Array;
  readonly #v: Float64Array;
  readonly #options: AdabeliefOptions;
  readonly #correction2: (t: number) => number;

  constructor(dim: number, options: AdabeliefOptions) {
    this.#m = new Float64Array(dim);
    this.#v = new Float64Array(dim);
    this.state = [this.#m, this.#v];
    this.#options = options;
    this.#correction2 = biasCorrection(options.beta2);
  }

  step(
    params: Float64Array,
    grad: Float64Array,
    t: number,
    lr: number,
    beta1: number = this.#options.beta1,
  ): void {
    const m = this.#m;
    const v = this.#v;
    checkStep(params, grad, m.length, t);
    const { beta2, eps, weightDecay } = this.#options;
    const decay = decoupled(weightDecay).decay(lr);
    const stepSize = lr / (1 - beta1 ** t);
    const rootCorrection2 = Math.sqrt(this.#correction2(t));
    for (let i = 0; i < m.length; i++) {
      const g = grad[i]!;
      const mi = beta1 * m[i]! + (1 - beta1) * g;
      const surprise = g - mi;
      const vi = beta2 * v[i]! + (1 - beta2) * surprise * surprise + eps;
      m[i] = mi;
      v[i] = vi;
      params[i] = params[i]! * decay - (stepSize * mi) / (Math.sqrt(vi) / rootCorrection2 + eps);
    }
  }
}

export const adabelief: OptimizerDefinition<typeof adabeliefOptions> = {
  title: 'AdaBelief',
  doc: 'Zhuang et al. 2020. Adam, divided by the deviation of the gradient from its mean: long steps where gradients agree.',
  effectiveLrFormula: 'lr / (sqrt(vHat) + eps)',
  options: adabeliefOptions,
  cycled: 'beta1',
  stateNames: () => ['m', 'v'],
  create: (dim, options) => new Adabelief(dim, options),
  derived: ({ beta2, eps }) => {
    const correction2 = biasCorrection(beta2);
    const mHat = (at: CoordinateAt) => at.m / (1 - at.beta ** at.t);
    const vHat = (at: CoordinateAt) => at.v / correction2(at.t);
    const preconditioner = (at: CoordinateAt) => Math.sqrt(vHat(at)) + eps;
    return {
      mHat,
      vHat,
      preconditioner,
      // v is linear in eps, whose part of vHat is eps/(1 − beta2) at every t.
      epsPart: (at) => preconditioner(at) - Math.sqrt(Math.max(0, vHat(at) - eps / (1 - beta2))),
      stepSize: (at) => at.lr,
      direction: mHat,
      uncorrectedUpdate: (at) => Math.abs((at.lr * at.m) / (Math.sqrt(at.v) + eps)),
    };
  },
  bound: () => () => Number.POSITIVE_INFINITY,
  stabilityLimit: ({ weightDecay }) => {
    const { decay } = decoupled(weightDecay);
    return (at) => adamStabilityLimit(at, decay(at.lr));
  },
  decay: (lr, { weightDecay }) => decoupled(weightDecay).decay(lr),
  l2: () => 0,
};
