/** The preconditioned sharpness at one step, and its limit; see `StabilitySample`. */
export interface StabilityPoint {
  readonly t: number;
  /** a·λmax(P⁻¹H) */
  readonly value: number;
  readonly limit: number;
}

/** The largest and smallest number of samples from which a trend is determined. */
export const mostPoints = 64;
const leastPoints = 8;
/** If a window shows no trend, the search continues in its newest part, of this share. */
const narrower = 0.7;
/**
 * The largest root mean square distance of the samples from the trend line, as a share of the rise of the
 * line.
 */
const steady = 0.06;
/** The largest allowed ratio of the slopes of the older and the newer half. */
const alike = 2;

/**
 * The step at which the rising preconditioned sharpness will reach its limit; null if there is no forecast.
 *
 * The forecast is a straight line through ln(value/limit) of the last samples: at constant curvature, v
 * decays exponentially, so a/P grows exponentially. There is a forecast only if the rise is steady (the
 * samples are within 6 % of their rise from the line, and the slopes of both halves are similar) and the
 * crossing is at most half as far ahead as the samples reach back. The line through the newer half gives the
 * step. Noise has no such rise; a random walk rarely has.
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
  /** The mean step of the samples, at which the line has the value `height`. */
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

/** Fits a line by least squares. */
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
