import { atLeast, integer, number } from '../config/optionSpecs';
import type { ScheduleDefinition } from './schedule';

const stepOptions = {
  stepSize: integer('thirdOfSteps', atLeast(1), 'Steps from one reduction to the next.'),
  gamma: number(0.1, atLeast(0), 'What lr is multiplied by at each reduction.'),
} as const;

/**
 * A staircase with even treads; torch.optim.lr_scheduler.StepLR.
 *
 *   lr(t) = lr gamma^floor((t − 1)/stepSize)
 *
 * Departure: torch's stepSize has no default; a third of the steps makes two reductions.
 */
export const step: ScheduleDefinition<typeof stepOptions> = {
  title: 'Step',
  doc: 'Multiplies lr by gamma every stepSize steps.',
  options: stepOptions,
  create: ({ stepSize, gamma }) => ({
    lr: (index, lr) => lr * gamma ** Math.floor(index / stepSize),
  }),
};
