import type { StateName } from '../../optimizers/optimizer';
import type { MakeInstance } from '../../ownOptimizer/ownOptimizer';
import { readMoments } from '../../ownOptimizer/readMoments';
import { BrokenStep, type StepFault, UserRun, type VectorKind } from '../../ownOptimizer/userRun';
import type { MomentsOfSteps } from './firstQuantity';
import type { GradientSequence } from './sequences';

/**
 * The points that the user's step visits for a sequence of gradients, theta_0 first, up to its first fault.
 * See `pointsOf` for parameters that are not finite.
 */
export interface UserPath {
  readonly points: readonly Float64Array[];
  readonly faults: readonly StepFault[];
  /** The state arrays of these names after each step, where they can be recognized. */
  readonly moments: MomentsOfSteps;
}

export function followGradients(
  make: MakeInstance,
  kind: VectorKind,
  sequence: GradientSequence,
  stateNames: readonly StateName[] = [],
): UserPath {
  const moments: ReadonlyMap<StateName, Float64Array>[] = [];
  const points: Float64Array[] = [sequence.start.slice()];
  const faults: StepFault[] = [];
  let run: UserRun | null = null;
  try {
    run = new UserRun(make, kind, sequence.start);
    for (const gradient of sequence.gradients) {
      points.push(run.take(gradient));
      if (stateNames.length > 0) moments.push(readMoments(run.state, sequence.start.length, stateNames));
      run.restore(sequence.start);
    }
  } catch (error) {
    if (!(error instanceof BrokenStep)) throw error;
    faults.push(error.fault);
  }
  if (run?.changedGradient) faults.push(run.changedGradient);
  return { points, faults, moments };
}

/** Like `followGradients`, for two alternating runs, each with its own state. */
export function followInTurns(
  makes: readonly [MakeInstance, MakeInstance],
  kind: VectorKind,
  sequences: readonly [GradientSequence, GradientSequence],
): readonly (readonly Float64Array[])[] {
  const runs = sequences.map(({ start }, k) => new UserRun(makes[k]!, kind, start));
  const paths: Float64Array[][] = sequences.map(({ start }) => [start.slice()]);
  for (let t = 0; t < sequences[0].gradients.length; t++)
    for (const [k, { gradients, start }] of sequences.entries()) {
      paths[k]!.push(runs[k]!.take(gradients[t]!));
      runs[k]!.restore(start);
    }
  return paths;
}
