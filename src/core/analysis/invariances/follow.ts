import type { RunConfig } from '../../config/runConfig';
import { firstNonFinite } from '../../numerics/norms';
import { seededRandom } from '../../numerics/random';
import type { Objective } from '../../objective';
import type { StepView } from '../../update';
import { SteppedRun } from './steppedRun';

/** The points that an optimizer visited. */
export interface Path {
  /** theta_0 … theta_T; ends early if a parameter becomes non-finite. */
  readonly points: readonly Float64Array[];
  /** Whether any gradient was clipped. */
  readonly isClipped: boolean;
}

/** Runs an optimizer, the configured one or the user's, on a loss. */
export type Follow = (objective: Objective, start: Float64Array) => Promise<Path>;

export interface FollowOptions {
  readonly config: RunConfig;
  readonly steps: number;
  /** Called before every run; throws to cancel. */
  readonly mayGo: () => void;
}

/** Runs the optimizer of a configuration, without stopping criteria and without diagnosis. */
export function followRun(
  { config, steps, mayGo }: FollowOptions,
  onStep: (view: StepView) => void = () => {},
): Follow {
  return async (objective, start) => {
    mayGo();
    const steppedRun = new SteppedRun({ objective, start, config });
    const points = [start.slice()];
    let isClipped = false;
    for (let t = 1; t <= steps; t++) {
      steppedRun.step(await steppedRun.evaluate(), Number.NaN);
      const { view } = steppedRun;
      onStep(view);
      isClipped ||= view.clipFactor !== 1;
      if (firstNonFinite(view.params) >= 0) break;
      points.push(view.params.slice());
    }
    return { points, isClipped };
  };
}

/** The stream of random signs, separate from all other uses of random numbers. */
const nudgeStream = 0x7d6e;

/**
 * Does the same as `followRun`, but multiplies each step of each coordinate by 1 ± `size`, with seeded random
 * signs. The distance from the unperturbed path shows how much the path amplifies rounding errors.
 */
export function followNudged(options: FollowOptions, size: number): Follow {
  const random = seededRandom(nudgeStream);
  return followRun(options, ({ params, before }) => {
    for (let i = 0; i < params.length; i++)
      params[i]! += (random() < 0.5 ? -size : size) * (params[i]! - before[i]!);
  });
}
