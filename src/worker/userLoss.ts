import type { RunConfig } from '../core/config/runConfig';
import type { Objective } from '../core/objective';
import { checkedValue, type UserLoss } from '../loss/providers/javascript/userObjective';
import type { LossSource } from '../loss/source';
import type { ControlWorker } from '../protocol/control';
import { exported, exportedFunction, type LoadedModule } from './loadedLoss';
import { fail } from './problems';

/**
 * The user's functions, each call between the watchdog's marks.
 *
 * @throws JobFailure if an export is missing or the gradient mode cannot be had
 */
export function userLoss(
  module: LoadedModule,
  source: LossSource,
  config: RunConfig,
  control: ControlWorker,
): UserLoss {
  const mode = config.gradientMode;
  const usesProvided = source.gradientExport !== null && (mode === 'auto' || mode === 'provided');
  if (mode === 'provided' && source.gradientExport === null)
    throw fail(source, 'no-gradient', `${source.lossName} provides no gradient: name it with @gradient`);
  return {
    name: source.lossName,
    loss: exportedFunction(module, source.exportName, source),
    gradient: usesProvided
      ? { name: source.gradientExport!, call: exportedFunction(module, source.gradientExport!, source) }
      : null,
    wantsFloat64Array: source.wantsFloat64Array,
    enter: () => control.enterUserCode(),
    leave: () => control.leaveUserCode(),
  };
}

/**
 * The validation loss, if the configuration names one.
 *
 * @throws JobFailure if the module does not export it
 */
export function validationOf(
  { module, source, user }: { module: LoadedModule; source: LossSource; user: UserLoss },
  { validation }: RunConfig,
): Objective['value'] | null {
  return validation === null
    ? null
    : checkedValue(user, validation, exportedFunction(module, validation, source));
}

/**
 * theta_0: what the config says, else the module's `<name>Start`.
 *
 * @throws JobFailure if there is none, or it is no list of numbers
 */
export function startOf(module: LoadedModule, source: LossSource, config: RunConfig): Float64Array {
  if (config.start) return Float64Array.from(config.start);
  const given = source.startExport === null ? undefined : exported(module, source.startExport);
  if (given === undefined)
    throw fail(
      source,
      'no-start',
      `where to start is not known: write @start [0, 0] above ${source.lossName}`,
    );
  const isList = Array.isArray(given) || given instanceof Float64Array;
  const start = isList ? Float64Array.from(given as number[]) : new Float64Array(0);
  if (start.length === 0 || start.some((value) => !Number.isFinite(value)))
    throw fail(source, 'bad-start', `${source.startExport} must be a list of finite numbers`);
  if (config.names && config.names.length !== start.length)
    throw fail(
      source,
      'bad-names',
      `@names gives ${config.names.length} names, ${source.startExport} has ${start.length} coordinates`,
    );
  return start;
}
