import type { CoordinateSet } from '../../src/core/coordinates/coordinateSet';

/**
 * The visible coordinates by slot. The slot determines the colour, so a coordinate keeps its colour while
 * others are added or removed.
 */
export type Slots = readonly (number | null)[];

/** The number of visible coordinates before the user chooses any. */
const shownAtFirst = 8;

export function firstSlots(recorded: CoordinateSet): Slots {
  return recorded.first(shownAtFirst);
}

/** The number of coordinates of a large run that are shown if none is known to matter. */
const spread = 5;

/** Evenly spread coordinates. */
export function spreadSlots(recorded: CoordinateSet): Slots {
  return recorded.evenly(spread);
}

/** Keeps only recorded coordinates; if none remain, uses the first few. */
export function slotsWithin(slots: Slots, recorded: CoordinateSet): Slots {
  const kept = slots.map((coordinate) =>
    coordinate !== null && recorded.has(coordinate) ? coordinate : null,
  );
  return kept.some((coordinate) => coordinate !== null) ? kept : firstSlots(recorded);
}

/** Shows `coordinate` in the lowest free slot, or hides it. Unchanged if `limit` slots are taken. */
export function toggled(slots: Slots, coordinate: number, limit: number): Slots {
  if (slots.includes(coordinate)) {
    return trimmed(slots.map((shown) => (shown === coordinate ? null : shown)));
  }
  const free = slots.indexOf(null);
  if (free >= 0) return slots.map((shown, slot) => (slot === free ? coordinate : shown));
  return slots.length < limit ? [...slots, coordinate] : slots;
}

function trimmed(slots: Slots): Slots {
  let end = slots.length;
  while (end > 0 && slots[end - 1] === null) end--;
  return slots.slice(0, end);
}

export interface ShownCoordinate {
  readonly coordinate: number;
  readonly slot: number;
}

/** The shown coordinates in ascending order, each with its slot. */
export function shownCoordinates(slots: Slots): ShownCoordinate[] {
  return slots
    .flatMap((coordinate, slot) => (coordinate === null ? [] : [{ coordinate, slot }]))
    .sort((a, b) => a.coordinate - b.coordinate);
}
