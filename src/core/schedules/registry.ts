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
import { unitOption } from './unit';
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
  step: withUnit(step),
  multiStep: withUnit(multiStep),
  exponential: withUnit(exponential),
  linear: withUnit(linear),
  cosine: withUnit(cosine),
  warmupCosine: withUnit(warmupCosine),
  oneCycle: withUnit(oneCycle),
  reduceOnPlateau: withUnit(reduceOnPlateau),
};

function withUnit<S extends OptionSpecs>(definition: ScheduleDefinition<S>): ScheduleDefinition {
  return widen({ ...definition, options: { ...definition.options, unit: unitOption } });
}

function widen<S extends OptionSpecs>(definition: ScheduleDefinition<S>): ScheduleDefinition {
  return definition as unknown as ScheduleDefinition;
}
