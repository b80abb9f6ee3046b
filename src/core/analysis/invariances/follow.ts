import type { RunConfig } from '../../config/runConfig';
import { firstNonFinite } from '../../numerics/norms';
import { seededRandom } from '../../numerics/random';
import type { Objective } from '../../objective';
import type { StepView } from '../../update';
import { Walk } from './walk';

/** Where an optimizer went. */
export interface Path {
  /** theta_0 … theta_T; shorter than asked for where parameters turned non-finite. */
  readonly points: readonly Float64Array[];
  /** Whether any gradient was clipped. */
  readonly isClipped: boolean;
}

/** Lets an optimizer, the run's own or the user's, go its way on a loss. */
export type Follow = (objective: Objective, start: Float64Array) => Promise<Path>;

export interface FollowOptions {
  readonly config: RunConfig;
  readonly steps: number;
  /** Asked before every run; throws to give up. */
  readonly mayGo: () => void;
}

/** The optimizer of a configuration, without what ends a run or looks at the loss between the steps. */
export function followRun(
  { config, steps, mayGo }: FollowOptions,
  onStep: (view: StepView) => void = () => {},
): Follow {
  return async (objective, start) => {
    mayGo();
    const walk = new Walk({ objective, start, config });
    const points = [start.slice()];
    let isClipped = false;
    for (let t = 1; t <= steps; t++) {
      walk.step(await walk.evaluate(), Number.NaN);
      const { view } = walk;
      onStep(view);
      isClipped ||= view.clipFactor !== 1;
      if (firstNonFinite(view.params) >= 0) break;
      points.push(view.params.slice());
    }
    return { points, isClipped };
  };
}

/** Seeds the signs of nudges, apart from every other use of random numbers. */
const nudgeStream = 0x7d6e;

/**
 * The same, but every step of every coordinate comes out longer or shorter by a share of `size`, by seeded signs: how far
 * that leads astray says what the path makes of rounding.
 */
export function followNudged(options: FollowOptions, size: number): Follow {
  const random = seededRandom(nudgeStream);
  return followRun(options, ({ params, before }) => {
    for (let i = 0; i < params.length; i++)
      params[i]! += (random() < 0.5 ? -size : size) * (params[i]! - before[i]!);
  });
}
