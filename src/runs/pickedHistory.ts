import type { RunConfig } from '../core/config/runConfig';
import type { StepLayout } from '../core/trace/layout';
import { Quantities } from '../core/trace/quantities';
import { Trace } from '../core/trace/trace';

/** The values of a coordinate that the run did not record, from a repetition of the run. */
export interface PickedHistory {
  /** Its layout has this coordinate only. */
  readonly trace: Trace;
  readonly quantities: Quantities;
}

/** The largest number of steps of a history in memory; of longer runs, every k-th step. */
const mostSteps = 2 ** 20;

/**
 * The steps that a repetition of a run must record, so that they are those of its trace: every k-th one.
 *
 * @param steps  of the run
 */
export function historySpan(steps: number, trace: Trace | null): { from: number; to: number; every: number } {
  const needed = 2 ** Math.max(0, Math.ceil(Math.log2(steps / mostSteps)));
  return { from: 1, to: steps, every: Math.max(trace?.stride ?? 1, needed) };
}

/**
 * @param records  the recorded steps, ascending; the first is step 1
 * @param every    the number of steps from one to the next
 * @param start    theta_0 of the coordinate
 */
export function pickedHistory(
  config: RunConfig,
  layout: StepLayout,
  records: readonly Float64Array[],
  every: number,
  start: number,
): PickedHistory {
  const trace = new Trace(layout, [start], { stride: every });
  for (const each of records) trace.append(each, 0);
  return { trace, quantities: new Quantities(layout, config) };
}
