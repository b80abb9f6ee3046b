/** The median of at least one value, in ascending order. It adds halves, so that two large values do not overflow. */
export function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : 0.5 * sorted[middle - 1]! + 0.5 * sorted[middle]!;
}
