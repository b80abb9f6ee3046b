import { recordLength } from '../core/trace/layout';
import type { JobLimits } from '../protocol/jobProcess';
import type { RepeatedSteps, StepRepetition } from '../runs/repeatSteps';
import type { Run } from '../runs/run';
import { evaluate } from './evaluate';
import type { JobLauncher } from './jobProcesses';

/** Makes steps again in a separate process, from the source texts of the run. */
export async function replayedSteps(
  run: Run,
  repetition: StepRepetition,
  jobs: JobLauncher,
  limits: JobLimits,
  signal: AbortSignal,
): Promise<RepeatedSteps> {
  const { source, config, start, lrChanges, interventions } = run.record;
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
        ...(interventions && { interventions }),
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
