/** The stability of one step against what it must stay below; see `StabilitySample`. */
export interface StabilityPoint {
  readonly t: number;
  /** a·λmax(P⁻¹H) */
  readonly value: number;
  readonly limit: number;
}

/** So many samples a trend is looked for in, at most and at least. */
export const mostPoints = 64;
const leastPoints = 8;
/** Of a window that shows no trend, the newer part of this share is tried. */
const narrower = 0.7;
/** Root mean square of what the samples are off the trend, as a share of what it rises by. */
const steady = 0.06;
/** Slopes of the older and the newer half may be so much apart. */
const alike = 2;

/**
 * The step at which a rising stability is going to reach its limit; null where that cannot be said.
 *
 * A straight line through ln(value/limit) over the last samples: while the curvature stands, v forgets exponentially and
 * a/P grows so. It is told only if the rise is steady, the samples within 6 % of what they rise by and both halves of
 * them alike, and the crossing at most half as far ahead as the samples reach back: the newer half tells where. Noise
 * has no such rise; a random walk seldom has.
 *
 * @param samples  oldest first
 */
export function crossingAhead(samples: readonly StabilityPoint[]): number | null {
  const points = samples.filter(({ value }) => value > 0).slice(-mostPoints);
  const last = points.at(-1);
  if (last === undefined || last.value >= last.limit) return null;
  for (let count = points.length; count >= leastPoints; count = Math.floor(count * narrower)) {
    const window = points.slice(-count);
    const now = steadyRise(window);
    if (now === null) continue;
    const at = now.t - now.height / now.slope;
    const ahead = Math.round(at) - last.t;
    return ahead > 0 && ahead <= (last.t - window[0]!.t) / 2 ? last.t + ahead : null;
  }
  return null;
}

/** A straight line. */
interface Line {
  /** Middle of the samples: there the line has its height. */
  readonly t: number;
  readonly height: number;
  readonly slope: number;
}

/** The line through the newer half, if all of the points rise steadily. */
function steadyRise(points: readonly StabilityPoint[]): Line | null {
  const line = lineThrough(points);
  const rise = line.slope * (points.at(-1)!.t - points[0]!.t);
  if (!(rise > 0)) return null;
  const off = points.reduce((sum, point) => {
    const residual = heightOf(point) - line.height - line.slope * (point.t - line.t);
    return sum + residual * residual;
  }, 0);
  if (!(Math.sqrt(off / points.length) <= steady * rise)) return null;
  const middle = points.length >> 1;
  const [older, newer] = [lineThrough(points.slice(0, middle)), lineThrough(points.slice(middle))];
  const isAlike = newer.slope > older.slope / alike && newer.slope < older.slope * alike;
  return isAlike ? newer : null;
}

/** Least squares. */
function lineThrough(points: readonly StabilityPoint[]): Line {
  const count = points.length;
  const t = points.reduce((sum, point) => sum + point.t, 0) / count;
  const height = points.reduce((sum, point) => sum + heightOf(point), 0) / count;
  let [across, along] = [0, 0];
  for (const point of points) {
    across += (point.t - t) * (heightOf(point) - height);
    along += (point.t - t) ** 2;
  }
  return { t, height, slope: across / along };
}

function heightOf({ value, limit }: StabilityPoint): number {
  return Math.log(value / limit);
}

/** The step at which the stability passed its limit, between a sample below it and one beyond, on a log scale. */
export function crossingBetween(below: StabilityPoint | null, beyond: StabilityPoint): number {
  if (below === null || !(below.value > 0)) return beyond.t;
  const part = -heightOf(below) / (heightOf(beyond) - heightOf(below));
  return Math.round(below.t + part * (beyond.t - below.t));
}
