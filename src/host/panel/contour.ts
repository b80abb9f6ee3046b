import type { JobLimits } from '../../protocol/jobProcess';
import type { Grid } from '../../protocol/panel';
import { evaluate } from '../../runner/evaluate';
import type { JobLauncher } from '../../runner/jobProcesses';
import type { Run } from '../../runs/run';

const pointsPerSide = 64;

/** The loss of a run on a grid: the texts that the run loaded, in a process of its own, so that the run is not slowed. */
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
