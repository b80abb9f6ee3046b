import type { Random } from '../numerics/random';
import type { Inquiry } from './inquiry';
import { lengthAlong, usualLength } from './lengthAlong';
import { noiseAlong } from './noise';

const epsilon = 2 ** -52;
/** Slopes differ if their distance is more than this many times the uncertainty. */
const clearly = 5;
/** Slopes agree up to this share of the larger one. */
const agreement = 1e-3;
const longestStep = 0.1;

/**
 * Compares the exact derivative of a loss that rounds with its slope along one coordinate:
 *
 *   D_h = (f(x + h) − f(x − h)) / 2h        h = ε^⅓ L, or η^⅓ L if the loss shows the noise η
 *
 * where L is the length over which the loss varies (`lengthAlong`). The derivative is right if it equals D_h, or the slope on one side of x (a kink or a jump at x). It is also accepted if
 * the difference is uncertain: a single jump within h, which makes D_h twice D_2h, or noise.
 *
 * @returns D_h if it clearly differs from the derivative, else null
 */
export function* checkCut(
  params: Float64Array,
  i: number,
  exact: number,
  random: Random,
): Inquiry<number | null> {
  const first = yield* slopes(params, i, Math.cbrt(epsilon) * usualLength(params[i]!));
  if (isExplained(first, exact, 0)) return null;
  const { length: scale } = yield* lengthAlong(params, i, first.middle, random);
  const usual = yield* slopes(params, i, Math.cbrt(epsilon) * scale);
  if (isExplained(usual, exact, 0)) return null;
  if (isClear(usual, exact, 0)) return usual.central;
  const axis = new Float64Array(params.length);
  axis[i] = scale;
  const noise = yield* noiseAlong(params, axis, random);
  if (!noise) return null;
  const step = Math.min(longestStep, Math.max(Math.cbrt(epsilon), Math.cbrt(noise.relative))) * scale;
  const fitted = yield* slopes(params, i, step);
  const rounding = (3 * noise.absolute) / step;
  return !isExplained(fitted, exact, rounding) && isClear(fitted, exact, rounding) ? fitted.central : null;
}

interface Slopes {
  /** f(θ). */
  readonly middle: number;
  readonly central: number;
  /** The central difference with twice the step. */
  readonly wide: number;
  /** The slopes on each side, over one step and over two. */
  readonly left: readonly [number, number];
  readonly right: readonly [number, number];
  /** The uncertainty that is due to rounding in double precision. */
  readonly rounding: number;
}

function* slopes(params: Float64Array, i: number, h: number): Inquiry<Slopes> {
  const point = params.slice();
  const values: number[] = [];
  for (const k of [-2, -1, 0, 1, 2]) {
    point[i] = params[i]! + k * h;
    values.push(yield point);
  }
  const [far, down, middle, up, wide] = values as [number, number, number, number, number];
  return {
    middle,
    central: (up - down) / (2 * h),
    wide: (wide - far) / (4 * h),
    left: [(middle - down) / h, (middle - far) / (2 * h)],
    right: [(up - middle) / h, (wide - middle) / (2 * h)],
    rounding: (8 * epsilon * Math.max(...values.map(Math.abs))) / h,
  };
}

/** Whether the derivative is that of the loss, on one side at least. */
function isExplained({ central, left, right, rounding }: Slopes, exact: number, more: number): boolean {
  const tolerance = agreement * Math.max(Math.abs(exact), Math.abs(central)) + rounding + more;
  const isNear = (slope: number) => Math.abs(slope - exact) <= tolerance;
  return isNear(central) || left.every(isNear) || right.every(isNear);
}

/** Whether the difference is certain enough to contradict the derivative. False for values that are not finite. */
function isClear({ central, wide, rounding }: Slopes, exact: number, more: number): boolean {
  return Math.abs(central - exact) > clearly * (Math.abs(central - wide) + rounding + more);
}
