/** The number formats of the dashboard that `formatNumber`, which the whole product uses, does not offer. */
import { formatNumber } from '../src/core/numerics/format';

const superscripts = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** Two significant digits: a cell of a heatmap. */
export function cellNumber(value: number): string {
  return formatNumber(value, 2);
}

/** Three significant digits: readouts, summaries. */
export function shortNumber(value: number): string {
  return formatNumber(value, 3);
}

/** Four significant digits: a table in a narrow panel. */
export function narrowNumber(value: number): string {
  return formatNumber(value, 4);
}

/** Six significant digits: tables. */
export function exactNumber(value: number): string {
  return formatNumber(value, 6);
}

/** A step or a count: an integer with thin spaces between thousands from 10 000 on. */
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

/** A formula short enough to follow a chart's title: "lr / (sqrt(vHat) + eps)" becomes "lr/√vHat". */
export function shortSymbol(symbol: string): string {
  return symbol
    .replace(/\s*\+\s*eps\b/g, '')
    .replace(/sqrt\((\w+)\)/g, '√$1')
    .replace(/\((√\w+)\)/g, '$1')
    .replace('B(t)', 'B')
    .replace(/\s*\/\s*/g, '/');
}

/**
 * The label of a tick. Powers of ten far from one are written as powers. `digits` is greater than three only
 * if adjacent ticks would otherwise have the same label.
 */
export function tickText(value: number, digits = 3): string {
  const rounded = Number(value.toPrecision(digits));
  const exponent = Math.log10(Math.abs(rounded));
  if (Number.isInteger(exponent) && (exponent < -2 || exponent > 3)) {
    return `${rounded < 0 ? '-' : ''}${powerText(exponent)}`;
  }
  return formatNumber(value, digits);
}

/** A power of ten: "10⁻⁴"; "1" for the zeroth. */
export function powerText(exponent: number): string {
  if (exponent === 0) return '1';
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}
