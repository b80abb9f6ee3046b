import { type CoordinateGroup, CoordinateLayout } from '../../src/core/coordinates/coordinateLayout';
import { CoordinateSet, type SpreadCoordinates } from '../../src/core/coordinates/coordinateSet';
import type { NamesView, RunView } from '../../src/protocol/panel';

const layouts = new WeakMap<NamesView, CoordinateLayout>();

/** The names and groups of the coordinates of a run, computed once for each message of the host. */
export function layoutOf({ names, dim }: Pick<RunView, 'names' | 'dim'>): CoordinateLayout {
  const known = layouts.get(names);
  if (known?.dim === dim) return known;
  const layout = new CoordinateLayout(names.entries, names.vector, dim);
  layouts.set(names, layout);
  return layout;
}

/** The name of a coordinate of a run. */
export function nameIn(run: Pick<RunView, 'names' | 'dim'>, coordinate: number): string {
  return layoutOf(run).nameOf(coordinate);
}

/** The largest number of groups that a list offers. */
const mostGroups = 64;

/** The groups and arrays of a run, at all levels that are not too long for a list, each before its parts. */
export function choosableGroups(run: Pick<RunView, 'names' | 'dim'>): readonly CoordinateGroup[] {
  const layout = layoutOf(run);
  const found = new Map<string, CoordinateGroup>();
  for (let level = 1; level <= layout.deepestLevel(mostGroups); level++)
    for (const group of layout.level(level)) if (group.size > 1) found.set(group.name, group);
  return [...found.values()].sort((a, b) => a.offset - b.offset || b.size - a.size);
}

const sets = new WeakMap<SpreadCoordinates, CoordinateSet>();

/** The coordinates of a run whose values are recorded or were computed later. */
export function recordedIn({ coordinates }: Pick<RunView, 'coordinates'>): CoordinateSet {
  const known = sets.get(coordinates);
  if (known) return known;
  const set = new CoordinateSet(coordinates);
  sets.set(coordinates, set);
  return set;
}
