/**
 * Thresholds for the bands of a loss: evenly spaced in log(loss − least + offset), so that a narrow valley and the
 * walls around it both get bands. The offset, a small share of the median height, keeps the bottom from taking all.
 */
export function contourLevels(values: Float64Array, count: number): number[] {
  const finite = values.filter((value) => Number.isFinite(value)).sort();
  if (finite.length === 0) return [];
  const least = finite[0]!;
  const median = finite[finite.length >> 1]!;
  const top = finite[Math.floor((finite.length - 1) * 0.995)]!;
  const height = top - least;
  if (!(height > 0)) return [];
  if (!Number.isFinite(height)) {
    // The range may exceed the largest double, so halve before subtracting.
    return Array.from({ length: count }, (_, i) => least * (1 - i / count) + top * (i / count));
  }
  const offset = Math.max((median - least) * 1e-3, height * 1e-9);
  const [from, to] = [Math.log(offset), Math.log(height + offset)];
  return Array.from(
    { length: count },
    (_, i) => least + Math.exp(from + ((to - from) * (i + 0.5)) / count) - offset,
  );
}
