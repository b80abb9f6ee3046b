import { meanWithError } from '../numerics/meanWithError';
import type { Objective, OpenContext } from '../objective';
import type { Drift } from './gradientDrift';

/** The number of steps whose loss functions are evaluated: of the second half of the window, and of the first. */
const fewestSteps = 10;
const mostSteps = 60;
/** A mean difference this many standard errors above 0 is a decrease, and one as far below the expected one contradicts it. */
const clear = 2;
/** The decrease slows down: at least this share of it is expected. */
const share = 0.5;

export interface MeasuredDriftRequest {
  readonly objective: Pick<Objective, 'value'>;
  /** Opens the context of step t. */
  readonly openAt: (t: number) => OpenContext;
  readonly drift: Drift;
  /** theta_T and the point where the second half of the window began; shape [dim]. Not modified. */
  readonly params: Float64Array;
  readonly before: Float64Array;
  /** The number of steps between the two points. */
  readonly steps: number;
  /** T */
  readonly lastStep: number;
}

/**
 * The drift with the decrease per step that the loss functions of the run have between two points of its end, each evaluated at both.
 *
 * The differences f_t(θ_before) − f_t(θ_T) have little noise, because both have the same draws. Functions of steps that the point θ_T has not
 * adapted to count: those before the second half of the window, which are as good as new draws. Where the minimum moves, they prefer
 * the older point, and so do not confirm the drift.
 *
 * @returns with the mean difference as its rate, if that is clear of 0; unchanged if it is not, but agrees with the rate to first order; null
 * if it contradicts the drift, or the loss throws
 */
export async function measuredDrift(request: MeasuredDriftRequest): Promise<Drift | null> {
  const { objective, openAt, drift, params, before, steps, lastStep } = request;
  const last = lastStep - steps;
  const count = Math.min(mostSteps, steps, last);
  if (count < fewestSteps) return drift;
  const differences: number[] = [];
  try {
    for (let k = 0; k < count; k++) {
      const open = openAt(last - Math.floor((k * Math.min(steps, last)) / count));
      differences.push((await objective.value(before, open)) - (await objective.value(params, open)));
    }
  } catch {
    return null;
  }
  const { mean, error } = meanWithError(differences);
  if (mean > clear * error) return { ...drift, fallPerStep: mean / steps, isMeasured: true };
  return mean + clear * error < share * drift.fallPerStep * steps ? null : drift;
}
