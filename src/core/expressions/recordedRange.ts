/** The place of the first of ascending coordinates that is not before `coordinate`; their number if there is none. */
export function placeFrom(recorded: readonly number[], coordinate: number): number {
  // Most runs record all coordinates.
  if (recorded[coordinate] === coordinate) return coordinate;
  let [low, high] = [0, recorded.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (recorded[middle]! < coordinate) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of ascending coordinates lie between `from` and `to`, both included. */
export function countWithin(recorded: readonly number[], from: number, to: number): number {
  return placeFrom(recorded, to + 1) - placeFrom(recorded, from);
}
