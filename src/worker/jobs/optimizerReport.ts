import type { AnalysisProgress } from '../../core/analysis/analysis';
import { checkOptimizerStep } from '../../core/analysis/optimizerCheck/checkOptimizerStep';
import { optimizerCheckReport } from '../../core/analysis/optimizerCheck/optimizerCheckReport';
import type { Report } from '../../core/analysis/report';
import type { OptimizerConfig } from '../../core/config/runConfig';
import type { MakeInstance } from '../../core/ownOptimizer/ownOptimizer';
import type { LossLoader } from '../../loss/providers/lossProvider';

/**
 * Checks the optimizer of a source against its reference.
 *
 * @throws Cancelled    if the progress ends the check
 * @throws LossFailure  if the source is not an optimizer
 */
export async function optimizerReport(
  loader: LossLoader,
  reference: OptimizerConfig,
  control: AnalysisProgress,
): Promise<Report> {
  const { make, vectors, isSingle, location } = await loader.loadOptimizer(reference);
  const reloaded = async () => (await loader.loadOptimizer(reference)).make;
  const check = (fresh: () => Promise<MakeInstance>) =>
    checkOptimizerStep({ fresh, reference, vectors, control });
  const result = await check(isSingle ? reloaded : async () => make);
  // State in the module or in a closure: every run loads the module again.
  const isShared = result.faults.some(({ code }) => code === 'memoryOutside' || code === 'notDeterministic');
  const final = isShared && !isSingle ? await check(reloaded) : result;
  const fault = final.faults.find(({ code }) => code === 'throws');
  const thrownAt = fault && 'thrown' in fault ? (loader.placeOf(fault.thrown)?.location ?? location) : null;
  return { ...optimizerCheckReport(final), ...(thrownAt && { thrownAt }) };
}
