import type { StepAt } from './optimizer';

/**
 * The largest a·λmax(P⁻¹H) (dimensionless) at which the iteration m = β1 m + (1 − β1) g, θ = decay·θ − a P⁻¹
 * m does not grow for a constant P. At this value −1 becomes an eigenvalue of the step. Without decay it is
 * 2(1+β1)/(1−β1), which is 38 at β1 = 0.9.
 *
 * @param decay  the factor of params before the step; 1: no decay
 */
export function adamStabilityLimit({ beta }: Pick<StepAt, 'beta'>, decay = 1): number {
  return ((1 + decay) * (1 + beta)) / (1 - beta);
}
