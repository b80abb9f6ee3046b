import type { RunView } from '../../src/protocol/panel';

/** Recorded coordinates whose name contains the search, or whose index it is. */
export function matching(run: Pick<RunView, 'coordinates' | 'names'>, search: string): number[] {
  const wanted = search.trim().toLowerCase();
  return run.coordinates.filter(
    (coordinate) =>
      wanted === '' ||
      String(coordinate) === wanted ||
      (run.names[coordinate] ?? '').toLowerCase().includes(wanted),
  );
}
