import { numberOption } from '../../config/readOptions';
import type { OptimizerConfig } from '../../config/runConfig';

/** A rebound matters from this share of what was won: below it a run counts as converged. */
export const matters = 1e-3;

/**
 * E, how far the loss jumps once steps along a direction grow, before v has seen enough of the gradient to bring a/P down:
 * that takes a gradient of about √(v/(1 − b)), at an excursion of
 *
 *   E = P_d² / (2 λ_d (1 − b))
 *
 * with P_d, λ_d along that direction and b the decay of v (P without memory: b = 0). Infinite for gradient descent, where
 * nothing divides. The rebounds that were measured are E/5 to 1.5 E.
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
