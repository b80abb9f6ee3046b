import { maxAbs, norm2 } from '../../numerics/norms';
import type { Objective, OpenContext } from '../../objective';
import { BudgetedLoss, type Evaluated } from './budgetedLoss';
import { searchCoordinates } from './compassSearch';
import { descend } from './lbfgs';

export interface PolishRequest {
  readonly objective: Objective;
  /** The last point of the run, shape [dim]; not modified. */
  readonly params: Float64Array;
  readonly open: OpenContext;
  /** The largest number of evaluations of the loss with its gradient. */
  readonly evaluations: number;
  readonly isOverTime: () => boolean;
  /** The largest gradient norm of the run. */
  readonly largestGradient: number;
  /** The length of the run's last step: max abs(theta_T − theta_{T−1}). */
  readonly lastMove: number;
  /** The start of the run, shape [dim]: with it, coordinates of very different sizes are searched in units of their own. */
  readonly start?: Float64Array;
}

export interface Polished {
  /** The lowest loss. */
  readonly loss: number;
  /** The point of that loss, shape [dim]. */
  readonly params: Float64Array;
  /** The gradient norm there. */
  readonly gradNorm: number;
  /** The number of evaluations that were made. */
  readonly evaluations: number;
}

/** At a smooth minimum, the gradient is at most this share of the largest gradient of the run. */
const small = 1e-3;

/** Coordinates whose sizes differ by a larger factor are searched in units of their own. */
const similar = 1e6;

/**
 * Lowers the loss from the last point of a run as far as a small number of evaluations allows: by L-BFGS, and where the
 * gradient remains large, because the loss has a kink, along the coordinates. It shows how far the run ended from the
 * minimum below its last point. Errors and non-finite losses count as too high.
 *
 * @returns null if the loss, the gradient or its squared norm is not finite at the last point, or the time was over before the search ended
 */
export async function polish(request: PolishRequest): Promise<Polished | null> {
  const { params, start } = request;
  const units = start ? unitsOf(params, start) : null;
  const { loss, lowest } = await (units ? searchedInUnits(request, units) : searched(request));
  if (lowest === null || loss.isCutByTime) return null;
  const unscaled = (each: Float64Array, power: 1 | -1) => each.map((x, i) => x * (units?.[i] ?? 1) ** power);
  return {
    loss: lowest.loss,
    params: unscaled(lowest.params, 1),
    gradNorm: norm2(unscaled(lowest.grad, -1)),
    evaluations: loss.spent,
  };
}

interface Searched {
  readonly loss: BudgetedLoss;
  readonly lowest: Evaluated | null;
}

async function searched(request: PolishRequest): Promise<Searched> {
  const { objective, params, open, evaluations, isOverTime, largestGradient, lastMove } = request;
  const loss = new BudgetedLoss(objective, open, evaluations, isOverTime);
  const start = await loss.at(params.slice());
  // Without finite inner products of gradients, the search could not move, which says nothing about the loss.
  if (start === null || !Number.isFinite(norm2(start.grad) ** 2)) return { loss, lowest: null };
  let lowest = await descend(loss, start);
  const isAtKink = norm2(lowest.grad) > small * largestGradient;
  if (isAtKink && lastMove > 0) lowest = await searchCoordinates(loss, lowest, lastMove);
  return { loss, lowest };
}

/** A search along the gradient would move only the coordinates with the smallest unit, because their derivatives are the largest. */
function searchedInUnits(request: PolishRequest, units: Float64Array): Promise<Searched> {
  const { objective, params, lastMove } = request;
  const original = (each: Float64Array) => each.map((x, i) => x * units[i]!);
  return searched({
    ...request,
    params: params.map((x, i) => x / units[i]!),
    lastMove: lastMove / maxAbs(units),
    objective: {
      ...objective,
      value: (each, open) => objective.value(original(each), open),
      async valueAndGradient(each, grad, open) {
        const loss = await objective.valueAndGradient(original(each), grad, open);
        for (let i = 0; i < grad.length; i++) grad[i]! *= units[i]!;
        return loss;
      },
    },
  });
}

/** The sizes of the coordinates on the path of the run; null if they are similar. */
function unitsOf(params: Float64Array, start: Float64Array): Float64Array | null {
  const sizes = params.map((x, i) => Math.max(Math.abs(x), Math.abs(x - start[i]!)));
  let least = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i]!;
    if (!(size > 0)) continue;
    if (size < least) least = size;
    if (size > largest) largest = size;
  }
  if (largest === 0 || largest <= similar * least) return null;
  return sizes.map((size) => size || 1);
}
