import { baseLr } from '../config/readOptions';
import { parameterGroupsOf } from '../groups';
import { formatNumber } from '../numerics/format';
import { configOfGroup } from './groupReports';
import type { RuleContext } from './rule';

/**
 * "lr = 0.05". With parameter groups, that of the named coordinates: "lr = 0.05 to 0.2" if they are in several groups.
 *
 * @param coordinates  all of them if none is named
 */
export function lrInWords({ config, dim }: RuleContext, coordinates: readonly number[] = []): string {
  const lrs = lrsOf(config, dim, coordinates);
  const [low, high] = [Math.min(...lrs), Math.max(...lrs)].map((lr) => formatNumber(lr));
  return low === high ? `lr = ${low}` : `lr = ${low} to ${high}`;
}

function lrsOf(config: RuleContext['config'], dim: number, coordinates: readonly number[]): number[] {
  const groups = parameterGroupsOf(config, dim);
  if (!groups) return [baseLr(config)];
  const isConcerned = (members: readonly number[]) =>
    coordinates.length === 0 ? members.length > 0 : coordinates.some((i) => members.includes(i));
  return groups.coordinates.flatMap((members, g) =>
    isConcerned(members) ? [baseLr(configOfGroup(config, g))] : [],
  );
}
