import type { OptimizerConfig, RunConfig, ScheduleConfig } from './runConfig';

/** A numeric option, or undefined if this optimizer or schedule has none of that name. */
export function numberOption(config: OptimizerConfig | ScheduleConfig, name: string): number | undefined {
  const value = config[name];
  return typeof value === 'number' ? value : undefined;
}

/** Whether the learning rate is the schedule's own: it then has a `maxLr` and ignores the optimizer's. */
export function isLrOfSchedule({ schedule }: RunConfig): boolean {
  return schedule !== null && numberOption(schedule, 'maxLr') !== undefined;
}

/** The learning rate that the user set: the schedule's, where the schedule brings its own. */
export function baseLr(config: RunConfig): number {
  return isLrOfSchedule(config)
    ? numberOption(config.schedule!, 'maxLr')!
    : (numberOption(config.optimizer, 'lr') ?? 0);
}

/** Whether steps are divided by a running size of the gradient: such optimizers are the ones with an eps. */
export function isAdaptive(config: RunConfig): boolean {
  return numberOption(config.optimizer, 'eps') !== undefined;
}

/**
 * b, the decay of the optimizer's longest memory: beta2, alpha or momentum. Plain gradient descent has none and gets
 * Adam's usual 0.999, which leaves the length of the run to decide.
 */
export function memoryDecay({ optimizer }: RunConfig): number {
  for (const name of ['beta2', 'alpha', 'momentum']) {
    const decay = numberOption(optimizer, name);
    if (decay !== undefined && decay > 0) return decay;
  }
  return 0.999;
}
