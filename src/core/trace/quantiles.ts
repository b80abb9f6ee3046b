/**
 * Quantiles with linear interpolation between order statistics (Hyndman & Fan 1996, definition 7), ignoring NaN.
 *
 * @param values  shape [n]; sorted in place
 * @param levels  each in [0, 1]
 * @returns one value per level; NaN if there are no values
 */
export function quantilesOf(values: Float64Array, levels: readonly number[]): number[] {
  // NaN is sorted to the end.
  values.sort();
  let count = values.length;
  while (count > 0 && Number.isNaN(values[count - 1]!)) count--;
  return levels.map((level) => {
    if (count === 0) return Number.NaN;
    const place = level * (count - 1);
    const low = values[Math.floor(place)]!;
    const high = values[Math.ceil(place)]!;
    // Infinite neighbours have no difference.
    return low === high ? low : low + (place - Math.floor(place)) * (high - low);
  });
}
