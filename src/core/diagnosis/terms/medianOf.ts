/** The median of values in ascending order, at least one. Halves are added: two large values do not overflow. */
export function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : 0.5 * sorted[middle - 1]! + 0.5 * sorted[middle]!;
}
