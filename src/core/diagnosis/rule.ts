import type { RunConfig } from '../config/runConfig';
import type { RunOutcome } from '../run';
import type { StepView } from '../update';
import type { Board } from './board';
import type { LossTerms } from './terms/lossTerms';

/** What every rule is made from. The terms of a step are up to date when `onStep` is called. */
export interface RuleContext {
  readonly config: RunConfig;
  readonly dim: number;
  readonly stepsPerEpoch: number;
  readonly terms: LossTerms;
  readonly board: Board;
  /** Curvature along the path, see `StartCurvature`; NaN while unknown. */
  curvature(): number;
}

/**
 * A rule at work on one run. It keeps what it needs of a step (the view is overwritten by the next), in O(dim) time or
 * less, allocates nothing while it has nothing to say, and posts what it finds on the board.
 */
export interface Rule {
  onStep(step: StepView): void;
  finish(outcome: RunOutcome): void;
}

export type RuleFactory = (context: RuleContext) => Rule;

/** When the end of a lasting finding is moved on: every 5 % of the run so far, at least 50 steps apart. */
export function nextUpdateAfter(t: number): number {
  return t + Math.max(50, Math.ceil(t / 20));
}
