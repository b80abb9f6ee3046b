import type { RunConfig } from '../../../core/config/runConfig';
import type { JavascriptSource } from '../../source';
import { failureAtName } from '../lossFailure';
import type { LoaderContext } from '../lossProvider';
import { exported, exportedFunction } from './moduleExports';
import type { LoadedModule } from './moduleImporter';
import type { UserLoss } from './userObjective';

/**
 * The user's functions as a module exports them.
 *
 * @param gradient  the export that gives the gradient; null where it is computed from the loss
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

/** The report of a longer run would be longer than a string can be. */
const maxCoordinates = 4_000_000;

/**
 * theta_0: what the configuration says, else the module's `<name>Start`.
 *
 * @throws LossFailure if there is none, or it is no list of numbers
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
