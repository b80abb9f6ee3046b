import { namesIn } from '../../../core/callForm';
import type { RunConfig } from '../../../core/config/runConfig';
import { countOfNames } from '../../../core/coordinates/nameEntry';
import type { ExportedFunction, JavascriptSource } from '../../source';
import { exampleStart } from '../../start/startText';
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
  gradient: ExportedFunction | null,
  { enter, leave }: LoaderContext,
): UserLoss {
  return {
    name: source.lossName,
    loss: { call: exportedFunction(module, source.exportName, source), form: source.form },
    gradient: gradient && {
      name: gradient.exportName,
      call: exportedFunction(module, gradient.exportName, source),
      form: gradient.form,
    },
    names: namesIn(source.form),
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
      `where to start is not known: write @start ${exampleStart(source.form).tag} above ${source.lossName}`,
    );
  const names = namesIn(source.form);
  const isList = Array.isArray(given) || given instanceof Float64Array || given instanceof Float32Array;
  const list = isList ? (given as ArrayLike<number>) : names && valuesOf(given, names);
  const count = list?.length ?? 0;
  if (count > maxCoordinates)
    throw failureAtName(
      source,
      'bad-start',
      `${source.startExport} has ${count} coordinates; at most ${maxCoordinates} can be run`,
    );
  const start = list ? Float64Array.from(list) : new Float64Array(0);
  if (start.length === 0 || start.some((value) => !Number.isFinite(value)))
    throw failureAtName(
      source,
      'bad-start',
      names
        ? `${source.startExport} must have a finite number for each of ${names.join(', ')}`
        : `${source.startExport} must be a list of finite numbers`,
    );
  if (names && names.length !== start.length)
    throw failureAtName(
      source,
      'bad-start',
      `${source.startExport} has ${start.length} numbers, but ${source.lossName} takes ${names.length} (${names.join(', ')})`,
    );
  const named = config.names && countOfNames(config.names);
  if (named !== null && named !== start.length)
    throw failureAtName(
      source,
      'bad-names',
      `@names has ${named} names, but ${source.startExport} has ${start.length} coordinates`,
    );
  return start;
}

/** The numbers of an object by name; null if it is not one. */
function valuesOf(given: unknown, names: readonly string[]): number[] | null {
  if (typeof given !== 'object' || given === null) return null;
  return names.map((name) => (given as Record<string, number>)[name]!);
}
