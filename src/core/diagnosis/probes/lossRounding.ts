import { checkDirection, type DirectionCheck, type DirectionSetting } from '../../gradient/directionCheck';
import type { LossWords } from '../../lossWords';
import { formatNumber } from '../../numerics/format';
import type { MaybePromise } from '../../objective';
import type { FindingReport } from '../finding';

/** How far rounding moves the value of a loss at one point, by the arithmetic of its own operations. */
export interface LossRounding {
  /** The standard deviation. */
  readonly error: number;
  /** The least number of significant bits of the numbers that the loss computes with: 53 in double precision. */
  readonly bits: number;
}

/** A longer step, relative to the length of a coordinate, would not measure a local slope. */
const longestStep = 0.1;

interface Difference {
  readonly value: (params: Float64Array) => MaybePromise<number>;
  readonly params: Float64Array;
  /** g·d. */
  readonly slope: number;
  readonly d: Float64Array;
  readonly setting: DirectionSetting;
  readonly check: DirectionCheck;
}

/**
 * Whether the rounding of a loss explains that its differences are not those of its gradient. The values themselves may not show it: a loss
 * that is the difference of terms of 4e8 in float32 is a multiple of 32, and constant near any point.
 */
export async function isWithinRounding(
  { value, params, slope, d, setting, check }: Difference,
  { error }: LossRounding,
): Promise<boolean> {
  if (!(error > 0)) return false;
  // The step balances the rounding of the loss and its curvature.
  const size = Math.max(setting.size ?? 0, error, Math.abs(slope), Math.abs(check.measured));
  const h = Math.min(longestStep, Math.cbrt(error / size));
  const noise = Math.max(error, setting.noise ?? 0);
  const { verdict } = await checkDirection(value, params, slope, d, { ...setting, h, noise });
  return verdict !== 'differs' && verdict !== 'kink';
}

/** The distances of the points at which a loss is compared, relative to the length of each coordinate. */
const distances = [0.1, 0.3, 1];
/** The least error, relative to the largest value of the loss: without cancellation, it is far smaller. */
const share = 0.01;
/** Changes of the loss by up to this many times its error show nothing else. */
const few = 10;

/**
 * Whether the values of a loss are mostly rounding errors: the error is large against all values of the run and against what
 * the loss changes over the lengths of its coordinates. Where a loss has merely fallen to 0, or is flat, the error is small.
 *
 * @param d        a unit vector times the length of each coordinate, shape [dim]
 * @param largest  the largest size of the loss so far
 */
export async function dominates(
  { error }: LossRounding,
  value: (params: Float64Array) => MaybePromise<number>,
  params: Float64Array,
  d: Float64Array,
  largest: number,
): Promise<boolean> {
  if (!(error > 0) || !(error >= share * largest)) return false;
  const values: number[] = [await value(params)];
  for (const distance of distances)
    for (const by of [distance, -distance])
      values.push(await value(params.map((theta, i) => theta + by * d[i]!)));
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  return highest - lowest <= few * error && share * Math.max(-lowest, highest) <= error;
}

const formats: ReadonlyMap<number, string> = new Map([
  [24, 'float32'],
  [11, 'float16'],
  [8, 'bfloat16'],
]);

/** @param loss  at the checked point */
export function lossRoundingReport(
  t: number,
  loss: number,
  { error, bits }: LossRounding,
  words: LossWords,
): FindingReport {
  const format = formats.get(bits);
  return {
    code: 'precision-loss',
    severity: 'warning',
    headline: words.say`Rounding errors dominate the loss where its terms cancel.`,
    detail:
      words.say`At step ${t}, the loss is ${words.value(loss)}, and its rounding error is about ${formatNumber(error, 1)}` +
      `${format ? `, because it computes in ${format}` : ''}. ` +
      words.say`Its differences are those of the rounding, and not of its gradient.`,
    advice: `Rewrite the expression that cancels, such as a variance as the mean of squared deviations${format ? ', or compute in float64' : ''}.`,
    steps: [t, t],
    coordinates: [],
    subject: null,
    evidence: { class: 'rounded-loss', loss, error, bits, t },
    fixes: [],
  };
}
