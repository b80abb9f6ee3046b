import type { LossWords } from '../../lossWords';
import { formatNumber } from '../../numerics/format';
import { seededRandom } from '../../numerics/random';
import type { Objective, OpenContext } from '../../objective';
import type { FindingReport } from '../finding';

/** The points are at random along θ, up to these shares of its length: from some units in the last place on. */
const ranges = [2 ** -41, 2 ** -33, 2 ** -25, 2 ** -17, 2 ** -9];
const points = 16;
/** Rounding dominates a component that jumps up and down between these points by this share of it. */
const dominates = 0.5;
/** The least number of such turns: a smooth component has at most one, and at a kink there is none. */
const turns = 3;

/** The values of a component of the gradient at points close together. */
export interface GradientRounding {
  readonly index: number;
  readonly lowest: number;
  readonly highest: number;
  /** The largest distance of the points, relative to θ. */
  readonly distance: number;
}

/**
 * Whether rounding dominates a component of the gradient: it jumps up and down between points close together. Terms of the loss cancel
 * there, as in (exp(x) − 1)/x near 0, and the derivative divides what is left of them by a small number. A gradient that is wrong for another
 * reason is as wrong at all these points.
 *
 * @param params   θ, shape [dim]; not modified
 * @param index    the component
 * @param error    how far the component is from another estimate of it; infinite if there is none
 */
export async function gradientRounding(
  objective: Objective,
  params: Float64Array,
  index: number,
  error: number,
  open: OpenContext,
): Promise<GradientRounding | null> {
  const grad = new Float64Array(params.length);
  const random = seededRandom(0, index);
  for (const distance of ranges) {
    const shares = Array.from({ length: points }, () => distance * random()).sort((a, b) => a - b);
    const values: number[] = [];
    for (const share of shares) {
      const point = params.map((theta) => theta * (1 + share));
      await objective.valueAndGradient(point, grad, open);
      values.push(grad[index]!);
    }
    const [lowest, highest] = [Math.min(...values), Math.max(...values)];
    const size = Math.min(error, Math.max(-lowest, highest));
    if (turnsOf(values, dominates * size) >= turns) return { index, lowest, highest, distance };
  }
  return null;
}

/** How often values turn from a rise by more than a size to such a fall, or back. */
function turnsOf(values: readonly number[], size: number): number {
  const changes = values.slice(1).map((value, k) => value - values[k]!);
  return changes
    .slice(1)
    .filter((next, k) => changes[k]! * next < 0 && Math.min(Math.abs(changes[k]!), Math.abs(next)) > size)
    .length;
}

/** @param name  of the coordinate */
export function roundingReport(
  t: number,
  { index, lowest, highest, distance }: GradientRounding,
  name: string,
  words: LossWords,
): FindingReport {
  return {
    code: 'precision-loss',
    severity: 'warning',
    headline: 'Rounding errors dominate the gradient where terms cancel.',
    detail:
      `At step ${t}, the gradient for ${name} is between ${words.between(lowest, highest)} at points closer together than ${formatNumber(distance, 1)} of each parameter. ` +
      words.say`Terms of the loss cancel near such points, as in (exp(x) - 1)/x or (1 - cos(x))/x^2 for small x.`,
    advice: 'Rewrite the expression that cancels, as with Math.expm1 or Math.log1p, or with a series near 0.',
    steps: [t, t],
    coordinates: [index],
    subject: { kind: 'parameter', index },
    evidence: { class: 'cancellation', lowest, highest, t },
    fixes: [],
  };
}
