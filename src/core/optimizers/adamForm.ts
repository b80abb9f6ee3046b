import { biasCorrection } from './biasCorrection';
import type { Dialect } from './dialect';

/** The options that determine the form of Adam. */
export interface AdamFormOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly amsgrad: boolean;
  readonly dialect: Dialect;
}

/**
 * The differences between the dialects of Adam, as factors of one step. All are dimensionless except eps:
 *
 *   vMax = max(vMax, v / maxDivisor)                    with AMSGrad; replaces v below
 *   mHat = m / mDivisor      vHat = v / vDivisor
 *   params −= lr mHat / (sqrt(vHat) + eps)
 */
export interface AdamForm {
  mDivisor(t: number, beta1: number): number;
  vDivisor(t: number): number;
  maxDivisor(t: number): number;
  eps(t: number): number;
}

/** The form of torch, from which those of the other dialects are derived. */
interface Torch extends AdamForm {
  readonly amsgrad: boolean;
}

const one = () => 1;

/**
 * The form of each dialect:
 *
 *   torch   AMSGrad's maximum is taken over the uncorrected v, and corrected afterwards
 *   optax   AMSGrad's maximum is taken over the corrected v (optax/_src/transform.py, scale_by_amsgrad)
 *   keras   eps is added to the uncorrected sqrt(v), which equals eps/sqrt(1 − beta2^t) after the correction: the
 *           "epsilon hat" of Kingma & Ba (keras/src/optimizers/adam.py)
 *   tfjs    as torch (tfjs-core/src/optimizers/adam_optimizer.ts)
 *   paper   AMSGrad of Reddi et al. has no bias correction; Adam as torch
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
    // If a schedule cycles beta1, the correction is a power of the beta1 of this step alone, as in torch.
    mDivisor: (t, beta) => (beta === beta1 ? correction1(t) : 1 - beta ** t),
    vDivisor: biasCorrection(beta2),
    maxDivisor: one,
    eps: () => eps,
  });
}
