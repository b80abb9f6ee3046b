import { norm2 } from '../../numerics/norms';
import type { Objective, OpenContext } from '../../objective';
import { BudgetedLoss } from './budgetedLoss';
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

/**
 * Lowers the loss from the last point of a run as far as a small number of evaluations allows: by L-BFGS, and where the
 * gradient remains large, because the loss has a kink, along the coordinates. It shows how far the run ended from the
 * minimum below its last point. Errors and non-finite losses count as too high.
 *
 * @returns null if the loss or the gradient is not finite at the last point, or the time was over before the search ended
 */
export async function polish(request: PolishRequest): Promise<Polished | null> {
  const { objective, params, open, evaluations, isOverTime, largestGradient, lastMove } = request;
  const loss = new BudgetedLoss(objective, open, evaluations, isOverTime);
  const start = await loss.at(params.slice());
  if (start === null) return null;
  let lowest = await descend(loss, start);
  const isAtKink = norm2(lowest.grad) > small * largestGradient;
  if (isAtKink && lastMove > 0) lowest = await searchCoordinates(loss, lowest, lastMove);
  return loss.isCutByTime
    ? null
    : {
        loss: lowest.loss,
        params: lowest.params,
        gradNorm: norm2(lowest.grad),
        evaluations: loss.spent,
      };
}
