import { coupled, decoupled, type WeightDecay } from './weightDecay';

/** The dialects whose form differs from that of torch. */
export const nadamDialects = ['optax', 'keras', 'paper'] as const;

interface NadamFormOptions {
  readonly beta2: number;
  readonly weightDecay: number;
  readonly momentumDecay: number;
  readonly dialect: 'torch' | (typeof nadamDialects)[number];
}

/** The differences between the dialects of NAdam. */
export interface NadamForm extends WeightDecay {
  mu(t: number, beta1: number): number;
  /** The product mu_1 … mu_t, from mu_1 … mu_{t−1} and mu_t. */
  product(before: number, mu: number, t: number): number;
  /** The decay rate of m. */
  mDecay(mu: number, beta1: number): number;
  /** The factor in vHat = vFactor v / (1 − beta2^t). */
  readonly vFactor: number;
}

/**
 * The form of each dialect:
 *
 *   torch   m decays at beta1 while mu grows
 *   optax   mu is beta1 from the start, so the product is beta1^t (optax/_src/transform.py, scale_by_adam with
 *           nesterov); if a schedule cycles beta1, it is a power of the current beta1
 *   keras   as torch, with momentumDecay fixed at 1, so mu reaches beta1 after about 100 steps instead of 25,000;
 *           decoupled weight decay (keras/src/optimizers/nadam.py)
 *   paper   m decays at mu_t, and Dozat's Algorithm 2 multiplies vHat by beta2 without explanation; no framework does
 */
const variants: {
  readonly [D in NadamFormOptions['dialect']]: (torch: NadamForm, options: NadamFormOptions) => NadamForm;
} = {
  torch: (torch) => torch,
  optax: (torch) => ({ ...torch, mu: (_, beta1) => beta1, product: (_, mu, t) => mu ** t }),
  keras: (torch, { weightDecay }) => ({ ...torch, ...decoupled(weightDecay) }),
  paper: (torch, { beta2 }) => ({ ...torch, mDecay: (mu) => mu, vFactor: beta2 }),
};

export function nadamForm(options: NadamFormOptions): NadamForm {
  const torch: NadamForm = {
    mu: (t, beta1) => beta1 * (1 - 0.5 * 0.96 ** (t * options.momentumDecay)),
    product: (before, mu) => before * mu,
    mDecay: (_, beta1) => beta1,
    vFactor: 1,
    ...coupled(options.weightDecay),
  };
  return variants[options.dialect](torch, options);
}
