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
 * AdamW: Adam with decoupled weight decay.
 *
 *   params −= lr · weightDecay · params        (before the step; the decay does not enter the moments)
 *   then Adam's step with the gradient of the loss
 *
 * Source: Loshchilov & Hutter, arXiv:1711.05101, Algorithm 2.
 * Variant: torch.optim.AdamW. Difference from the paper, as in torch, optax and Keras: the decay is
 * multiplied by lr, not only by the multiplier of the schedule.
 * Units: as in Adam, but weightDecay has the unit 1/lr. In the dialect `paper` it is dimensionless.
 */
export const adamw: OptimizerDefinition<typeof adamwOptions> = {
  title: 'AdamW',
  doc: 'Loshchilov & Hutter 2019. Adam with weight decay decoupled from the gradient.',
  effectiveLrFormula: adam.effectiveLrFormula,
  options: adamwOptions,
  defaults: ({ dialect }) => dialectDefaults[dialect ?? 'torch'],
  cycled: 'beta1',
  stateNames: adam.stateNames,
  derived: adam.derived,
  bound: adam.bound,
  ...decayingAdam(weightDecayOf),
};

/**
 * The paper has no default for weightDecay. 1e-5 is the decay per step at torch's defaults: weightDecay 0.01
 * times lr 1e-3.
 */
const dialectDefaults: { readonly [D in AdamwOptions['dialect']]: Partial<AdamwOptions> } = {
  torch: {},
  optax: { weightDecay: 1e-4 },
  keras: { weightDecay: 0.004, eps: 1e-7 },
  paper: { weightDecay: 1e-5 },
};

function weightDecayOf({ weightDecay, lr, dialect }: AdamwOptions): WeightDecay {
  return dialect === 'paper' ? decoupledFromLr(weightDecay, lr) : decoupled(weightDecay);
}
