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

/** More digits distinguish no doubles. */
const mostDigits = 17;

/** Two numbers for one sentence: with as many more digits as it takes to write different numbers differently. */
export function formatApart(a: number, b: number, digits = 3): readonly [string, string] {
  const both = [formatNumber(a, digits), formatNumber(b, digits)] as const;
  return both[0] !== both[1] || a === b || digits >= mostDigits ? both : formatApart(a, b, digits + 1);
}
