import type { OptionSpecs } from '../config/optionSpecs';
import { constant } from './constant';
import { cosine } from './cosine';
import { exponential } from './exponential';
import { linear } from './linear';
import { multiStep } from './multiStep';
import { oneCycle } from './oneCycle';
import { reduceOnPlateau } from './reduceOnPlateau';
import type { ScheduleDefinition } from './schedule';
import { step } from './step';
import { warmupCosine } from './warmupCosine';

export const scheduleNames = [
  'constant',
  'step',
  'multiStep',
  'exponential',
  'linear',
  'cosine',
  'warmupCosine',
  'oneCycle',
  'reduceOnPlateau',
] as const;
export type ScheduleName = (typeof scheduleNames)[number];

/** Every schedule, by the name that users write. */
export const schedules: { readonly [N in ScheduleName]: ScheduleDefinition } = {
  constant: widen(constant),
  step: widen(step),
  multiStep: widen(multiStep),
  exponential: widen(exponential),
  linear: widen(linear),
  cosine: widen(cosine),
  warmupCosine: widen(warmupCosine),
  oneCycle: widen(oneCycle),
  reduceOnPlateau: widen(reduceOnPlateau),
};

function widen<S extends OptionSpecs>(definition: ScheduleDefinition<S>): ScheduleDefinition {
  return definition as unknown as ScheduleDefinition;
}
