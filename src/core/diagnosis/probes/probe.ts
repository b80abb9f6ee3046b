import { allowance } from '../../gradient/allowance';
import type { Objective, OpenContext } from '../../objective';
import type { StepView } from '../../update';

/** Examines a step by additional evaluations of the loss. Errors that the loss throws pass through. */
export interface Probe {
  isDue(step: StepView): boolean;
  look(step: StepView): Promise<void>;
}

/** The loss for the evaluations of probes. */
export interface Probing {
  readonly objective: Objective;
  /**
   * The context (batch and second argument) of step t.
   *
   * @param part  a part of the samples of this step, e.g. half a batch; absent: all of them
   */
  open(t: number, part?: readonly number[]): OpenContext;
  /** The samples of step t's batch; empty without samples. */
  indicesOf(t: number): readonly number[];
}

/**
 * The number of steps between two uses of a probe, so that its gradients are within the allowance.
 *
 * @param steps  steps of the whole run
 * @param dim    number of coordinates
 * @param cost   gradient evaluations of one use
 * @param share  the share of that allowance for this probe
 */
export function affordableEvery(steps: number, dim: number, cost: number, share = 1): number {
  return Math.max(1, Math.ceil((steps * cost) / (share * allowance(steps, dim))));
}
