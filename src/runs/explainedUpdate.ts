import { coordinateStepOf } from '../core/explain/coordinateStep';
import { type Explanation, explainUpdate, listedGradients } from '../core/explain/explanation';
import type { RepeatedSteps, StepSpan } from './repeatSteps';
import type { Run } from './run';

/** The first step that an explanation of a step reads. */
export function firstStepRead(step: number): number {
  return Math.max(1, step - listedGradients);
}

/** The records in memory; null if the coordinate is not recorded, or not every step is kept. */
export function recordedSteps(run: Run, step: number, coordinate: number): RepeatedSteps | null {
  const isRecorded = run.trace?.layout.coordinates.includes(coordinate);
  const trace = isRecorded ? run.trace : run.picked.get(coordinate)?.trace;
  const from = firstStepRead(step);
  // A recording has few steps, and not its start.
  if (run.record.recording || trace?.stride !== 1 || trace.rowOf(step) < 0 || trace.rowOf(from) < 0)
    return null;
  const k = trace.layout.coordinates.indexOf(coordinate);
  const records = Array.from({ length: step - from + 1 }, (_, i) => trace.record(trace.rowOf(from + i)));
  return { layout: trace.layout, records, start: trace.start[k]! };
}

/** The steps that an explanation of a step reads. */
export function explainedSpan(step: number): StepSpan {
  return { from: firstStepRead(step), to: step, every: 1 };
}

/** @throws Error if the steps do not reach the explained one */
export function explained(run: Run, step: number, coordinate: number, steps: RepeatedSteps): Explanation {
  const { layout, records, start } = steps;
  const k = layout.coordinates.indexOf(coordinate);
  const { config } = run.record;
  const read = records.map((record) => coordinateStepOf(config, layout, record, k));
  if (read.at(-1)?.step !== step) throw new Error(`The run did not reach step ${step} again.`);
  return explainUpdate({ config, dim: layout.dim, coordinate, start }, read);
}
