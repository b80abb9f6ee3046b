import { atLeast, flag, fromBelow, number, type OptionsOf } from '../config/options';
import { biasCorrection } from './biasCorrection';
import {
  type CoordinateAt,
  checkStep,
  type DerivedQuantities,
  type Optimizer,
  type OptimizerDefinition,
  type StepAt,
} from './optimizer';

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

  step(
    params: Float64Array,
    grad: Float64Array,
    t: number,
    lr: number,
    beta1: number = this.#options.beta1,
  ): void {
    const dim = this.#m.length;
    checkStep(params, grad, dim, t);
    const m = this.#m;
    const v = this.#v;
    const vMax = this.#vMax;
    const { beta2, eps, weightDecay } = this.#options;
    const l2 = this.#decoupled ? 0 : weightDecay;
    const decay = this.#decoupled ? 1 - lr * weightDecay : 1;
    const stepSize = lr / (beta1 === this.#options.beta1 ? this.#correction1(t) : 1 - beta1 ** t);
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
 *
 * @param betaAt  β1 of every step where it is cycled: then the sum over the weights is done as it stands
 */
export function adamBound(
  { beta1, beta2 }: Pick<AdamOptions, 'beta1' | 'beta2'>,
  betaAt: ((t: number) => number) | null = null,
): (t: number) => number {
  if (betaAt) return cycledBound(betaAt, beta2);
  if (beta2 === 0) return (t) => (beta1 === 0 || t === 1 ? 1 : Number.POSITIVE_INFINITY);
  const correction1 = biasCorrection(beta1);
  const correction2 = biasCorrection(beta2);
  const r = beta1 ** 2 / beta2;
  const oneMinusPower = r < 1 ? biasCorrection(r) : (t: number) => 1 - r ** t;
  const geometric = (t: number) => (r === 1 ? t : oneMinusPower(t) / (1 - r));
  const isolated = (1 - beta1) / Math.sqrt(1 - beta2);
  return (t) => isolated * Math.sqrt(geometric(t)) * (Math.sqrt(correction2(t)) / correction1(t));
}

/**
 * B(t) while β1 changes: with w_i the weight of g_i in m and u_i that of g_i² in v, Σ w_i²/u_i is made step by step,
 *
 *   S_t = S_{t−1} β1_t²/β2 + (1−β1_t)²/(1−β2)        B(t) = √S_t √(1−β2ᵗ)/(1−β1_tᵗ)
 */
function cycledBound(betaAt: (t: number) => number, beta2: number): (t: number) => number {
  const correction2 = biasCorrection(beta2);
  const sums = [0];
  return (t) => {
    for (let i = sums.length; i <= t; i++) {
      const beta1 = betaAt(i);
      const kept = sums[i - 1]! === 0 || beta1 === 0 ? 0 : (sums[i - 1]! * beta1 ** 2) / beta2;
      sums.push(kept + (1 - beta1) ** 2 / (1 - beta2));
    }
    return (Math.sqrt(sums[t]!) * Math.sqrt(correction2(t))) / (1 - betaAt(t) ** t);
  };
}

/** mHat, vHat and P = sqrt(vHat) + eps. Under AMSGrad vHat is vMax/(1 − beta2^t): the one that divides. */
export function adamDerived({ beta2, eps, amsgrad }: AdamOptions): DerivedQuantities {
  const correction2 = biasCorrection(beta2);
  const mHat = (at: CoordinateAt) => at.m / (1 - at.beta ** at.t);
  const vHat = (at: CoordinateAt) => (amsgrad ? at.vMax : at.v) / correction2(at.t);
  return {
    mHat,
    vHat,
    preconditioner: (at) => Math.sqrt(vHat(at)) + eps,
    epsPart: () => eps,
    stepSize: (at) => at.lr,
    direction: mHat,
    uncorrectedUpdate: (at) => Math.abs((at.lr * at.m) / (Math.sqrt(amsgrad ? at.vMax : at.v) + eps)),
  };
}

/** 2(1+β1)/(1−β1): the heavy ball's limit, since P stands still in the long run. 38 at β1 = 0.9. */
export function adamStabilityLimit({ beta }: Pick<StepAt, 'beta'>): number {
  return (2 * (1 + beta)) / (1 - beta);
}

export const adam: OptimizerDefinition<typeof adamOptions> = {
  title: 'Adam',
  doc: 'Kingma & Ba 2015. Steps of about lr in every coordinate: mHat / (sqrt(vHat) + eps).',
  effectiveLrFormula: 'lr / (sqrt(vHat) + eps)',
  options: adamOptions,
  cycled: 'beta1',
  stateNames: ({ amsgrad }) => (amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v']),
  create: (dim, options) => new Adam(dim, options),
  derived: adamDerived,
  bound: adamBound,
  stabilityLimit: () => adamStabilityLimit,
  decay: () => 1,
  l2: ({ weightDecay }) => weightDecay,
};
