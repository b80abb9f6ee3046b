/** Numbers as the dashboard writes them: few digits, powers of ten, non-finite values as words of mathematics. */

const superscripts = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** Three significant digits: readouts, summaries. */
export function shortNumber(value: number): string {
  return significant(value, 3);
}

/** Four significant digits: a table in a narrow panel. */
export function narrowNumber(value: number): string {
  return significant(value, 4);
}

/** Six significant digits: tables. */
export function exactNumber(value: number): string {
  return significant(value, 6);
}

/** A step or a count: whole, with thin spaces between thousands from 10 000 on. */
export function stepText(step: number): string {
  const digits = String(Math.round(step));
  return digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** "2nd", "3rd", "4th", "11th". */
export function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13;
  const ending = teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${stepText(n)}${ending}`;
}

/** A formula short enough to stand behind a chart's title: "lr / (sqrt(vHat) + eps)" is "lr/√vHat". */
export function shortSymbol(symbol: string): string {
  return symbol
    .replace(/\s*\+\s*eps\b/g, '')
    .replace(/sqrt\((\w+)\)/g, '√$1')
    .replace(/\((√\w+)\)/g, '$1')
    .replace('B(t)', 'B')
    .replace(/\s*\/\s*/g, '/');
}

/**
 * The label of a tick. Powers of ten far from one are written as powers; `digits` grows beyond three only where
 * neighbouring ticks would otherwise read the same.
 */
export function tickText(value: number, digits = 3): string {
  const rounded = Number(value.toPrecision(digits));
  const exponent = Math.log10(Math.abs(rounded));
  if (Number.isInteger(exponent) && (exponent < -2 || exponent > 3)) {
    return `${rounded < 0 ? '-' : ''}${powerText(exponent)}`;
  }
  return significant(value, digits);
}

/** A power of ten: "10⁻⁴"; "1" for the zeroth. */
export function powerText(exponent: number): string {
  if (exponent === 0) return '1';
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

/** Plain between 0.001 and 10^max(digits, 4), with an exponent elsewhere; no trailing zeros. */
function significant(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  if (value === 0) return '0';
  // Rounded as text: rounding up the largest double would overflow.
  const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power >= -3 && power < Math.max(digits, 4)) return String(Number(value.toPrecision(digits)));
  return `${Number(mantissa)}e${power}`;
}
