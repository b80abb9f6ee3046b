import { maxAbs } from '../numerics/norms';
import type { Random } from '../numerics/random';
import type { MaybePromise } from '../objective';

/** The comparison of a gradient with a difference of losses in one direction. */
export interface DirectionCheck {
  readonly verdict:
    | 'agrees'
    | 'differs'
    /** the slopes on the two sides differ, so there is no derivative to compare with */
    | 'kink'
    /** rounding errors or higher derivatives make the difference too uncertain */
    | 'uncheckable';
  /** g·d, the slope according to the gradient. */
  readonly claimed: number;
  /** The central difference along d. */
  readonly measured: number;
  /** The estimated error of the difference. */
  readonly uncertainty: number;
}

/** Two slopes differ if their distance exceeds this many times the uncertainty. */
const clearly = 10;
/** If the uncertainty exceeds this share of the slope, the check is inconclusive. */
const tooUncertain = 1e-3;
/** Within a longer step, a loss may have whole periods. */
const longStep = 1e-3;
const epsilon = 2 ** -52;

/** Facts about a loss that its values near a point do not show. */
export interface DirectionSetting {
  /** A step other than ε^⅓, for losses that compute in float32. */
  readonly h?: number;
  /** σ, the standard deviation of the noise of the loss, if it is larger than that of double precision; 0 if absent. */
  readonly noise?: number;
  /** Σ abs(θ_i g_i) over the coordinates that d moves: bounds the effect of rounding θ ± hd on the loss; 0 if absent. */
  readonly steepness?: number;
  /**
   * The size of the terms that the loss adds, if they are much larger than the loss; 0 if absent. The
   * rounding error of the loss is proportional to it.
   */
  readonly size?: number;
}

/** Slopes of a loss along a direction, measured by differences. */
interface Slopes {
  /** The central difference. */
  readonly measured: number;
  readonly uncertainty: number;
  /** h, and the part of the uncertainty that rounding causes, which is proportional to 1/h. */
  readonly h: number;
  readonly rounding: number;
  /** Whether the slopes on the two sides differ by more than curvature and rounding explain. */
  readonly isKink: boolean;
}

/**
 * Central differences along a direction d, whose components are in the unit of each coordinate, and their uncertainty:
 *
 *   D_h = (f(θ + hd) − f(θ − hd)) / 2h      h = ε^⅓
 *   E = |D_h − D_2h| + 8 ε max(|f|, size) / h + ε Σ|θ_i g_i| / h + 4 σ / h
 *
 * The terms of E are the truncation error, estimated by doubling h, and the rounding errors of the loss and
 * of the points where it is evaluated. The difference of the one-sided slopes doubles with h if it comes from
 * curvature, and stays the same at a kink.
 */
async function slopesAlong(
  value: (params: Float64Array) => MaybePromise<number>,
  params: Float64Array,
  d: Float64Array,
  { h = Math.cbrt(epsilon), noise = 0, steepness = 0, size = 0 }: DirectionSetting = {},
): Promise<Slopes> {
  const point = new Float64Array(params.length);
  const at = async (step: number) => {
    for (let i = 0; i < point.length; i++) point[i] = params[i]! + step * d[i]!;
    return value(point);
  };
  const [far, left, middle, right, wide] = [
    await at(-2 * h),
    await at(-h),
    await at(0),
    await at(h),
    await at(2 * h),
  ];
  const measured = (right - left) / (2 * h);
  const largest = Math.max(size, ...[far, left, middle, right, wide].map(Math.abs));
  const rounding = (epsilon * (8 * largest + steepness) + 4 * noise) / h;
  const uncertainty = Math.abs(measured - (wide - far) / (4 * h)) + rounding;
  const jump = Math.abs(right - 2 * middle + left) / h;
  const wider = Math.abs(wide - 2 * middle + far) / (2 * h);
  return {
    measured,
    uncertainty,
    h,
    rounding,
    isKink: wider > clearly * rounding && Math.abs(jump / wider - 0.5) > 0.1,
  };
}

