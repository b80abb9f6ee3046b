import type { OptionSpecs, OptionsOf } from './config/optionSpecs';
import { stepsPerEpochOf } from './config/readOptions';
import { optionsOf } from './config/resolve';
import type { OptimizerConfig, RunConfig } from './config/runConfig';
import type { OptimizerDefinition, StateName } from './optimizers/optimizer';
import { optimizers } from './optimizers/registry';
import { schedules } from './schedules/registry';
import type { Schedule } from './schedules/schedule';
import { perEpoch } from './schedules/unit';

/** An optimizer of a run with its options. A run has one phase, or two if it switches optimizers. */
export interface Phase {
  readonly definition: OptimizerDefinition;
  /** The options at creation. An option that a schedule cycles has its value of the first step. */
  readonly options: OptionsOf<OptionSpecs>;
  /** beta1 or momentum, if no schedule cycles it; NaN for an optimizer that has neither. */
  readonly beta: number;
}

/** The optimizers of a run, in order. */
export function phasesOf(config: RunConfig): readonly [Phase, ...Phase[]] {
  const cycling = cyclingSchedule(config);
  const phase = (optimizer: OptimizerConfig): Phase => {
    const definition = optimizers[optimizer.name];
    const { cycled } = definition;
    const given = optionsOf(optimizer);
    // As in torch, the schedule overwrites the option before the first step.
    const options = cycled && cycling ? { ...given, [cycled]: cycling.beta!(0) } : given;
    return { definition, options, beta: cycled === null ? Number.NaN : (options[cycled] as number) };
  };
  const first = phase(config.optimizer);
  return config.switch ? [first, phase(config.switch.to)] : [first];
}

/** The configuration of the optimizer of a phase: the second one's after a switch. */
export function optimizerAt(config: RunConfig, phase: number): OptimizerConfig {
  return phase === 0 ? config.optimizer : config.switch!.to;
}

/** Creates the schedule of the run; null if the learning rate is constant. */
export function scheduleOf(config: RunConfig): Schedule | null {
  const { schedule } = config;
  if (!schedule) return null;
  const counting = schedules[schedule.name].create(optionsOf(schedule), config.maximize);
  return schedule.unit === 'epoch' ? perEpoch(counting, stepsPerEpochOf(config)) : counting;
}

/** A schedule that cycles beta1 or momentum, if the run has one. */
export function cyclingSchedule(config: RunConfig): Schedule | null {
  const schedule = scheduleOf(config);
  return schedule?.beta ? schedule : null;
}

/** The states that a run records for each coordinate: those of all its optimizers, without duplicates. */
export function stateNamesOf(config: RunConfig): StateName[] {
  return [...new Set(phasesOf(config).flatMap(({ definition, options }) => definition.stateNames(options)))];
}
