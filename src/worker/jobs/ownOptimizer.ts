import { equalsReference } from '../../core/analysis/optimizerCheck/equalsReference';
import type { RunConfig } from '../../core/config/runConfig';
import type { Optimizer } from '../../core/optimizers/optimizer';
import { drivingOptimizer } from '../../core/ownOptimizer/drivingOptimizer';
import type { JobEnvironment } from './job';

export interface DrivingOptimizer {
  readonly optimizer: Optimizer;
  /** Whether its steps equal those of its reference, so that the formulas of the reference describe it. */
  readonly isEqual: boolean;
}

/**
 * The user's optimizer that the configuration names; null if it names none. It is compared with its reference
 * in other instances, so that the one that makes the steps has no memory of the comparison.
 */
export async function ownOptimizerOf(
  { optimizer: reference }: RunConfig,
  start: Float64Array,
  { loader, besideLoader }: JobEnvironment,
): Promise<DrivingOptimizer | null> {
  if (reference.own === undefined) return null;
  const again = async () => (await besideLoader.loadOptimizer(reference)).make;
  const { make, vectors, isSingle } = await loader.loadOptimizer(reference);
  const once = isSingle ? null : await again();
  const isEqual =
    (once !== null && (await equalsReference(async () => once, vectors, reference))) ||
    (await equalsReference(again, vectors, reference));
  return { optimizer: drivingOptimizer(make, vectors, reference, start, isEqual), isEqual };
}
