import { batchesOf } from '../../batches';
import type { RunConfig } from '../../config/runConfig';
import { contextAt } from '../../context';
import { rescaledGroups } from '../../rescaling';
import type { AttemptSetting } from './attempt';

/** The measurement takes one gradient for each coordinate. */
const mostCoordinates = 64;
/** The largest number of units: more of them would say more about the start than about the loss. */
const mostUnits = 6;
/** A unit differs from that of most coordinates by at least this factor. */
const leastFactor = 10;
/** The distance at which a gradient is compared with that of the start, relative to the coordinate. */
const nearby = 1e-3;

/**
 * The configuration with parameter groups, for a loss whose coordinates have very different scales at the start. The scale of
 * coordinate i is the distance along which the loss changes by a fixed amount, 1/sqrt(h_i), with the second derivative
 *
 *   h_i = (g_i(theta + d e_i) − g_i(theta))/d,   d = abs(theta_i)/1000, or 1/1000 at 0
 *
 * Units are these scales, rounded to powers of ten and relative to the most frequent one, so that few coordinates need a group.
 *
 * @returns null if the scales do not differ by a factor of 10 or more, or the configuration has groups already
 */
export async function rescaledStart(setting: AttemptSetting, config: RunConfig): Promise<RunConfig | null> {
  const theta = config.start ? Float64Array.from(config.start) : setting.start;
  const dim = theta.length;
  if (config.groups || config.switch || dim < 2 || dim > mostCoordinates || dim > config.steps) return null;
  const objective = await setting.objective(config);
  if (!objective) return null;
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const gradientAt = async (point: Float64Array) => {
    const grad = new Float64Array(dim);
    await objective.valueAndGradient(point, grad, contextAt(config.seed, batches, 1, batches.all));
    return grad;
  };
  const units: number[] = [];
  try {
    const here = await gradientAt(theta);
    for (let i = 0; i < dim; i++) {
      if (!setting.goesOn()) return null;
      const point = theta.slice();
      const distance = nearby * (Math.abs(theta[i]!) || 1);
      point[i]! += distance;
      const there = await gradientAt(point);
      units.push(powerOfTen(1 / Math.sqrt(Math.abs(there[i]! - here[i]!) / distance)));
    }
  } catch {
    // The loss may throw beside the start.
    return null;
  }
  return withUnits(config, units);
}

function withUnits(config: RunConfig, scales: readonly number[]): RunConfig | null {
  const usual = mostFrequent(scales.filter(isPositive));
  if (usual === null) return null;
  // A coordinate without curvature at the start keeps its unit.
  const units = scales.map((scale) => {
    const unit = powerOfTen(scale / usual);
    return (unit >= leastFactor || unit <= 1 / leastFactor) && isPositive(unit) ? unit : 1;
  });
  if (new Set(units).size > mostUnits) return null;
  const groups = rescaledGroups(config, units);
  return groups.length > 0 ? { ...config, groups } : null;
}

/** The power of ten nearest to a number, as the literal has it; infinite or NaN as it is. */
function powerOfTen(value: number): number {
  return isPositive(value) ? Number(`1e${Math.round(Math.log10(value))}`) : value;
}

function isPositive(value: number): boolean {
  return value > 0 && value < Number.POSITIVE_INFINITY;
}

/** null for an empty list. Of equally frequent values, the first one. */
function mostFrequent(values: readonly number[]): number | null {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: number | null = null;
  for (const [value, count] of counts) if (best === null || count > counts.get(best)!) best = value;
  return best;
}
