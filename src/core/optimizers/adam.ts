import { flag, type OptionsOf } from '../config/optionSpecs';
import type { AdamKernel } from '../kernels/adamKernel';
import type { AdamScalars } from '../kernels/adamLoop';
import { createAdamKernel } from '../kernels/createAdamKernel';
import { adamBound } from './adamBound';
import { decayingLimit, momentOptions } from './adamFamily';
import { type AdamForm, adamForm } from './adamForm';
import { dialectOption } from './dialect';
import {
  type CoordinateAt,
  checkStep,
  type DerivedQuantities,
  type Optimizer,
  type OptimizerDefinition,
} from './optimizer';
import { coupled, decoupled, type WeightDecay } from './weightDecay';

export const adamOptions = {
  ...momentOptions,
  amsgrad: flag(false, 'Divides by the square root of the largest v so far, instead of by that of v.'),
  dialect: dialectOption(['optax', 'keras', 'tfjs', 'paper']),
} as const;

export type AdamOptions = OptionsOf<typeof adamOptions>;

/**
 * Adam: divides the average of the gradients by the root of the average of their squares.
 *
 *   g = grad + weightDecay · params                       (L2 penalty, inside the gradient)
 *   m = beta1 m + (1 − beta1) g        mHat = m / (1 − beta1^t)
 *   v = beta2 v + (1 − beta2) g²       vHat = v / (1 − beta2^t)
 *   params −= lr mHat / (sqrt(vHat) + eps)
 *
 * With AMSGrad, vMax = max(vMax, v) replaces v in vHat.
 *
 * Source: Kingma & Ba, arXiv:1412.6980, Algorithm 1 (eps outside the root). AMSGrad: Reddi et al.,
 * arXiv:1904.09237.
 * Variant: torch.optim.Adam. Difference from the AMSGrad paper, as in torch: the maximum is taken over the
 * uncorrected v, and bias correction is applied to the maximum. adamForm.ts has the other dialects.
 * Units: lr has the unit of params. m and eps have the unit of grad; v and vMax have its square. weightDecay
 * has the unit of grad/params.
 *
 * The loop over the coordinates is in kernels/adamLoop.ts, and in WebAssembly (kernels/adam.wat) if dim is
 * large. AdamW makes the same step with a different weight decay; see adamw.ts.
 */
export class Adam implements Optimizer {
  readonly state: readonly Float64Array[];
  readonly #kernel: AdamKernel;
  readonly #beta1: number;
  readonly #form: AdamForm;
  readonly #decay: WeightDecay['decay'];
  /** The scalars of the current step, overwritten by each step. */
  readonly #scalars: AdamScalars;

  constructor(dim: number, options: AdamOptions, { l2, decay }: WeightDecay) {
    this.#kernel = createAdamKernel(dim, options.amsgrad);
    const { m, v, vMax } = this.#kernel;
    this.state = vMax ? [m, v, vMax] : [m, v];
    const { beta1, beta2, eps } = options;
    this.#beta1 = beta1;
    this.#form = adamForm(options);
    this.#decay = decay;
    this.#scalars = { decay: 1, l2, beta1, beta2, stepSize: 0, eps, maxDivisor: 1 };
  }

  vector(): Float64Array {
    return this.#kernel.vector();
  }

  /**
   * The scalars contain the bias corrections: lr mHat/(√vHat + eps) = lr √c2/c1 · m/(√v + eps √c2), c_i = 1 −
   * beta_i^t.
   */
  step(params: Float64Array, grad: Float64Array, t: number, lr: number, beta1: number = this.#beta1): void {
    checkStep(params, grad, this.state[0]!.length, t);
    const form = this.#form;
    const scalars = this.#scalars;
    const rootCorrection2 = Math.sqrt(form.vDivisor(t));
    scalars.decay = this.#decay(lr);
    scalars.beta1 = beta1;
    scalars.stepSize = (lr * rootCorrection2) / form.mDivisor(t, beta1);
    scalars.eps = form.eps(t) * rootCorrection2;
    scalars.maxDivisor = form.maxDivisor(t);
    this.#kernel.step(params, grad, scalars);
  }
}

/**
 * mHat, vHat and P = sqrt(vHat) + eps. With AMSGrad, vHat is the bias-corrected vMax, whose root is the
 * divisor. AMSGrad in the dialect of its paper has no bias correction, so it has neither mHat nor vHat.
 */
export function adamDerived(options: AdamOptions): DerivedQuantities {
  const { amsgrad, dialect, eps } = options;
  const form = adamForm(options);
  const second = (at: CoordinateAt) => (amsgrad ? at.vMax : at.v);
  const mHat = (at: CoordinateAt) => at.m / form.mDivisor(at.t, at.beta);
  const vHat = (at: CoordinateAt) => second(at) / form.vDivisor(at.t);
  const isCorrected = !(amsgrad && dialect === 'paper');
  return {
    ...(isCorrected && { mHat, vHat }),
    preconditioner: (at) => Math.sqrt(vHat(at)) + form.eps(at.t),
    epsPart: (at) => form.eps(at.t),
    stepSize: (at) => at.lr,
    direction: mHat,
    uncorrectedUpdate: (at) => Math.abs((at.lr * at.m) / (Math.sqrt(second(at)) + eps)),
  };
}

/**
 * Keras decouples the weight decay of every optimizer: its base class multiplies the variables before the
 * step.
 */
function weightDecayOf({ weightDecay, dialect }: AdamOptions): WeightDecay {
  return dialect === 'keras' ? decoupled(weightDecay) : coupled(weightDecay);
}

/**
 * The parts of a definition that depend on the weight decay. They are the only difference between Adam and
 * AdamW.
 */
export function decayingAdam<O extends AdamOptions>(weightDecay: (options: O) => WeightDecay) {
  return {
    create: (dim: number, options: O) => new Adam(dim, options, weightDecay(options)),
    stabilityLimit: (options: O) => decayingLimit(weightDecay(options)),
    decay: (lr: number, options: O) => weightDecay(options).decay(lr),
    l2: (options: O) => weightDecay(options).l2,
  };
}

export const adam: OptimizerDefinition<typeof adamOptions> = {
  title: 'Adam',
  doc: 'Kingma & Ba 2015. The step is lr · mHat / (sqrt(vHat) + eps): about lr in every coordinate.',
  effectiveLrFormula: 'lr / (sqrt(vHat) + eps)',
  options: adamOptions,
  defaults: ({ dialect }) => (dialect === 'keras' || dialect === 'tfjs' ? { eps: 1e-7 } : {}),
  conflict: ({ dialect, amsgrad, weightDecay }) => {
    if (dialect !== 'tfjs') return null;
    if (amsgrad) return { option: 'amsgrad', message: 'amsgrad is missing in the tfjs dialect' };
    if (weightDecay !== 0)
      return { option: 'weightDecay', message: 'weightDecay is missing in the tfjs dialect' };
    return null;
  },
  cycled: 'beta1',
  stateNames: ({ amsgrad }) => (amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v']),
  derived: adamDerived,
  bound: adamBound,
  ...decayingAdam(weightDecayOf),
};
