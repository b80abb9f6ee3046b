/**
 * A number as people read it, the same everywhere: `digits` significant digits without trailing zeros, plain from 0.001 up
 * to 10^max(digits, 4), else with a power of ten. 0.05, 812, 3.1e-4, 1.25e7; ∞ and NaN as such.
 *
 * @param digits  3 in sentences and readouts, 4 in a narrow table, 6 in a table
 */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  if (value === 0) return '0';
  // Rounded as text: rounding up the largest double would overflow.
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -3 && power < Math.max(digits, 4)) return String(Number(value.toPrecision(digits)));
  return `${Number(mantissa)}e${power}`;
}
