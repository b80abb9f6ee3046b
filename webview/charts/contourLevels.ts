/**
 * Thresholds for the bands of a loss, evenly spaced in log(loss − least + offset), so that both a narrow
 * valley and its walls have several bands. The offset is a small share of the median height. It prevents most
 * bands from being at the bottom.
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
    // The range may exceed the largest double, so the levels are interpolated without a subtraction.
    return Array.from({ length: count }, (_, i) => least * (1 - i / count) + top * (i / count));
  }
  const offset = Math.max((median - least) * 1e-3, height * 1e-9);
  const [from, to] = [Math.log(offset), Math.log(height + offset)];
  return Array.from(
    { length: count },
    (_, i) => least + Math.exp(from + ((to - from) * (i + 0.5)) / count) - offset,
  );
}
