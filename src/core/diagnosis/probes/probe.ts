import type { Objective, OpenContext } from '../../objective';
import type { StepView } from '../../update';

/** What looks at a step by evaluating the loss again. It may throw what the loss throws. */
export interface Probe {
  isDue(step: StepView): boolean;
  look(step: StepView): Promise<void>;
}

/** The loss as probes evaluate it. */
export interface Probing {
  readonly objective: Objective;
  /**
   * The context of step t: what that step saw.
   *
   * @param part  of this step's samples, where a batch is to be halved; absent: all of them
   */
  open(t: number, part?: readonly number[]): OpenContext;
  /** The samples of step t's batch; empty without samples. */
  indicesOf(t: number): readonly number[];
}

/**
 * Every how many steps a probe may look, so that its gradients are at most 10 % of the run's own, and a hundred more.
 *
 * @param steps  of the whole run
 * @param cost   gradients that one look takes
 * @param share  of that allowance
 */
export function affordableEvery(steps: number, cost: number, share = 1): number {
  return Math.max(1, Math.ceil((steps * cost) / (share * allowance(steps))));
}

/** Gradients that a probe may take in the first t steps. */
export function allowance(t: number): number {
  return 0.1 * t + 100;
}
