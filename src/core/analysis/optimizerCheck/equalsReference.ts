import { optionsOf } from '../../config/resolve';
import type { OptimizerConfig } from '../../config/runConfig';
import type { MakeInstance } from '../../ownOptimizer/ownOptimizer';
import type { VectorKind } from '../../ownOptimizer/userRun';
import { Agreement } from './agreement';
import { followGradients } from './followGradients';
import { sequencesFor } from './sequences';
import { pointsOf, referenceStep } from './stepper';

/** Whether the user's optimizer makes the steps of its reference, for all sequences of gradients of the check. */
export async function equalsReference(
  fresh: () => Promise<MakeInstance>,
  vectors: VectorKind,
  reference: OptimizerConfig,
): Promise<boolean> {
  const options = optionsOf(reference);
  for (const sequence of sequencesFor((options.eps as number | undefined) ?? 0)) {
    const { points, faults } = followGradients(await fresh(), vectors, sequence);
    const agreement = new Agreement(pointsOf(referenceStep(reference), sequence), options);
    if (faults.length > 0 || agreement.parting(points) !== null) return false;
  }
  return true;
}
