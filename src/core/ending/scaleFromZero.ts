import type { Objective, OpenContext } from '../objective';

/** The powers of ten that are tried, from the ordinary numbers outwards. */
const outermost = 20;
/** An optimum is bracketed if the loss is higher at these many further powers. */
const beyond = 2;
/** A loss that is lower by a smaller share than this may be so by rounding. */
const rounding = 64 * Number.EPSILON;

export interface FromZeroRequest {
  readonly objective: Objective;
  readonly open: OpenContext;
  /** The point at which the coordinate is varied, shape [dim]; not modified. */
  readonly at: Float64Array;
  readonly index: number;
  /** The largest ordinary magnitude, or the smallest one. */
  readonly limit: number;
}

/**
 * The scale of a coordinate whose start of 0 has none: its optimum along the axis, if that lies beyond the ordinary numbers. The loss must
 * fall from power to power of ten up to the optimum, and rise after it. A loss that falls without bound, is flat far away, or goes up and
 * down has no such scale.
 *
 * @returns the power of ten nearest to the optimum; null if it is an ordinary number, or there is none
 * @param sign  the direction in which the loss falls
 */
export async function largeScale(request: FromZeroRequest, sign: number): Promise<number | null> {
  const lossAt = lossAlong(request, sign);
  const first = await lossAt(request.at[request.index]! * sign);
  const near = await lossAt(request.limit);
  // One evaluation settles it for an ordinary coordinate.
  if (!(near < first - rounding * Math.abs(first))) return null;
  const powers = Array.from({ length: outermost + 1 }, (_, k) => 10 ** k);
  return bracketed(
    powers.filter((power) => power > Math.abs(request.at[request.index]!)),
    request.limit,
    lossAt,
  );
}

/** The same for small numbers: the loss must change within them. */
export async function smallScale(request: FromZeroRequest, sign: number): Promise<number | null> {
  const lossAt = lossAlong(request, sign);
  const [first, near] = [await lossAt(0), await lossAt(request.limit)];
  if (!(Math.abs(near - first) > visible * Math.abs(first))) return null;
  const powers = Array.from({ length: outermost + 1 }, (_, k) => Number(`1e${-outermost + k}`));
  const found = await bracketed(powers, 0, lossAt);
  // The smallest power would stand for an optimum at 0.
  if (found === null || found === powers[0] || found > request.limit) return null;
  return first - (await lossAt(found)) > visible * Math.abs(first) ? found : null;
}

/** A loss that changes by a smaller share up to the limit does not have its scale there. */
const visible = 1e-3;

function lossAlong({ objective, open, at, index }: FromZeroRequest, sign: number) {
  const point = at.slice();
  return async (distance: number): Promise<number> => {
    point[index] = sign * distance;
    return objective.value(point, open);
  };
}

/** The power at which the loss is lowest, if it falls up to it, rises after it, and is at least the limit. */
async function bracketed(
  powers: readonly number[],
  limit: number,
  lossAt: (distance: number) => Promise<number>,
): Promise<number | null> {
  let [lowest, least, before] = [Number.NaN, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let rises = 0;
  for (const magnitude of powers) {
    const loss = await lossAt(magnitude);
    const isLower = loss <= least;
    if (isLower && rises > 0) return null;
    if (isLower) [lowest, least] = [magnitude, loss];
    else if (!(loss > before)) return null;
    else rises++;
    before = loss;
    if (rises === beyond) return lowest >= limit ? lowest : null;
  }
  return null;
}
