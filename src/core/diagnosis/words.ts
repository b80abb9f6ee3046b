import type { NameOf } from '../coordinateNames';
import { maxAbs } from '../numerics/norms';

/** Three significant digits, powers of ten where they are shorter: 24.2, 0.00125, 4.21e+5. */
export function inWords(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? 'infinity' : '−infinity';
  const size = Math.abs(x);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e5) ? shortExponential(x) : `${Number(x.toPrecision(3))}`;
  return text.replace(/^-/, '−');
}

function shortExponential(x: number): string {
  const [digits, exponent] = x.toExponential(2).split('e') as [string, string];
  return `${Number(digits)}e${Number(exponent)}`;
}

/** The coordinates that make most of a direction: those of at least half its largest component. */
export function leading(direction: Float64Array): number[] {
  const half = 0.5 * maxAbs(direction);
  return [...direction.keys()].filter((i) => Math.abs(direction[i]!) >= half);
}

/** "x, y and 3 more" */
export function namesInWords(nameOf: NameOf, indices: readonly number[]): string {
  const named = indices.slice(0, 3).map(nameOf);
  const more = indices.length - named.length;
  if (more > 0) return `${named.join(', ')} and ${more} more`;
  const last = named.pop();
  return named.length > 0 ? `${named.join(', ')} and ${last}` : `${last}`;
}

/** x > 0 with one significant digit, not above x: 0.0137 gives 0.01. Exact decimal, as a user would type it. */
export function floorToDigit(x: number): number {
  const [digit, exponent] = x.toExponential(15).split('e') as [string, string];
  return Number(`${digit[0]}e${exponent}`);
}

/** x > 0 with one significant digit: 0.0137 gives 0.01, 0.019 gives 0.02. */
export function roundToDigit(x: number): number {
  return Number(x.toPrecision(1));
}
