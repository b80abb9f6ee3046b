import { norm2 } from '../numerics/norms';
import type { Objective } from '../objective';
import { between, type LastPoint } from './lastPoint';
import { BudgetedLoss, type Evaluated } from './polish/budgetedLoss';
import { descend } from './polish/lbfgs';
import type { Polished } from './polish/polish';
import type { Asymptote } from './runEnd';

/** The heights at which the loss is minimised, relative to the distance between the last point and the one that the search reached. */
const heights = [1, 10, 100, 1000];
const fewestHeights = 2;
/** The evaluations with a gradient at each height. */
const perHeight = 20;
/** A search that went less than this share of the path has found a minimum: then only a loss that falls all along the path is examined. */
const went = 0.02;
/** Up to this share of the decrease towards the limit, a rise is an inexact minimum in the other coordinates. */
const inexact = 1e-6;
/** From each height to the next, ten times as high, at most this share of the decrease may follow. */
const slower = 0.5;
/** The distances at which these shares of the decrease are left show how the loss approaches its limit. */
const levels = [0.1, 1e-2, 1e-3];
/** The bisections that find such a distance, and the least distance relative to the largest one. */
const bisections = 18;
const nearest = 1e-18;
/** Towards a limit at infinity, the last of these distances is at least this many times as far from the one before as that from the first. */
const even = 0.7;
/** The decrease towards the limit must be this many times the rounding error of the loss for its levels to be seen. */
const visible = 1e4;

/**
 * Looks for a limit of the loss at infinity: from the last point towards the one that a local search reached, or along the path
 * if the search went nowhere, the loss is minimised in the hyperplanes across that direction, at heights of up to 1000 times the
 * distance. The other coordinates are thus fitted again at each height. Without a finite minimum, these minima fall from height to
 * height by less and less. At a distant minimum they turn into a rise, and without a bound the decrease grows.
 *
 * A loss that is level from some point on has minima, such as a hinge loss. There, the distance shrinks in which the rest of the
 * decrease becomes a tenth: as (1 − x)^k, to 10^(−1/k) of the one before. Of e^(−x) it is the same each time, and of 1/x it grows.
 *
 * @returns null if there is no such limit, or it cannot be told
 */
export async function asymptoteOf(point: LastPoint, polished: Polished): Promise<Asymptote | null> {
  const { objective, open, params, start, startLoss, loss } = point;
  if (!(loss < startLoss)) return null;
  const path = between(start, params);
  const searched = between(params, polished.params);
  const isFar = polished.loss < loss && norm2(searched) > went * norm2(path);
  const [from, direction] = isFar ? [polished.params, searched] : [moved(params, 1, path), path];
  const size = norm2(direction);
  const valueAt = async (at: Float64Array) => {
    try {
      return await objective.value(at, open);
    } catch {
      return Number.NaN;
    }
  };
  if (!(size > 0 && (await valueAt(from)) < loss)) return null;
  const across = acrossOf(objective, direction);
  const minima: Evaluated[] = [];
  let next = from;
  for (const [k, height] of heights.entries()) {
    const budget = new BudgetedLoss(across, open, perHeight, point.isOverTime);
    const begin = await budget.at(next);
    if (point.isOverTime()) return null;
    if (begin === null) break;
    const minimum = await descend(budget, begin);
    const before = minima.at(-1);
    const tolerance = inexact * (loss - (before ?? minimum).loss) + roundingOf(loss);
    if (minimum.loss > (before?.loss ?? loss) + tolerance) return null;
    minima.push(minimum);
    const last = minimum.params;
    const ahead = (heights[k + 1] ?? height) - height;
    // Along the line through the last two minima, the fitted coordinates change as they did.
    const step = before ? between(before.params, last) : direction;
    next = moved(last, before ? ahead / (height - heights[k - 1]!) : ahead, step);
  }
  // Farther away, the numbers overflow.
  if (minima.length < fewestHeights) return null;
  const limit = limitOf(
    minima.map((minimum) => minimum.loss),
    roundingOf(loss),
  );
  if (limit === null) return null;
  const [nearby, farthest] = [minima[0]!.params, minima.at(-1)!.params];
  const [lowest, highest] = [heights[0]!, heights[minima.length - 1]!];
  const growth = between(nearby, farthest);
  // Along the direction, both lines begin where the run ended. Where the loss falls across it too, the first one may begin far from there.
  const lines: readonly Line[] = [
    [moved(nearby, -lowest / (highest - lowest), growth), farthest],
    [params, moved(params, highest, direction)],
  ];
  for (const [origin, to] of lines) {
    const whole = between(origin, to);
    const along = (share: number) => valueAt(moved(origin, share, whole));
    const left = Math.min(loss, await along(0)) - limit;
    if (!(left > visible * roundingOf(loss))) continue;
    if (!(await approachesAtInfinity(along, limit, left))) return null;
    const length = norm2(whole);
    return {
      // The extrapolation is not exact.
      loss: Math.abs(limit) <= inexact * left ? 0 : limit,
      direction: whole.map((each) => each / length),
      distance: norm2(between(params, farthest)) / norm2(path),
    };
  }
  return null;
}

/** The first and the last point. */
type Line = readonly [Float64Array, Float64Array];

/** The loss in the hyperplanes across a direction: its gradient has no part along it. */
function acrossOf(objective: Objective, direction: Float64Array): Objective {
  const size = norm2(direction);
  const unit = direction.map((each) => each / size);
  return {
    ...objective,
    value: (params, open) => objective.value(params, open),
    async valueAndGradient(params, grad, open) {
      const loss = await objective.valueAndGradient(params, grad, open);
      const along = grad.reduce((sum, each, i) => sum + each * unit[i]!, 0);
      for (let i = 0; i < grad.length; i++) grad[i]! -= along * unit[i]!;
      return loss;
    },
  };
}

/**
 * The limit of losses whose decreases shrink, as that of a geometric series; null if they do not shrink.
 *
 * @param rounding  smaller decreases are rounding
 */
function limitOf(losses: readonly number[], rounding: number): number | null {
  const falls = losses.slice(1).map((loss, k) => (losses[k]! - loss > rounding ? losses[k]! - loss : 0));
  const ratios = falls.slice(1).map((fall, k) => (falls[k]! > 0 ? fall / falls[k]! : fall > 0 ? 1 : 0));
  if (ratios.some((ratio) => ratio > slower)) return null;
  const ratio = ratios.at(-1) ?? 0;
  return losses.at(-1)! - (falls.at(-1)! * ratio) / (1 - ratio);
}

/**
 * @param valueAt  the loss at a share of the line, from 0 to 1
 * @param left     the decrease that is left where the levels begin
 */
async function approachesAtInfinity(
  valueAt: (share: number) => Promise<number>,
  limit: number,
  left: number,
): Promise<boolean> {
  const distances: number[] = [];
  for (const level of levels) {
    let [near, far] = [nearest, 1];
    for (let k = 0; k < bisections; k++) {
      const middle = Math.sqrt(near * far);
      if ((await valueAt(middle)) - limit > level * left) near = middle;
      else far = middle;
    }
    distances.push(Math.sqrt(near * far));
  }
  const [first, second, third] = distances as [number, number, number];
  return third - second >= even * (second - first) && second > first;
}

function moved(from: Float64Array, share: number, direction: Float64Array): Float64Array {
  return from.map((theta, i) => theta + share * direction[i]!);
}

function roundingOf(loss: number): number {
  return 64 * Number.EPSILON * Math.abs(loss);
}
