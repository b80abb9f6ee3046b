import type { Random } from '../numerics/random';
import type { Inquiry } from './inquiry';
import { isSmoothAlong } from './noise';

const cubeRootEpsilon = Math.cbrt(Number.EPSILON);
/** A step over which the loss changes by less than this share of its size is too short, not too long. */
const tooShort = 1e-10;
/** A difference is accurate enough if its estimated error is below this share of it, or of what the slope changes over the step. */
const accurate = 1e-4;
/** The part of the loss that is even about the point is quadratic up to this share. */
const quadratic = 0.1;
/** Each step that is tried is shorter than the one before by this factor, at most so many times. */
const shorter = 10;
const triesAtMost = 30;

/** The length of a coordinate at which nothing else is known: 1, or the size of the parameter. */
export function usualLength(x: number): number {
  return Math.max(1, Math.abs(x));
}

/** The length over which a loss varies along a coordinate, and the central difference with the step that fits it. */
export interface FittedSlope {
  readonly length: number;
  /** May not be finite. */
  readonly slope: number;
}

/** A central difference along one coordinate. */
interface Slope {
  readonly slope: number;
  /** The estimated error: a third of what doubling the step changes, and rounding. */
  readonly error: number;
  /** What the slope changes over the step. */
  readonly bend: number;
  /** Whether the loss is a parabola over the step, as far as its values show. */
  readonly isLocal: boolean;
  /** The largest change of the loss over the step, and its largest value there. */
  readonly change: number;
  readonly size: number;
}

/**
 * The length over which a loss varies along coordinate i, as the unit of a difference step: ε^⅓ times this length. It is
 * max(1, |x_i|), unless the loss is no parabola over that step, or grows to a size whose rounding hides the slope: a parameter of 1e-5 in
 * its unit has another length. Then the step is divided by 10, until the difference with the step and that with twice the step agree best. A step counts
 * only if the loss is smooth at its scale: rounding to a grid would also make differences agree.
 *
 * Takes 4 evaluations of the loss where the usual length fits. An error of the loss counts as a value that is not a number.
 *
 * @param params  θ, shape [dim]; not modified
 * @param loss    f(θ)
 * @param random  places the points at which smoothness is examined
 */
export function* lengthAlong(
  params: Float64Array,
  i: number,
  loss: number,
  random: Random,
): Inquiry<FittedSlope> {
  const usual = usualLength(params[i]!);
  const first = yield* slopeAlong(params, i, loss, usual * cubeRootEpsilon);
  const kept = { length: usual, slope: first.slope };
  if (isExact(first) || (Number.isFinite(first.size) && first.change <= tooShort * first.size)) return kept;
  let best: { readonly length: number; readonly found: Slope } | null = null;
  for (let tries = 1; tries <= triesAtMost; tries++) {
    const length = usual / shorter ** tries;
    // A step that rounding removes measures no slope. A random loss would differ there anyway, by an infinite one.
    if (params[i]! + length * cubeRootEpsilon === params[i]!) break;
    const found = yield* slopeAlong(params, i, loss, length * cubeRootEpsilon);
    if (Number.isFinite(found.size) && found.change <= 4 * Number.EPSILON * found.size) break;
    if (!found.isLocal) continue;
    if (best && found.error >= best.found.error) break;
    best = { length, found };
  }
  // Where the usual step is only too long against the size of the loss, a shorter one must show the slope itself.
  if (best === null || !(first.isLocal ? isExact(best.found) : isAccurate(best.found))) return kept;
  const axis = new Float64Array(params.length);
  axis[i] = best.length;
  return (yield* isSmoothAlong(params, axis, random))
    ? { length: best.length, slope: best.found.slope }
    : kept;
}

/** Whether the error is small against the slope itself. */
function isExact({ slope, error, isLocal }: Slope): boolean {
  return isLocal && error <= accurate * Math.abs(slope);
}

function isAccurate({ slope, bend, error, isLocal }: Slope): boolean {
  return isLocal && error <= accurate * Math.max(Math.abs(slope), bend);
}

function* slopeAlong(params: Float64Array, i: number, loss: number, h: number): Inquiry<Slope> {
  const point = params.slice();
  const x = params[i]!;
  const values: number[] = [];
  for (const k of [-2, -1, 1, 2]) {
    point[i] = x + k * h;
    try {
      values.push(yield point);
    } catch {
      // The step may leave the domain of the loss, where a shorter one does not.
      values.push(Number.NaN);
    }
  }
  const [far, down, up, wide] = values as [number, number, number, number];
  const slope = (up - down) / (x + h - (x - h));
  const double = (wide - far) / (x + 2 * h - (x - 2 * h));
  const size = Math.max(Math.abs(loss), ...values.map(Math.abs));
  const rounding = Number.EPSILON * size;
  const even = Math.abs(up - loss + (down - loss));
  const evenFar = Math.abs(wide - loss + (far - loss));
  return {
    slope,
    bend: even / h,
    error: Math.abs(slope - double) / 3 + (4 * rounding) / h,
    isLocal: Math.abs(evenFar / 4 - even) <= quadratic * evenFar + 16 * rounding + 1e-2 * Math.abs(up - down),
    change: Math.max(...values.map((each) => Math.abs(each - loss))),
    size,
  };
}
