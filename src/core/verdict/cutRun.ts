import { formatNumber } from '../numerics/format';
import type { StopReason } from '../stopping';
import type { Verdict } from './verdict';

interface CutRun {
  readonly steps: number;
  readonly stopped: StopReason;
  /** The best loss of the steps, in values of the user's function; NaN if there was none. */
  readonly bestLoss: number;
  readonly bestT: number;
  readonly maximize?: boolean;
}

/** The verdict on a run whose process was ended during an evaluation: its last point was not evaluated. */
export function verdictOfCutRun({ steps, stopped, bestLoss, bestT, maximize = false }: CutRun): Verdict {
  const isByUser = stopped === 'user';
  return {
    kind: isByUser ? 'still-improving' : 'broken',
    headline: isByUser
      ? `Not finished: you stopped the run during step ${steps + 1}.`
      : stopped === 'timeout'
        ? `Broken: step ${steps + 1} did not end within the time limit.`
        : `Broken: the run ended during step ${steps + 1}.`,
    detail: Number.isNaN(bestLoss)
      ? 'No step was finished.'
      : `The ${maximize ? 'highest objective' : 'lowest loss'} was ${formatNumber(bestLoss)} at t = ${bestT}.`,
    // Whether the loss would have continued to decrease is not known.
    certainty: isByUser ? 0.5 : 1,
    evidence: Number.isNaN(bestLoss) ? {} : { bestLoss },
    fixes: [],
  };
}
