/**
 * The median of at least one value. The values must be in ascending order. Adds half of each middle value,
 * because the sum of two large values may overflow.
 */
export function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : 0.5 * sorted[middle - 1]! + 0.5 * sorted[middle]!;
}
