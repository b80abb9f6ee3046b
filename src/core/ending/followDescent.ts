import type { Objective, OpenContext } from '../objective';
import { DescentTrail } from './descentTrail';
import { BudgetedLoss, type Evaluated } from './polish/budgetedLoss';
import { descend, type Pair } from './polish/lbfgs';

export interface FollowRequest {
  readonly objective: Objective;
  /** Where the descent begins, shape [dim]; not modified. */
  readonly from: Float64Array;
  /** The distance between the first and the last point of the run. */
  readonly unit: number;
  readonly open: OpenContext;
  readonly isOverTime: () => boolean;
}

/** Where a descent ended. */
export interface Followed {
  readonly trail: DescentTrail;
  /** The lowest point, with its loss and gradient. */
  readonly end: Evaluated;
  readonly evaluations: number;
}

/** The largest number of evaluations of the loss with its gradient. */
export const followEvaluations = 400;
/** Evaluations of one part of the descent, after which the path is extrapolated. */
const part = 20;
/** A part that gains less than this share of the decrease so far shows that the descent ends. */
const idle = 1e-4;

/**
 * Follows the descent of a loss from a point as far as it goes, also along a curve and into a pole. Parts of L-BFGS alternate
 * with a leap along the parabola through their ends, to where the decrease would double: L-BFGS alone follows a valley such as
 * y = x² by steps that do not grow. A leap that does not lead to a lower loss is dropped.
 *
 * @returns null if the loss or its gradient is not finite at the first point, or the time was over
 */
export async function followDescent({
  objective,
  from,
  unit,
  open,
  isOverTime,
}: FollowRequest): Promise<Followed | null> {
  const trail = new DescentTrail(from, unit);
  const recording: Objective = {
    ...objective,
    async valueAndGradient(params, grad, context) {
      const loss = await objective.valueAndGradient(params, grad, context);
      if (Number.isFinite(loss)) trail.push(params, loss, grad);
      return loss;
    },
  };
  let spent = 0;
  const search = async (at: Evaluated | Float64Array, most: number, pairs: Pair[]) => {
    const loss = new BudgetedLoss(recording, open, Math.min(most, followEvaluations - spent), isOverTime);
    const begin = at instanceof Float64Array ? await loss.at(at) : at;
    const end = begin && (await descend(loss, begin, pairs));
    spent += loss.spent;
    return end;
  };
  const first = await search(from.slice(), 1, []);
  if (first === null) return null;
  const ends = [first];
  let pairs: Pair[] = [];
  let [isFresh, failures, pause] = [true, 0, 0];
  const gains = (before: Evaluated, after: Evaluated | null): after is Evaluated =>
    after !== null && before.loss - after.loss > idle * (first.loss - after.loss);
  while (spent < followEvaluations && !isOverTime()) {
    const next = await search(ends.at(-1)!, part, pairs);
    const hasGained = gains(ends.at(-1)!, next);
    if (hasGained) {
      ends.push(next);
      isFresh = false;
    }
    const others: Pair[] = [];
    const mayLeap = ends.length > 2 && (!hasGained || pause-- <= 0);
    const leapt = mayLeap ? await search(extrapolated(ends), part, others) : null;
    if (gains(ends.at(-1)!, leapt)) {
      ends.push(leapt);
      pairs = others;
      isFresh = false;
      failures = 0;
    } else if (hasGained) {
      if (mayLeap) pause = ++failures;
    } else if (isFresh) {
      break;
    } else {
      // The approximation of the Hessian may no longer fit: begin again along the gradient.
      pairs = [];
      isFresh = true;
    }
  }
  return isOverTime() ? null : { trail, end: ends.at(-1)!, evaluations: spent };
}

/** The point where the decrease will have doubled, on the parabola through the first, the last and a middle end. */
function extrapolated(ends: readonly Evaluated[]): Float64Array {
  const [first, last] = [ends[0]!, ends.at(-1)!];
  const total = first.loss - last.loss;
  const share = (end: Evaluated) => (first.loss - end.loss) / total;
  const middle = ends
    .slice(1, -1)
    .reduce((best, end) => (Math.abs(share(end) - 0.5) < Math.abs(share(best) - 0.5) ? end : best));
  const m = share(middle);
  // Lagrange's weights at 2 for the nodes 0, m and 1.
  const [w0, wm, w1] = [(2 - m) / m, 2 / (m * (m - 1)), (2 * (2 - m)) / (1 - m)];
  return last.params.map((each, i) => w0 * first.params[i]! + wm * middle.params[i]! + w1 * each);
}
