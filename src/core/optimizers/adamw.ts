import type { OptionsOf } from '../config/optionSpecs';
import { adam, adamOptions, decayingAdam } from './adam';
import { decoupledWeightDecay } from './adamFamily';
import { dialectOption } from './dialect';
import type { OptimizerDefinition } from './optimizer';
import { decoupled, decoupledFromLr, type WeightDecay } from './weightDecay';

const adamwOptions = {
  ...adamOptions,
  weightDecay: decoupledWeightDecay(0.01),
  dialect: dialectOption(['optax', 'keras', 'paper']),
} as const;

type AdamwOptions = OptionsOf<typeof adamwOptions>;

/**
 * AdamW. Loshchilov & Hutter, arXiv:1711.05101, Algorithm 2; torch.optim.AdamW.
 *
 *   params −= lr · weightDecay · params        (before the step; the decay does not enter the moments)
 *   then Adam's step with the gradient of the loss
 *
 * Departure from the paper, as in torch, optax and Keras: the decay is multiplied by lr, not only by the multiplier of the
 * schedule.
 */
export const adamw: OptimizerDefinition<typeof adamwOptions> = {
  title: 'AdamW',
  doc: 'Loshchilov & Hutter 2019. Adam with weight decay decoupled from the gradient.',
  effectiveLrFormula: adam.effectiveLrFormula,
  options: adamwOptions,
  defaults: ({ dialect }) => ownDefaults[dialect ?? 'torch'],
  cycled: 'beta1',
  stateNames: adam.stateNames,
  derived: adam.derived,
  bound: adam.bound,
  ...decayingAdam(weightDecayOf),
};

/** The paper has no default for weightDecay. 1e-5 equals torch's default: weightDecay 0.01 times lr 1e-3. */
const ownDefaults: { readonly [D in AdamwOptions['dialect']]: Partial<AdamwOptions> } = {
  torch: {},
  optax: { weightDecay: 1e-4 },
  keras: { weightDecay: 0.004, eps: 1e-7 },
  paper: { weightDecay: 1e-5 },
};

function weightDecayOf({ weightDecay, lr, dialect }: AdamwOptions): WeightDecay {
  return dialect === 'paper' ? decoupledFromLr(weightDecay, lr) : decoupled(weightDecay);
}
