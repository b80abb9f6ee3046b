import type { RunView } from '../../src/protocol/panel';

/** Coordinates whose name contains the search, or whose index it is, recorded or not. */
export function matching({ dim, names }: Pick<RunView, 'dim' | 'names'>, search: string): number[] {
  // "w1[*" finds the array.
  const wanted = search
    .trim()
    .toLowerCase()
    .replace(/\*\]?$/, '');
  const found: number[] = [];
  for (let coordinate = 0; coordinate < dim; coordinate++)
    if (
      wanted === '' ||
      String(coordinate) === wanted ||
      (names[coordinate] ?? '').toLowerCase().includes(wanted)
    )
      found.push(coordinate);
  return found;
}
