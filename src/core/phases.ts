import { optionsOfGroup } from './config/groups';
import type { OptionSpecs, OptionsOf } from './config/optionSpecs';
import { stepsPerEpochOf } from './config/readOptions';
import { optionsOf } from './config/resolve';
import type { OptimizerConfig, RunConfig } from './config/runConfig';
import type { OptimizerDefinition, RecordedState } from './optimizers/optimizer';
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

/** The optimizers of a run, in order. With parameter groups: that of the coordinates outside them. */
export function phasesOf(config: RunConfig): readonly [Phase, ...Phase[]] {
  const first = phaseOf(config, config.optimizer);
  return config.switch ? [first, phaseOf(config, config.switch.to)] : [first];
}

/** An optimizer in a run with this configuration. */
export function phaseOf(config: RunConfig, optimizer: OptimizerConfig): Phase {
  const cycling = cyclingSchedule(config);
  const definition = optimizers[optimizer.name];
  const { cycled } = definition;
  const given = optionsOf(optimizer);
  // As in torch, the schedule overwrites the option before the first step.
  const options = cycled && cycling ? { ...given, [cycled]: cycling.beta!(0) } : given;
  return { definition, options, beta: cycled === null ? Number.NaN : (options[cycled] as number) };
}

/** Whether weight decay acts on any coordinate in any phase of a run. */
export function hasWeightDecay(config: RunConfig): boolean {
  const ofGroups = (config.groups ?? []).map((group) =>
    phaseOf(config, { ...config.optimizer, ...optionsOfGroup(group) }),
  );
  return [...phasesOf(config), ...ofGroups].some(({ options }) => (options.weightDecay as number) > 0);
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

/** The states that a run records for each coordinate: those of all its optimizers and groups, without duplicates. */
export function stateNamesOf(config: RunConfig): RecordedState[] {
  const groups = (config.groups ?? []).map((group) =>
    phaseOf(config, { ...config.optimizer, ...optionsOfGroup(group) }),
  );
  const phases = [...phasesOf(config), ...groups];
  const states = phases.flatMap(({ definition, options }): RecordedState[] => [
    ...definition.stateNames(options),
    ...((config.groups && definition.scalarNames) ?? []),
  ]);
  return [...new Set<RecordedState>(config.groups ? [...states, 'lr'] : states)];
}
