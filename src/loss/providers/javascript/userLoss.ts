import type { RunConfig } from '../../../core/config/runConfig';
import type { JavascriptSource } from '../../source';
import { failureAtName } from '../lossFailure';
import type { LoaderContext } from '../lossProvider';
import { exported, exportedFunction } from './moduleExports';
import type { LoadedModule } from './moduleImporter';
import type { UserLoss } from './userObjective';

/**
 * The loss, and the gradient if one is named, from the exports of a module.
 *
 * @param gradient  the export that computes the gradient; null if the gradient is computed from the loss
 * @throws LossFailure if an export is missing
 */
export function userLoss(
  module: LoadedModule,
  source: JavascriptSource,
  gradient: string | null,
  { enter, leave }: LoaderContext,
): UserLoss {
  return {
    name: source.lossName,
    loss: exportedFunction(module, source.exportName, source),
    gradient: gradient === null ? null : { name: gradient, call: exportedFunction(module, gradient, source) },
    wantsFloat64Array: source.wantsFloat64Array,
    enter,
    leave,
  };
}

/** The JSON report of a run with more coordinates would exceed the maximum length of a string. */
const maxCoordinates = 4_000_000;

/**
 * theta_0: the start in the configuration, or else the module's `<name>Start`.
 *
 * @throws LossFailure if there is no start, it is not a list of finite numbers, or its length is not allowed
 */
export function startOf(module: LoadedModule, source: JavascriptSource, config: RunConfig): Float64Array {
  if (config.start) return Float64Array.from(config.start);
  const given = source.startExport === null ? undefined : exported(module, source.startExport);
  if (given === undefined)
    throw failureAtName(
      source,
      'no-start',
      `where to start is not known: write @start [0, 0] above ${source.lossName}`,
    );
  const isList = Array.isArray(given) || given instanceof Float64Array;
  const count = isList ? (given as ArrayLike<number>).length : 0;
  if (count > maxCoordinates)
    throw failureAtName(
      source,
      'bad-start',
      `${source.startExport} has ${count} coordinates; at most ${maxCoordinates} can be run`,
    );
  const start = isList ? Float64Array.from(given as number[]) : new Float64Array(0);
  if (start.length === 0 || start.some((value) => !Number.isFinite(value)))
    throw failureAtName(source, 'bad-start', `${source.startExport} must be a list of finite numbers`);
  if (config.names && config.names.length !== start.length)
    throw failureAtName(
      source,
      'bad-names',
      `@names has ${config.names.length} names, but ${source.startExport} has ${start.length} coordinates`,
    );
  return start;
}
