import { atLeast, integer, number } from '../config/optionSpecs';
import type { ScheduleDefinition } from './schedule';

const warmupCosineOptions = {
  warmup: integer('tenthOfSteps', atLeast(1), 'Number of steps of linear warmup: step t uses lr·t/warmup.'),
  totalSteps: integer('steps', atLeast(2), 'Number of steps until etaMin is reached, including the warmup.'),
  etaMin: number(0, atLeast(0), 'The smallest learning rate.'),
} as const;

/**
 * Linear warmup, then half a cosine: torch's LinearLR(1/warmup, warmup − 1 steps) and CosineAnnealingLR in
 * sequence.
 *
 *   lr(t) = lr t/warmup                                                                for t ≤ warmup
 *         = etaMin + ½ (lr − etaMin) (1 + cos(π (t − 1 − warmup)/(totalSteps − warmup)))  after it
 */
export const warmupCosine: ScheduleDefinition<typeof warmupCosineOptions> = {
  title: 'Warmup + cosine',
  doc: 'Grows linearly to lr over warmup steps, then falls along half a cosine to etaMin.',
  options: warmupCosineOptions,
  conflict: ({ warmup, totalSteps }) =>
    warmup < totalSteps
      ? null
      : { option: 'warmup', message: `warmup must be below totalSteps (${totalSteps}), got ${warmup}` },
  create: ({ warmup, totalSteps, etaMin }) => ({
    lr: (index, lr) =>
      index < warmup
        ? (lr * (index + 1)) / warmup
        : etaMin + 0.5 * (lr - etaMin) * (1 + Math.cos((Math.PI * (index - warmup)) / (totalSteps - warmup))),
  }),
};
