import { ascending, atLeast, number } from '../config/optionSpecs';
import type { ScheduleDefinition } from './schedule';

const multiStepOptions = {
  milestones: ascending(
    'halfAndThreeQuartersOfSteps',
    atLeast(1),
    'Steps after which lr is multiplied by gamma.',
  ),
  gamma: number(0.1, atLeast(0), 'Factor of lr at each milestone.'),
} as const;

/**
 * A decay at the given steps; torch.optim.lr_scheduler.MultiStepLR.
 *
 *   lr(t) = lr gamma^n,   n the number of milestones ≤ t − 1
 *
 * Differences from torch: torch's milestones have no default. They may include 0, and they may repeat, where
 * each repetition multiplies again.
 */
export const multiStep: ScheduleDefinition<typeof multiStepOptions> = {
  title: 'Multi-step',
  doc: 'Multiplies lr by gamma after each of the milestones.',
  options: multiStepOptions,
  create: ({ milestones, gamma }) => ({
    lr: (index, lr) =>
      milestones.reduce((reduced, milestone) => (milestone <= index ? reduced * gamma : reduced), lr),
  }),
};
