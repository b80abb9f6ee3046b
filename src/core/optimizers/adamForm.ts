import { biasCorrection } from './biasCorrection';
import type { Dialect } from './dialect';

/** The options that the forms of Adam depend on. */
export interface AdamFormOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly amsgrad: boolean;
  readonly dialect: Dialect;
}

/**
 * What the dialects of Adam disagree about, as numbers of one step:
 *
 *   vMax = max(vMax, v / maxDivisor)                    under AMSGrad, in v's place from here on
 *   mHat = m / mDivisor      vHat = v / vDivisor
 *   params −= lr mHat / (sqrt(vHat) + eps)
 */
export interface AdamForm {
  mDivisor(t: number, beta1: number): number;
  vDivisor(t: number): number;
  maxDivisor(t: number): number;
  eps(t: number): number;
}

/** The form that is torch's, and what the variants are made of. */
interface Torch extends AdamForm {
  readonly amsgrad: boolean;
}

const one = () => 1;

/**
 *   torch   AMSGrad's maximum is taken over the uncorrected v, and corrected afterwards
 *   optax   it is taken over the corrected v (optax/_src/transform.py, scale_by_amsgrad)
 *   keras   eps is added to the uncorrected sqrt(v), which is eps/sqrt(1 − beta2^t) after the correction: the
 *           "epsilon hat" of Kingma & Ba (keras/src/optimizers/adam.py)
 *   tfjs    torch's (tfjs-core/src/optimizers/adam_optimizer.ts)
 *   paper   Reddi et al. correct neither m nor v; Adam itself is torch's
 */
const variants: { readonly [D in Dialect]: (torch: Torch) => AdamForm } = {
  torch: (torch) => torch,
  optax: (torch) => (torch.amsgrad ? { ...torch, vDivisor: one, maxDivisor: torch.vDivisor } : torch),
  keras: (torch) => ({ ...torch, eps: (t) => torch.eps(t) / Math.sqrt(torch.vDivisor(t)) }),
  tfjs: (torch) => torch,
  paper: (torch) => (torch.amsgrad ? { ...torch, mDivisor: one, vDivisor: one } : torch),
};

export function adamForm({ beta1, beta2, eps, amsgrad, dialect }: AdamFormOptions): AdamForm {
  const correction1 = biasCorrection(beta1);
  return variants[dialect]({
    amsgrad,
    // Where beta1 is cycled the correction uses the beta1 of this step alone, as torch does.
    mDivisor: (t, beta) => (beta === beta1 ? correction1(t) : 1 - beta ** t),
    vDivisor: biasCorrection(beta2),
    maxDivisor: one,
    eps: () => eps,
  });
}
