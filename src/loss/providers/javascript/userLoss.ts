import { namesIn } from '../../../core/callForm';
import type { RunConfig } from '../../../core/config/runConfig';
import type { ExportedFunction, JavascriptSource } from '../../source';
import { type FlatStart, flatStart } from '../../start/startStructure';
import { exampleStart } from '../../start/startText';
import { failureAtName } from '../lossFailure';
import type { LoaderContext } from '../lossProvider';
import { requireFittingNames } from '../startNames';
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
 * theta_0: the start in the configuration, or else the module's `<name>Start`, which may be built of arrays and objects.
 *
 * @returns also the names that the structure of the start gives to its coordinates; null if it gives none, or the configuration does
 * @throws LossFailure if there is no start, it contains anything but finite numbers, its length is not allowed, or the names or
 *         groups of the configuration do not fit it
 */
export function startOf(module: LoadedModule, source: JavascriptSource, config: RunConfig): FlatStart {
  if (config.start) return { values: Float64Array.from(config.start), names: null };
  const given = source.startExport === null ? undefined : exported(module, source.startExport);
  if (given === undefined)
    throw failureAtName(
      source,
      'no-start',
      `where to start is not known: write @start ${exampleStart(source.form).tag} above ${source.lossName}`,
    );
  const start = exportedStart(given, source, config.names);
  const { values } = start;
  requireFittingNames(source, config, source.startExport ?? source.lossName, values.length, start.names);
  return { values, names: config.names ? null : start.names };
}

function exportedStart(given: unknown, source: JavascriptSource, configured: RunConfig['names']): FlatStart {
  const { lossName, startExport, parameterName } = source;
  const names = namesIn(source.form);
  const isObject = typeof given === 'object' && given !== null && !isListOfNumbers(given);
  // An object of numbers is brought into the order of the names.
  const order = names ?? (isObject && hasNumbersOnly(given) ? configured : null);
  const flat = flatStart(
    isObject && order ? valuesOf(given, order) : given,
    parameterName ?? 'theta',
    maxCoordinates,
  );
  if (typeof flat === 'number')
    throw failureAtName(
      source,
      'bad-start',
      `${startExport} has ${flat} coordinates; at most ${maxCoordinates} can be run`,
    );
  if (!flat || (isObject && order && flat.values.length !== order.length))
    throw failureAtName(
      source,
      'bad-start',
      order
        ? `${startExport} must have a finite number for each of ${order.join(', ')}`
        : `${startExport} must be a list of finite numbers, or arrays and objects of them`,
    );
  if (names && names.length !== flat.values.length)
    throw failureAtName(
      source,
      'bad-start',
      `${startExport} has ${flat.values.length} numbers, but ${lossName} takes ${names.length} (${names.join(', ')})`,
    );
  return order ? { ...flat, names: null } : flat;
}

function isListOfNumbers(given: object): boolean {
  return Array.isArray(given) || ArrayBuffer.isView(given);
}

function hasNumbersOnly(given: object): boolean {
  return Object.values(given).every((value) => typeof value === 'number');
}

/** The numbers of an object by name. */
function valuesOf(given: object, names: readonly string[]): unknown[] {
  return names.map((name) => (given as Record<string, unknown>)[name]);
}
