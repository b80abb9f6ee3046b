import { atLeast, number } from '../config/optionSpecs';
import type { ScheduleDefinition } from './schedule';

const exponentialOptions = {
  gamma: number(0.999, atLeast(0), 'Factor of lr at every step.'),
} as const;

/**
 * Exponential decay, or growth if gamma > 1; torch.optim.lr_scheduler.ExponentialLR.
 *
 *   lr(t) = lr gamma^(t − 1)
 *
 * Difference from torch: torch's gamma has no default. Here it is 0.999, which reduces lr to 37 % within the
 * default 1000 steps of a run.
 */
export const exponential: ScheduleDefinition<typeof exponentialOptions> = {
  title: 'Exponential',
  doc: 'Multiplies lr by gamma at every step.',
  options: exponentialOptions,
  create: ({ gamma }) => ({ lr: (index, lr) => lr * gamma ** index }),
};
