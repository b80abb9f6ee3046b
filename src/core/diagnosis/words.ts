import type { NameOf } from '../coordinates/coordinateNames';
import type { LossWords } from '../lossWords';
import { formatNumber } from '../numerics/format';
import { maxAbs } from '../numerics/norms';

/** The coordinates with the largest components of a direction: at least half the largest one. */
export function leading(direction: Float64Array): number[] {
  const half = 0.5 * maxAbs(direction);
  const found: number[] = [];
  for (let i = 0; i < direction.length; i++) if (Math.abs(direction[i]!) >= half) found.push(i);
  return found;
}

/** "x, y and 3 more" */
export function namesInWords(nameOf: NameOf, indices: readonly number[]): string {
  const named = indices.slice(0, 3).map(nameOf);
  const more = indices.length - named.length;
  if (more > 0) return `${named.join(', ')} and ${more} more`;
  const last = named.pop();
  return named.length > 0 ? `${named.join(', ')} and ${last}` : `${last}`;
}

/** The number of characters of a headline (of 90) that the names may take. */
const headlineNames = 32;

/** The names for a headline: as many as fit, else only their number. */
export function namesInHeadline(nameOf: NameOf, indices: readonly number[]): string {
  const names = namesInWords(nameOf, indices);
  if (names.length <= headlineNames) return names;
  const first = nameOf(indices[0]!);
  if (indices.length === 1) return `${[...first].slice(0, headlineNames - 1).join('')}…`;
  const short = `${first} and ${indices.length - 1} more`;
  return short.length <= headlineNames ? short : `${indices.length} parameters`;
}

/**
 * Advice that leaves a choice: "Decrease lr, decay it, or clip the gradient norm." Choices that are `false`
 * are omitted.
 */
export function anyOf(...choices: readonly (string | false)[]): string {
  const offered = choices.filter((choice) => choice !== false);
  const last = offered.pop();
  const text =
    offered.length === 0 ? `${last}` : `${offered.join(', ')}${offered.length > 1 ? ',' : ''} or ${last}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** An eps that √v = `root` outweighs a thousand times, as a decimal that a user would type. */
export function smallerEps(root: number): number {
  return Math.max(floorToDigit(Math.max(root, Number.MIN_VALUE) / 1000), 1e-300);
}

/** What makes eps as small against √v as eps = `smaller` would: a smaller eps, or a larger loss. */
export function epsAdvice(smaller: number, eps: number, { say }: LossWords): string {
  return say`Decrease eps, or multiply the loss by about ${formatNumber(roundToDigit(eps / smaller), 1)}.`;
}

/**
 * x > 0 rounded down to one significant digit: 0.0137 gives 0.01. The result is the decimal that a user would
 * type.
 */
export function floorToDigit(x: number): number {
  const [digit, exponent] = x.toExponential(15).split('e') as [string, string];
  return Number(`${digit[0]}e${exponent}`);
}

/** x > 0 rounded to one significant digit: 0.0137 gives 0.01, 0.019 gives 0.02. */
export function roundToDigit(x: number): number {
  return Number(x.toPrecision(1));
}
