import { atLeast, number } from '../config/options';
import { Adam, adam, adamOptions, adamStabilityLimit } from './adam';
import type { OptimizerDefinition } from './optimizer';

const adamwOptions = {
  ...adamOptions,
  weightDecay: number(
    0.01,
    atLeast(0),
    'Decoupled weight decay: params shrink by lr·weightDecay each step, untouched by v.',
  ),
} as const;

/**
 * AdamW. Loshchilov & Hutter, arXiv:1711.05101, Algorithm 2; torch.optim.AdamW.
 *
 *   params −= lr · weightDecay · params        (before the step, not through the moments)
 *   then Adam's step on the plain gradient
 *
 * Departure from the paper, as in torch: the decay is multiplied by lr itself, not by the schedule's multiplier alone.
 */
export const adamw: OptimizerDefinition<typeof adamwOptions> = {
  ...adam,
  title: 'AdamW',
  doc: 'Loshchilov & Hutter 2019. Adam with weight decay decoupled from the gradient.',
  options: adamwOptions,
  create: (dim, options) => new Adam(dim, options, true),
  // The step shrinks by decay and by curvature alike.
  stabilityLimit:
    ({ weightDecay }) =>
    (at) =>
      (adamStabilityLimit(at) * (2 - at.lr * weightDecay)) / 2,
  decay: (lr, { weightDecay }) => 1 - lr * weightDecay,
  l2: () => 0,
};
