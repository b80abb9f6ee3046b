import type { StepAt } from './optimizer';

/**
 * The largest a·λmax(P⁻¹H) at which m = β1 m + (1 − β1) g, θ = decay·θ − a P⁻¹ m does not grow, while P stands still:
 * there −1 becomes an eigenvalue of the step. 2(1+β1)/(1−β1) without decay, which is 38 at β1 = 0.9.
 *
 * @param decay  factor by which params shrink before the step; 1: they do not
 */
export function adamStabilityLimit({ beta }: Pick<StepAt, 'beta'>, decay = 1): number {
  return ((1 + decay) * (1 + beta)) / (1 - beta);
}
