import type { OptimizerConfig, RunConfig, RunConfigPatch, ScheduleConfig } from './runConfig';

/**
 * The value of a numeric option; undefined if the optimizer or schedule has no numeric option of that name.
 */
export function numberOption(config: OptimizerConfig | ScheduleConfig, name: string): number | undefined {
  const value = config[name];
  return typeof value === 'number' ? value : undefined;
}

/** The number of steps of an epoch: a smaller last mini-batch counts. 1 without samples. */
export function stepsPerEpochOf({
  samples,
  batch,
}: {
  readonly samples: number | null;
  readonly batch: number | null;
}): number {
  return samples === null ? 1 : Math.ceil(samples / (batch ?? samples));
}

/**
 * Whether the schedule determines the learning rate. It then has a `maxLr`, and the optimizer's lr is
 * ignored.
 */
export function isLrOfSchedule({ schedule }: RunConfig): boolean {
  return schedule !== null && numberOption(schedule, 'maxLr') !== undefined;
}

/** The learning rate that the user set: maxLr of the schedule if it has one, else lr of the optimizer. */
export function baseLr(config: RunConfig): number {
  return isLrOfSchedule(config)
    ? numberOption(config.schedule!, 'maxLr')!
    : (numberOption(config.optimizer, 'lr') ?? 0);
}

/** The patch that sets the learning rate. Those of parameter groups change by the same factor. */
export function lrPatch(config: RunConfig, lr: number): RunConfigPatch {
  if (isLrOfSchedule(config)) return { schedule: { maxLr: lr } };
  const before = baseLr(config);
  const ownRates = config.groups?.some((group) => typeof group.lr === 'number') ?? false;
  if (!ownRates || !(before > 0)) return { optimizer: { lr } };
  const groups = config.groups!.map((group) =>
    typeof group.lr === 'number'
      ? { ...group, lr: Number((group.lr * (lr / before)).toPrecision(6)) }
      : group,
  );
  return { optimizer: { lr }, groups };
}

/**
 * Whether the optimizer divides its steps by the size of its gradients: these are the optimizers with an eps.
 */
export function isAdaptive(config: RunConfig): boolean {
  return numberOption(config.optimizer, 'eps') !== undefined;
}

/**
 * b, the decay rate of the optimizer's longest moving average: beta2, alpha or momentum. Gradient descent
 * without momentum has none and gets 0.999, the default of Adam. In short runs, the windows of the rules then
 * depend only on the length of the run.
 */
export function memoryDecay({ optimizer }: RunConfig): number {
  for (const name of ['beta2', 'alpha', 'momentum']) {
    const decay = numberOption(optimizer, name);
    if (decay !== undefined && decay > 0) return decay;
  }
  return 0.999;
}
