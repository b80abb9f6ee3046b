import { aboveTo, atLeast, integer, number, within } from '../config/optionSpecs';
import type { ScheduleDefinition } from './schedule';

const linearOptions = {
  startFactor: number(1 / 3, aboveTo(0, 1), 'Factor of lr at the first step.'),
  endFactor: number(1, within(0, 1), 'Factor of lr from totalIters on.'),
  totalIters: integer(5, atLeast(1), 'Number of steps from startFactor to endFactor.'),
} as const;

/**
 * A straight line between two factors of lr; torch.optim.lr_scheduler.LinearLR.
 *
 *   lr(t) = lr (startFactor + (endFactor − startFactor) min(t − 1, totalIters)/totalIters)
 */
export const linear: ScheduleDefinition<typeof linearOptions> = {
  title: 'Linear',
  doc: 'Changes lr linearly from startFactor·lr to endFactor·lr over totalIters steps: a warmup or a decay.',
  options: linearOptions,
  create: ({ startFactor, endFactor, totalIters }) => ({
    lr: (index, lr) =>
      lr * (startFactor + ((endFactor - startFactor) * Math.min(index, totalIters)) / totalIters),
  }),
};
