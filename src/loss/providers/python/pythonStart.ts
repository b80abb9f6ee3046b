import type { RunConfig } from '../../../core/config/runConfig';
import type { PythonSource } from '../../source';
import type { FlatStart } from '../../start/startStructure';
import { exampleStart } from '../../start/startText';
import { failureAtName } from '../lossFailure';
import { requireFittingNames } from '../startNames';
import type { Sent } from './process/messages';

/** The start of the module, as the process answers it. */
export interface StartAnswer {
  readonly values: readonly Sent[];
  /** The names that its structure gives to its numbers, as entries of `names=`; null if it gives none. */
  readonly names: readonly string[] | null;
}

/**
 * theta_0: from the configuration, or else from the module. Parameters with a structure have its names also then.
 *
 * @param ask  asks for the start of the module; null if it has none
 * @throws LossFailure as `startOf` of JavaScript
 */
export function startOf(source: PythonSource, config: RunConfig, ask: () => StartAnswer | null): FlatStart {
  const isStructured = source.params !== null || source.module !== null;
  if (config.start && !isStructured) return { values: Float64Array.from(config.start), names: null };
  const given = ask();
  if (given === null)
    throw failureAtName(
      source,
      'no-start',
      `where to start is not known: write start=${exampleStart(source.form).tag} in the adamscope comment of ${source.lossName}`,
    );
  const values = Float64Array.from(config.start ?? given.values, Number);
  const from = source.params ?? source.module ?? source.startExport ?? source.lossName;
  if (values.length !== given.values.length)
    throw failureAtName(
      source,
      'bad-start',
      `start has ${values.length} numbers, but ${from} has ${given.values.length}`,
    );
  if (values.length === 0 || !values.every(Number.isFinite))
    throw failureAtName(source, 'bad-start', `${from} must contain finite numbers only, and at least one`);
  requireFittingNames(source, config, from, values.length, given.names);
  return { values, names: config.names ? null : given.names };
}
