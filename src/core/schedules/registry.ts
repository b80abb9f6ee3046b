import type { OptionSpecs } from '../config/options';
import { constant } from './constant';
import { cosine } from './cosine';
import { linear } from './linear';
import type { ScheduleDefinition } from './schedule';
import { warmupCosine } from './warmupCosine';

export const scheduleNames = ['constant', 'linear', 'cosine', 'warmupCosine'] as const;
export type ScheduleName = (typeof scheduleNames)[number];

/** Every schedule, by the name that users write. */
export const schedules: { readonly [N in ScheduleName]: ScheduleDefinition } = {
  constant: widen(constant),
  linear: widen(linear),
  cosine: widen(cosine),
  warmupCosine: widen(warmupCosine),
};

function widen<S extends OptionSpecs>(definition: ScheduleDefinition<S>): ScheduleDefinition {
  return definition as unknown as ScheduleDefinition;
}
