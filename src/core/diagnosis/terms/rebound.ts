import { numberOption } from '../../config/readOptions';
import type { OptimizerConfig } from '../../config/runConfig';

/**
 * A rebound matters from this share of the improvement since the start: below it a run counts as converged.
 */
export const matters = 1e-3;

/**
 * The expected rebound E: the rise of the loss when steps along a direction d grow, until v has grown enough
 * to decrease a/P. That needs a gradient of about √(v/(1 − b)), at which the loss has risen by
 *
 *   E = P_d² / (2 λ_d (1 − b))
 *
 * P_d and λ_d are the preconditioner and the curvature along d, b the decay of v (b = 0 if P has no memory).
 * Infinite for gradient descent, which has no preconditioner. Measured rebounds are between E/5 and 1.5 E.
 */
export function expectedRebound(
  optimizer: OptimizerConfig,
  preconditioner: number,
  curvature: number,
): number {
  if (numberOption(optimizer, 'eps') === undefined) return Number.POSITIVE_INFINITY;
  const decay = numberOption(optimizer, 'beta2') ?? numberOption(optimizer, 'alpha') ?? 0;
  return preconditioner ** 2 / (2 * curvature * (1 - decay));
}
