import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { harderRun } from './harderRun';
import { Draw } from './healthy/draw';
import { type HealthyRun, healthyRun } from './healthyRun';

/** Runs that `healthy.test.ts` and `harder.test.ts` do not use. */
const firstSeed = 10_000;
/** Schedules that end with the run, whatever its length. */
const fitting: readonly unknown[] = ['cosine', 'warmupCosine'];

/**
 * A healthy run that ends after 20 to 150 steps, of the kinds of `healthyRun` and `harderRun` in turn. It is on its way, or it has
 * arrived. A schedule with a length of its own, which would not fit, is left out.
 */
export function shortRun(seed: number): Pick<HealthyRun, 'name' | 'problem' | 'patch'> {
  const draw = new Draw(seed, 41);
  const { name, problem, patch } = (seed % 2 === 0 ? healthyRun : harderRun)(firstSeed + seed);
  const steps = Math.min(patch.steps!, Math.round(draw.logBetween(20, 150)));
  const { validation: _, ...rest } = patch;
  const schedule = fitting.includes(patch.schedule?.name) ? patch.schedule! : null;
  const short: RunConfigPatch = { ...rest, steps, schedule };
  return { name: `${name}, ${steps} steps`, problem, patch: short };
}
