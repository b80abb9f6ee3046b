import { rankNames } from '../../core/trace/vectorSample';
import type { Mattering, RankingView } from '../../protocol/panel';
import type { Run } from '../../runs/run';

/** The ranking whose step is nearest to `step`; null if the run has none. */
export function rankingAt({ samples }: Run, step: number): RankingView | null {
  let nearest: Run['samples'][number] | null = null;
  for (const sample of samples)
    if (sample.ranking && (!nearest || Math.abs(sample.t - step) <= Math.abs(nearest.t - step)))
      nearest = sample;
  if (!nearest?.ranking) return null;
  const { ranks, dead } = nearest.ranking;
  const views = ranks.map((rank) => ({ ...rank, values: Float64Array.from(rank.values) }));
  return { step: nearest.t, ranks: views, dead };
}

/** The number of coordinates that a dashboard shows at first. */
const shownAtFirst = 5;

/**
 * The coordinates that matter most at the last ranked step: the first of every rank, then the second of every rank, and so on. Only
 * those whose values are recorded, because only they can be drawn.
 */
export function matteringOf({ samples, trace, picked }: Run): Mattering[] {
  const ranking = samples.findLast((sample) => sample.ranking !== null)?.ranking;
  if (!ranking || !trace) return [];
  const recorded = new Set([...trace.layout.coordinates, ...picked.keys()]);
  const drawable = rankNames.flatMap((rank) => {
    const found = ranking.ranks.find(({ name }) => name === rank);
    return found ? [{ rank, coordinates: found.coordinates.filter((c) => recorded.has(c)) }] : [];
  });
  const chosen = new Map<number, Mattering>();
  for (let place = 0; drawable.some(({ coordinates }) => coordinates.length > place); place++)
    for (const { rank, coordinates } of drawable) {
      const coordinate = coordinates[place];
      if (coordinate === undefined || chosen.size === shownAtFirst || chosen.has(coordinate)) continue;
      chosen.set(coordinate, { coordinate, rank });
    }
  return [...chosen.values()];
}
