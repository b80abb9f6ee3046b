import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfig, RunConfigPatch } from '../../../src/core/config/runConfig';
import { stateNamesOf } from '../../../src/core/phases';
import { Update } from '../../../src/core/update';
import { lossOf, type NoisyQuadratic, writeGradient } from './noisyQuadratic';

/** Shape [steps][dim] each. */
export interface Trajectory {
  readonly params: readonly (readonly number[])[];
  readonly lrs: readonly (readonly number[])[];
}

/** @throws Error if the patch is refused */
export function configOf(patch: RunConfigPatch): RunConfig {
  const { config, problems } = resolveConfig([patch]);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return config;
}

/** Minimizes the noisy quadratic; with `maximize`, maximizes its negation, whose gradients the run loop negates before this. */
export function ourTrajectory(config: RunConfig, problem: NoisyQuadratic): Trajectory {
  const update = new Update(config, Float64Array.from(problem.start));
  const lrPlace = stateNamesOf(config).indexOf('lr');
  const params: number[][] = [];
  const lrs: number[][] = [];
  for (let step = 0; step < problem.noise.length; step++) {
    const { view } = update;
    const loss = lossOf(problem, step, view.params);
    writeGradient(problem, step, view.params, update.nextGradient());
    update.apply(step + 1, loss, Number.NaN);
    update.observe(loss);
    params.push([...view.params]);
    lrs.push(lrPlace < 0 ? problem.start.map(() => view.lr) : [...view.state[lrPlace]!]);
  }
  return { params, lrs };
}

/**
 * The largest difference of two trajectories, each value relative to the largest one of its quantity so far, the start
 * included: the measure of the golden files.
 */
export function differenceOf(ours: Trajectory, theirs: Trajectory, start: readonly number[]): number {
  return Math.max(largest(ours.params, theirs.params, start), largest(ours.lrs, theirs.lrs, []));
}

function largest(
  ours: Trajectory['params'],
  theirs: Trajectory['params'],
  before: readonly number[],
): number {
  let scale = Math.max(0, ...before.map(Math.abs));
  let difference = 0;
  for (const [t, row] of theirs.entries()) {
    scale = Math.max(scale, ...row.map(Math.abs));
    for (const [i, value] of row.entries()) {
      const here = Math.abs(ours[t]![i]! - value);
      if (Number.isNaN(here)) return Number.POSITIVE_INFINITY;
      if (here > 0) difference = Math.max(difference, here / scale);
    }
  }
  return difference;
}
