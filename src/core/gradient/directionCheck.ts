import { maxAbs } from '../numerics/norms';
import type { Random } from '../numerics/random';
import type { MaybePromise } from '../objective';

/** What a difference of losses says of a gradient in one direction. */
export interface DirectionCheck {
  readonly verdict:
    | 'agrees'
    | 'differs'
    /** the slopes to both sides differ: there is no derivative to agree with */
    | 'kink'
    /** rounding or higher derivatives leave the difference too uncertain to say */
    | 'uncheckable';
  /** g·u, what the gradient says. */
  readonly claimed: number;
  /** The central difference along u. */
  readonly measured: number;
  /** How far off the difference may be itself. */
  readonly uncertainty: number;
}

/** Beyond so many uncertainties two slopes differ. */
const clearly = 10;
/** An uncertainty above this share of the slope says nothing. */
const tooUncertain = 1e-3;
const epsilon = 2 ** -52;

/** What is known of a loss beyond its values beside a point. */
export interface DirectionSetting {
  /** Another step than ε^⅓ max(1, ‖θ‖∞), for losses that compute in float32. */
  readonly h?: number;
  /** Σ abs(g_i) over the coordinates that u moves: what rounding of θ ± hu does to the loss; 0 if left out. */
  readonly steepness?: number;
  /** How large the loss's own terms are where it is small itself; 0 if left out. */
  readonly size?: number;
}

/**
 * Holds a gradient against central differences along a unit direction u:
 *
 *   D_h = (f(θ + hu) − f(θ − hu)) / 2h      h = ε^⅓ max(1, ‖θ‖∞)
 *   E = |D_h − D_2h| + 8 ε max(|f|, size) / h + ε ‖θ‖∞ Σ|g| / h
 *
 * truncation, seen by doubling h, and rounding: of the loss, and of the points where it is evaluated.
 *
 * They differ where |g·u − D_h| > 10 E, unless f has a kink within h: the jump between the one-sided slopes doubles with h
 * where it is curvature, and does not where it is a kink. Where E > 1e-3 of the slopes the check cannot tell.
 *
 * @param value   the loss at a point, every time in the same context
 * @param params  θ, shape [dim]; not modified
 * @param slope   g·u
 * @param u       unit vector, shape [dim]
 */
export async function checkDirection(
  value: (params: Float64Array) => MaybePromise<number>,
  params: Float64Array,
  slope: number,
  u: Float64Array,
  { h = Math.cbrt(epsilon) * Math.max(1, maxAbs(params)), steepness = 0, size = 0 }: DirectionSetting = {},
): Promise<DirectionCheck> {
  const point = new Float64Array(params.length);
  const at = async (step: number) => {
    for (let i = 0; i < point.length; i++) point[i] = params[i]! + step * u[i]!;
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
  const rounding = (epsilon * (8 * largest + maxAbs(params) * steepness)) / h;
  const uncertainty = Math.abs(measured - (wide - far) / (4 * h)) + rounding;
  const answer = (verdict: DirectionCheck['verdict']) => ({ verdict, claimed: slope, measured, uncertainty });
  // Also where a value or the slope is not finite: then nothing can be compared.
  if (!Number.isFinite(uncertainty) || !Number.isFinite(slope)) return answer('uncheckable');
  const isCertain = uncertainty <= tooUncertain * Math.max(Math.abs(slope), Math.abs(measured));
  if (Math.abs(slope - measured) <= clearly * uncertainty)
    return answer(isCertain ? 'agrees' : 'uncheckable');
  const jump = Math.abs(right - 2 * middle + left) / h;
  const wider = Math.abs(wide - 2 * middle + far) / (2 * h);
  if (wider > clearly * rounding && Math.abs(jump / wider - 0.5) > 0.1) return answer('kink');
  return answer(isCertain ? 'differs' : 'uncheckable');
}

/** A unit vector of random signs and sizes, shape [dim]: no coordinate is left out. */
export function randomDirection(dim: number, random: Random): Float64Array {
  const u = Float64Array.from({ length: dim }, () => (random() < 0.5 ? -1 : 1) * (0.5 + random()));
  const norm = Math.sqrt(u.reduce((sum, each) => sum + each * each, 0));
  return u.map((each) => each / norm);
}
