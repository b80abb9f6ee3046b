import { ascending, atLeast, number } from '../config/optionSpecs';
import type { ScheduleDefinition } from './schedule';

const multiStepOptions = {
  milestones: ascending(
    'halfAndThreeQuartersOfSteps',
    atLeast(1),
    'Numbers of steps after which lr is reduced.',
  ),
  gamma: number(0.1, atLeast(0), 'What lr is multiplied by at each milestone.'),
} as const;

/**
 * A staircase with treads as given; torch.optim.lr_scheduler.MultiStepLR.
 *
 *   lr(t) = lr gamma^n,   n the number of milestones ≤ t − 1
 *
 * Departures: torch's milestones have no default, may start at 0, and may repeat, which multiplies as often.
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
