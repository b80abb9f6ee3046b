import type { JobLimits } from '../../protocol/jobProcess';
import type { Grid } from '../../protocol/panel';
import { evaluate } from '../../runner/evaluate';
import type { JobLauncher } from '../../runner/jobProcesses';
import type { Run } from '../../runs/run';

const pointsPerSide = 64;

/** Evaluates the loss of a run on a grid, from the source texts of the run, in a separate process that does not slow the run. */
export async function gridOf(
  run: Run,
  jobs: JobLauncher,
  limits: JobLimits,
  x: readonly [number, number],
  y: readonly [number, number],
): Promise<Grid> {
  const { source, config } = run.record;
  const size = { columns: pointsPerSide, rows: pointsPerSide };
  const { values } = await evaluate(jobs, {
    source,
    limits,
    job: { kind: 'grid', config, x, y, ...size },
  });
  return { x, y, ...size, values };
}
