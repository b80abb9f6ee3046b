import { atLeast, flag, fromBelow, number, type OptionsOf } from '../config/options';
import { biasCorrection } from './biasCorrection';
import { type CoordinateAt, checkStep, type Optimizer, type OptimizerDefinition } from './optimizer';

export const adamOptions = {
  lr: number(1e-3, atLeast(0), 'Learning rate: about the largest step of a coordinate.'),
  beta1: number(
    0.9,
    fromBelow(0, 1),
    'Decay rate of the first moment: a memory of about 1/(1 − beta1) steps.',
  ),
  beta2: number(
    0.999,
    fromBelow(0, 1),
    'Decay rate of the second moment: a memory of about 1/(1 − beta2) steps.',
  ),
  eps: number(1e-8, atLeast(0), 'Added to sqrt(vHat): gradients far below it take smaller steps than lr.'),
  weightDecay: number(0, atLeast(0), 'L2 penalty, added to the gradient (coupled: it is rescaled by v).'),
  amsgrad: flag(false, 'Divides by the largest v so far, so that the effective learning rate never grows.'),
} as const;

export type AdamOptions = OptionsOf<typeof adamOptions>;

/**
 * Adam. Kingma & Ba, arXiv:1412.6980, Algorithm 1 (eps outside the root); torch.optim.Adam.
 *
 *   g = grad + weightDecay · params                       (L2, inside the gradient)
 *   m = beta1 m + (1 − beta1) g        mHat = m / (1 − beta1^t)
 *   v = beta2 v + (1 − beta2) g²       vHat = v / (1 − beta2^t)
 *   params −= lr mHat / (sqrt(vHat) + eps)
 *
 * AMSGrad (Reddi et al., arXiv:1904.09237) puts vMax = max(vMax, v) in the place of v. Departure from the paper, as in
 * torch: the maximum is taken over the uncorrected v and the correction is applied after it.
 *
 * With `decoupled` it is AdamW; see adamw.ts.
 */
export class Adam implements Optimizer {
  readonly state: readonly Float64Array[];
  readonly #m: Float64Array;
  readonly #v: Float64Array;
  readonly #vMax: Float64Array | null;
  readonly #options: AdamOptions;
  readonly #decoupled: boolean;
  readonly #correction1: (t: number) => number;
  readonly #correction2: (t: number) => number;

  constructor(dim: number, options: AdamOptions, decoupled = false) {
    this.#m = new Float64Array(dim);
    this.#v = new Float64Array(dim);
    this.#vMax = options.amsgrad ? new Float64Array(dim) : null;
    this.state = this.#vMax ? [this.#m, this.#v, this.#vMax] : [this.#m, this.#v];
    this.#options = options;
    this.#decoupled = decoupled;
    this.#correction1 = biasCorrection(options.beta1);
    this.#correction2 = biasCorrection(options.beta2);
  }

  step(params: Float64Array, grad: Float64Array, t: number, lr: number): void {
    const dim = this.#m.length;
    checkStep(params, grad, dim, t);
    const m = this.#m;
    const v = this.#v;
    const vMax = this.#vMax;
    const { beta1, beta2, eps, weightDecay } = this.#options;
    const l2 = this.#decoupled ? 0 : weightDecay;
    const decay = this.#decoupled ? 1 - lr * weightDecay : 1;
    const stepSize = lr / this.#correction1(t);
    const rootCorrection2 = Math.sqrt(this.#correction2(t));
    for (let i = 0; i < dim; i++) {
      const theta = params[i]! * decay;
      const g = grad[i]! + l2 * theta;
      const mi = beta1 * m[i]! + (1 - beta1) * g;
      let vi = beta2 * v[i]! + (1 - beta2) * g * g;
      m[i] = mi;
      v[i] = vi;
      if (vMax) {
        // Math.max hands NaN on, as torch.maximum does.
        vi = Math.max(vMax[i]!, vi);
        vMax[i] = vi;
      }
      params[i] = theta - (stepSize * mi) / (Math.sqrt(vi) / rootCorrection2 + eps);
    }
  }
}

/**
 * B(t), the exact supremum of abs(mHat)/sqrt(vHat) over all gradient sequences (Cauchy-Schwarz on the weights):
 *
 *   B(t) = (1−β1)/√(1−β2) · √((1−rᵗ)/(1−r)) · √(1−β2ᵗ)/(1−β1ᵗ),   r = β1²/β2
 *
 * 1 at t = 1. The fraction is t at r = 1; with β2 = 0 only the last gradient divides: 1 if β1 = 0, else infinite.
 */
export function adamBound({ beta1, beta2 }: Pick<AdamOptions, 'beta1' | 'beta2'>): (t: number) => number {
  if (beta2 === 0) return (t) => (beta1 === 0 || t === 1 ? 1 : Number.POSITIVE_INFINITY);
  const correction1 = biasCorrection(beta1);
  const correction2 = biasCorrection(beta2);
  const r = beta1 ** 2 / beta2;
  const oneMinusPower = r < 1 ? biasCorrection(r) : (t: number) => 1 - r ** t;
  const geometric = (t: number) => (r === 1 ? t : oneMinusPower(t) / (1 - r));
  const isolated = (1 - beta1) / Math.sqrt(1 - beta2);
  return (t) => isolated * Math.sqrt(geometric(t)) * (Math.sqrt(correction2(t)) / correction1(t));
}

/** mHat, vHat and P = sqrt(vHat) + eps. Under AMSGrad vHat is vMax/(1 − beta2^t): the one that divides. */
export function adamDerived({ beta1, beta2, eps, amsgrad }: AdamOptions) {
  const correction1 = biasCorrection(beta1);
  const correction2 = biasCorrection(beta2);
  const mHat = (at: CoordinateAt) => at.m / correction1(at.t);
  const vHat = (at: CoordinateAt) => (amsgrad ? at.vMax : at.v) / correction2(at.t);
  return { mHat, vHat, preconditioner: (at: CoordinateAt) => Math.sqrt(vHat(at)) + eps };
}

export const adam: OptimizerDefinition<typeof adamOptions> = {
  title: 'Adam',
  doc: 'Kingma & Ba 2015. Steps of about lr in every coordinate: mHat / (sqrt(vHat) + eps).',
  effectiveLrFormula: 'lr / (sqrt(vHat) + eps)',
  options: adamOptions,
  stateNames: ({ amsgrad }) => (amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v']),
  create: (dim, options) => new Adam(dim, options),
  derived: adamDerived,
  bound: adamBound,
  decay: () => 1,
};
