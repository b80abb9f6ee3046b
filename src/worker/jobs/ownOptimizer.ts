import type { AnalysisProgress } from '../../core/analysis/analysis';
import { equalsReference } from '../../core/analysis/optimizerCheck/equalsReference';
import type { RunConfig } from '../../core/config/runConfig';
import type { Optimizer } from '../../core/optimizers/optimizer';
import { drivingOptimizer } from '../../core/ownOptimizer/drivingOptimizer';
import type { LossProblem } from '../../loss/problem';
import type { JobEnvironment } from './job';
import { optimizerReport } from './optimizerReport';

export interface DrivingOptimizer {
  readonly optimizer: Optimizer;
  /** Whether its steps equal those of its reference, so that the formulas of the reference describe it. */
  readonly isEqual: boolean;
  /** What its check says if it differs; null if it equals its reference. */
  readonly problem: LossProblem | null;
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
  const { make, vectors, isSingle, exportName, location } = await loader.loadOptimizer(reference);
  const once = isSingle ? null : await again();
  const isEqual =
    (once !== null && (await equalsReference(async () => once, vectors, reference))) ||
    (await equalsReference(again, vectors, reference));
  const report = isEqual ? null : await optimizerReport(besideLoader, reference, unlimited);
  return {
    optimizer: drivingOptimizer(make, vectors, reference, start, isEqual),
    isEqual,
    problem:
      report?.problem === undefined
        ? null
        : {
            code: 'optimizer-check',
            severity: 'warning',
            message: `${exportName} fails its check, so no rule judges the steps of this run. ${report.problem}`,
            location: report.thrownAt ?? location,
          },
  };
}

const unlimited: AnalysisProgress = { went: () => true };