/**
 * Compares a gradient with central differences along a direction d.
 *
 * The gradient differs if |g·d − D_h| > 10 E, unless f has a kink within h. If E > 1e-3 of the slopes, the check is
 * inconclusive. A difference must also show at the shortest step at which rounding cannot hide it: far from 0, h is so long
 * that a term with a short period, such as cos(10 x) at 1e6, averages out at h and at 2h. If this step is long, too, a
 * difference of less than 1e-3 is inconclusive.
 *
 * @param value   the loss at a point, always in the same context
 * @param params  θ, shape [dim]; not modified
 * @param slope   g·d
 * @param d       shape [dim]: a unit vector times the length over which the loss varies, for each coordinate
 */
export async function checkDirection(
  value: (params: Float64Array) => MaybePromise<number>,
  params: Float64Array,
  slope: number,
  d: Float64Array,
  setting: DirectionSetting = {},
): Promise<DirectionCheck> {
  const slopes = await slopesAlong(value, params, d, setting);
  const { measured, uncertainty, isKink } = slopes;
  const answer = (verdict: DirectionCheck['verdict']) => ({ verdict, claimed: slope, measured, uncertainty });
  // The test also fails for a value or slope that is not finite; such values cannot be compared.
  if (!Number.isFinite(uncertainty) || !Number.isFinite(slope)) return answer('uncheckable');
  const isCertain = uncertainty <= tooUncertain * Math.max(Math.abs(slope), Math.abs(measured));
  if (Math.abs(slope - measured) <= clearly * uncertainty)
    return answer(isCertain ? 'agrees' : 'uncheckable');
  if (isKink) return answer('kink');
  if (!isCertain) return answer('uncheckable');
  return answer(
    (await differsAtShortest(value, params, slope, d, setting, slopes)) ? 'differs' : 'uncheckable',
  );
}

async function differsAtShortest(
  value: (params: Float64Array) => MaybePromise<number>,
  params: Float64Array,
  slope: number,
  d: Float64Array,
  setting: DirectionSetting,
  { measured, h, rounding }: Slopes,
): Promise<boolean> {
  const gap = Math.abs(slope - measured);
  const shortest = Math.min(h, (2 * clearly * rounding * h) / gap);
  // At a long step, a term with a short period may be the reason for a small difference.
  if (shortest * maxAbs(d) > longStep && gap <= tooUncertain * Math.max(Math.abs(slope), Math.abs(measured)))
    return false;
  if (shortest > h / 2) return true;
  const near = await slopesAlong(value, params, d, { ...setting, h: shortest });
  return Math.abs(slope - near.measured) > clearly * near.rounding;
}

/** At so many pairs of directions, `hasHiddenKink` looks for a kink. */
const pairs = 6;

/**
 * Whether a loss has a kink at a point that does not show along axis i, as max(0, min(x, y)) at 0 along x. Where a loss is
 * differentiable, its slopes D are additive, and the same on both sides:
 *
 *   D(u + e_i) − D(u − e_i) = 2 D(e_i)      for all directions u
 *
 * @param lengths  the unit of each coordinate, shape [dim]
 * @param along    the slope along axis i, in its unit
 */
export async function hasHiddenKink(
  value: (params: Float64Array) => MaybePromise<number>,
  params: Float64Array,
  lengths: Float64Array,
  i: number,
  along: Pick<DirectionCheck, 'measured' | 'uncertainty'>,
  random: Random,
  setting: DirectionSetting = {},
): Promise<boolean> {
  if (params.length === 1) return false;
  for (let k = 0; k < pairs; k++) {
    const u = randomDirection(params.length, random);
    let difference = 0;
    let uncertainty = 2 * along.uncertainty;
    for (const sign of [1, -1]) {
      const v = u.map((each, j) => (j === i ? each + sign : each));
      const norm = Math.sqrt(v.reduce((sum, each) => sum + each * each, 0));
      const d = v.map((each, j) => (each / norm) * lengths[j]!);
      const slopes = await slopesAlong(value, params, d, setting);
      if (slopes.isKink) return true;
      difference += sign * norm * slopes.measured;
      uncertainty += norm * slopes.uncertainty;
    }
    if (Math.abs(difference - 2 * along.measured) > clearly * uncertainty) return true;
  }
  return false;
}

/** A unit vector of random signs and sizes, shape [dim]. No component is 0. */
export function randomDirection(dim: number, random: Random): Float64Array {
  const u = Float64Array.from({ length: dim }, () => (random() < 0.5 ? -1 : 1) * (0.5 + random()));
  const norm = Math.sqrt(u.reduce((sum, each) => sum + each * each, 0));
  return u.map((each) => each / norm);
}
