import { crossingAhead, crossingBetween } from '../../../../src/core/diagnosis/outlook';
import { scalarPlaces } from '../../../../src/protocol/panel';
import type { Trace } from './simulation';

/** The numbers of the header at a step; see `scalarPlaces`. */
export function scalarsAt(trace: Trace, steps: number): Float64Array {
  const at = (key: string) => trace.columns.get(key)?.[steps - 1] ?? Number.NaN;
  const best = at('best');
  const bestStep = (trace.columns.get('loss')?.indexOf(best) ?? -1) + 1;
  const scalars = new Float64Array(Object.keys(scalarPlaces).length).fill(Number.NaN);
  scalars[scalarPlaces.lossNow] = at('loss');
  scalars[scalarPlaces.bestLoss] = best;
  scalars[scalarPlaces.bestStep] = bestStep > 0 ? bestStep : Number.NaN;
  scalars[scalarPlaces.lrNow] = at('lr');
  scalars[scalarPlaces.gradNormNow] = at('gradNorm');
  const unstableAt = unstableFrom(trace, steps);
  scalars[scalarPlaces.unstableAt] = unstableAt;
  scalars[scalarPlaces.rebound] = Number.isNaN(unstableAt) ? Number.NaN : 2.81;
  return scalars;
}

function unstableFrom({ stability }: Trace, steps: number): number {
  const known = stability.filter(({ t }) => t <= steps);
  const isBeyond = ({ value, limit }: (typeof known)[number]) => value >= limit;
  const below = known.findLastIndex((point) => !isBeyond(point));
  const beyond = known[below + 1];
  if (beyond !== undefined) return crossingBetween(known[below] ?? null, beyond);
  return crossingAhead(known) ?? Number.NaN;
}
