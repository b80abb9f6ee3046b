import { coordinateStepOf } from '../../core/explain/coordinateStep';
import { type Explanation, explainUpdate, listedGradients } from '../../core/explain/explanation';
import { recordLength, type StepLayout } from '../../core/trace/layout';
import type { JobLimits } from '../../protocol/jobProcess';
import { evaluate } from '../../runner/evaluate';
import type { JobLauncher } from '../../runner/jobProcesses';
import type { Run } from '../../runs/run';

/** The records of consecutive steps that include a coordinate. */
export interface RecordedSteps {
  readonly layout: StepLayout;
  readonly records: readonly Float64Array[];
  /** theta_0 of the coordinate. */
  readonly start: number;
}

/** The first step that an explanation of a step reads. */
export function firstStepRead(step: number): number {
  return Math.max(1, step - listedGradients);
}

/** The records in memory; null if the coordinate is not recorded, or not every step is kept. */
export function recordedSteps({ trace }: Run, step: number, coordinate: number): RecordedSteps | null {
  if (trace?.stride !== 1) return null;
  const k = trace.layout.coordinates.indexOf(coordinate);
  if (k < 0 || trace.rowOf(step) < 0) return null;
  const from = firstStepRead(step);
  const records = Array.from({ length: step - from + 1 }, (_, i) => trace.record(trace.rowOf(from + i)));
  return { layout: trace.layout, records, start: trace.start[k]! };
}

/** The steps that a replay records: every k-th of [from, to]. */
export interface ReplaySpan {
  readonly from: number;
  readonly to: number;
  readonly every: number;
}

/** The steps that an explanation of a step reads. */
export function explainedSpan(step: number): ReplaySpan {
  return { from: firstStepRead(step), to: step, every: 1 };
}

/** The records of steps that are made again in a separate process, from the source texts of the run. */
export async function replayedSteps(
  run: Run,
  span: ReplaySpan,
  coordinate: number,
  jobs: JobLauncher,
  limits: JobLimits,
  signal: AbortSignal,
): Promise<RecordedSteps> {
  const { source, config, start, lrChanges } = run.record;
  const { layout, records, ...rest } = await evaluate(
    jobs,
    {
      source,
      limits,
      job: {
        kind: 'replay',
        config: { ...config, start },
        coordinate,
        ...span,
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
export function explained(run: Run, step: number, coordinate: number, steps: RecordedSteps): Explanation {
  const { layout, records, start } = steps;
  const k = layout.coordinates.indexOf(coordinate);
  const { config } = run.record;
  const read = records.map((record) => coordinateStepOf(config, layout, record, k));
  if (read.at(-1)?.step !== step) throw new Error(`The run did not reach step ${step} again.`);
  return explainUpdate({ config, dim: layout.dim, coordinate, start }, read);
}
