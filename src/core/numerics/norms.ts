/**
 * The Euclidean norm. If the sum of squares would overflow or underflow, the entries are scaled by the
 * largest one, so a gradient of 1e200 has a finite norm. NaN if an entry is NaN, else infinite if an entry
 * is.
 */
export function norm2(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
  if (sum > 1e-280 && sum < Number.POSITIVE_INFINITY) return Math.sqrt(sum);
  if (Number.isNaN(sum)) return sum;
  const scale = maxAbs(x);
  if (scale === 0 || scale === Number.POSITIVE_INFINITY) return scale;
  sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i]! / scale) ** 2;
  return scale * Math.sqrt(sum);
}

/** Largest absolute entry; NaN if any is NaN. */
export function maxAbs(x: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  return largest;
}

/** Index of the first NaN or infinity, −1 if every entry is finite. */
export function firstNonFinite(x: Float64Array): number {
  for (let i = 0; i < x.length; i++) if (!Number.isFinite(x[i]!)) return i;
  return -1;
}
