import type { ScheduleDefinition } from './schedule';

/** lr(t) = lr. */
export const constant: ScheduleDefinition<Record<never, never>> = {
  title: 'Constant',
  doc: 'The learning rate does not change.',
  options: {},
  create: () => ({ lr: (_index, lr) => lr }),
};
