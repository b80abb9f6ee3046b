import { atLeast, integer, number } from '../config/optionSpecs';
import type { ScheduleDefinition } from './schedule';

const stepOptions = {
  stepSize: integer('thirdOfSteps', atLeast(1), 'Number of steps between two reductions.'),
  gamma: number(0.1, atLeast(0), 'Factor of lr at each reduction.'),
} as const;

/**
 * A decay at regular intervals; torch.optim.lr_scheduler.StepLR.
 *
 *   lr(t) = lr gamma^floor((t − 1)/stepSize)
 *
 * Difference from torch: torch's stepSize has no default. Here it is a third of the steps, which gives two
 * reductions.
 */
export const step: ScheduleDefinition<typeof stepOptions> = {
  title: 'Step',
  doc: 'Multiplies lr by gamma every stepSize steps.',
  options: stepOptions,
  create: ({ stepSize, gamma }) => ({
    lr: (index, lr) => lr * gamma ** Math.floor(index / stepSize),
  }),
};
