import { coordinateStepOf } from '../../core/explain/coordinateStep';
import { type Explanation, explainUpdate, listedGradients } from '../../core/explain/explanation';
import { recordLength } from '../../core/trace/layout';
import type { JobLimits } from '../../protocol/jobProcess';
import { evaluate } from '../../runner/evaluate';
import type { JobLauncher } from '../../runner/jobProcesses';
import type { RepeatedSteps, StepRepetition, StepSpan } from '../../runs/repeatSteps';
import type { Run } from '../../runs/run';

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

/** Makes steps again in a separate process, from the source texts of the run. */
export async function replayedSteps(
  run: Run,
  repetition: StepRepetition,
  jobs: JobLauncher,
  limits: JobLimits,
  signal: AbortSignal,
): Promise<RepeatedSteps> {
  const { source, config, start, lrChanges } = run.record;
  const { layout, records, ...rest } = await evaluate(
    jobs,
    {
      source,
      limits,
      job: {
        kind: 'replay',
        config: { ...config, start },
        ...repetition,
        lrChanges,
      },
    },
    signal,
  );
  const width = recordLength(layout);
  const list = Array.from({ length: records.length / width }, (_, i) =>
    records.subarray(i * width, (i + 1) * width),
  );
  return { layout, records: list, start: rest.start };
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
