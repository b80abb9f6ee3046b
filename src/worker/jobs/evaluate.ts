import { batchesOf } from '../../core/batches';
import type { RunConfig } from '../../core/config/runConfig';
import { contextAt } from '../../core/context';
import type { JobEnvironment, JobOf } from './job';
import { namedConfig } from './namedConfig';

/** Evaluates the value and gradient at one point. */
export async function evaluateGradient(
  { loader, post }: JobEnvironment,
  job: JobOf<'gradient'>,
): Promise<void> {
  // The user's own function, also of a run that maximizes.
  const loss = await loader.load({ ...job.config, maximize: false });
  const at = job.at ? Float64Array.from(job.at) : loss.start();
  const objective = loss.objective(at.length);
  const grad = new Float64Array(at.length);
  const value = await objective.valueAndGradient(at, grad, fullContext(job.config));
  const { names } = namedConfig(job.config, loss);
  post({ type: 'gradient', at: [...at], names, value, grad, gradientMode: objective.gradientMode });
}

/** Evaluates the loss on a grid of two coordinates, or of a plane. A value is NaN where the loss throws. */
export async function evaluateGrid({ loader, post }: JobEnvironment, job: JobOf<'grid'>): Promise<void> {
  const { x, y, columns, rows, plane } = job;
  // This gradient mode loads the loss without rewriting it, which is sufficient because only values are
  // needed.
  const loss = await loader.load({ ...job.config, gradientMode: 'finite-difference', maximize: false });
  const dim = plane?.origin.length ?? 2;
  const objective = loss.objective(dim);
  const open = fullContext(job.config);
  const values = new Float64Array(columns * rows);
  const point = new Float64Array(dim);
  const place = (across: number, up: number) => {
    if (plane)
      for (let k = 0; k < dim; k++)
        point[k] = plane.origin[k]! + across * plane.across[k]! + up * plane.up[k]!;
    else [point[0], point[1]] = [across, up];
  };
  for (let j = 0; j < rows; j++) {
    const up = y[0] + ((y[1] - y[0]) * j) / (rows - 1);
    for (let i = 0; i < columns; i++) {
      place(x[0] + ((x[1] - x[0]) * i) / (columns - 1), up);
      try {
        values[j * columns + i] = await objective.value(point, open);
      } catch {
        // A loss may be undefined away from the path, which is a gap in the contour plot, not an error.
        values[j * columns + i] = Number.NaN;
      }
    }
  }
  post({ type: 'grid', values });
}

/** The context of the first step, with all samples. */
function fullContext(config: RunConfig) {
  const batches = batchesOf(config.samples, config.batch, config.seed);
  return contextAt(config.seed, batches, 1, batches.all);
}
