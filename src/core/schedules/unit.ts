import { choice } from '../config/optionSpecs';
import type { Schedule } from './schedule';

/** What the lengths of a schedule count. */
export const unitOption = choice(
  ['step', 'epoch'],
  'What the lengths of the schedule count. `epoch`: lr changes after each epoch, as if torch’s `scheduler.step()` were called there. Needs samples.',
);

/**
 * The schedule with its index in epochs: every step of an epoch has the values of the first one, as in torch
 * if scheduler.step() is called after each epoch.
 */
export function perEpoch(schedule: Schedule, stepsPerEpoch: number): Schedule {
  const epochOf = (index: number) => Math.floor(index / stepsPerEpoch);
  return {
    lr: (index, lr) => schedule.lr(epochOf(index), lr),
    ...(schedule.beta && { beta: (index) => schedule.beta!(epochOf(index)) }),
    ...(schedule.observe && { observe: (loss) => schedule.observe!(loss) }),
    ...(schedule.save && { save: () => schedule.save!() }),
    ...(schedule.restore && { restore: (memory) => schedule.restore!(memory) }),
  };
}
