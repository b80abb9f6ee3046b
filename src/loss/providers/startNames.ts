import { coordinatesOfGroups } from '../../core/config/groups';
import type { RunConfig } from '../../core/config/runConfig';
import { countOfNames } from '../../core/coordinates/nameEntry';
import { inTagsOf } from '../annotation/tagWords';
import type { LossSource } from '../source';
import { failureAtName } from './lossFailure';

/**
 * Checks the names and groups of the configuration against a start that the module gives.
 *
 * @param from   the name of that start, for messages
 * @param count  of its numbers
 * @param own    the names that it gives to them
 * @throws LossFailure if they do not fit it
 */
export function requireFittingNames(
  source: Pick<LossSource, 'language' | 'location'>,
  config: Pick<RunConfig, 'names' | 'groups'>,
  from: string,
  count: number,
  own: readonly string[] | null,
): void {
  const named = config.names && countOfNames(config.names);
  if (named !== null && named !== count)
    throw failureAtName(
      source,
      'bad-names',
      inTagsOf(source.language, `@names has ${named} names, but ${from} has ${count} coordinates`),
    );
  const [problem] = config.groups
    ? coordinatesOfGroups(config.groups, config.names ?? own, count).problems
    : [];
  if (problem) throw failureAtName(source, 'bad-names', problem.message);
}
