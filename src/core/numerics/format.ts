/**
 * Formats a number for people, in the same way everywhere: `digits` significant digits without trailing
 * zeros. Numbers from 0.001 up to 10^max(digits, 4) are written without an exponent, others with a power of
 * ten. Examples: 0.05, 812, 3.1e-4, 1.25e7, ∞, NaN.
 *
 * @param digits  3 in sentences and readouts, 4 in a narrow table, 6 in a table
 */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  if (value === 0) return '0';
  // Round as text, because rounding up the largest double as a number would overflow.
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -3 && power < Math.max(digits, 4)) return String(Number(value.toPrecision(digits)));
  return `${Number(mantissa)}e${power}`;
}

/** A number with enough digits, at least `digits`, to look different from another one. */
export function formatApart(value: number, other: number, digits = 3): string {
  if (value === other) return formatNumber(value, digits);
  for (let enough = digits; enough < 17; enough++)
    if (formatNumber(value, enough) !== formatNumber(other, enough)) return formatNumber(value, enough);
  return formatNumber(value, 17);
}
