/**
 * Finds: nothing
 * Silent: ill-conditioned; divergence; plateau:lr-too-small
 * May: plateau:converged
 * Verdict: converged
 * Because: lr·curvature is 0.5 in each group, so both distances halve in every step, although the curvatures differ by 10,000.
 *
 * @loss
 * @start [4, -3]
 * @optimizer sgd lr=0.5
 * @group wide lr=5000
 * @steps 120
 */
export function ownRates([narrow, wide]: number[]): number {
  return 0.5 * (narrow - 1) ** 2 + 0.5e-4 * (wide - 2) ** 2;
}

/**
 * Finds: nothing
 * Silent: weight-decay-dominates; coupled-weight-decay
 * May: plateau:converged
 * Verdict: converged
 * Because: only the weight that the loss does not need decays; the others are at the minimum, where their gradient is 0.
 *
 * @loss
 * @start [1, 0, 2]
 * @optimizer sgd lr=0.2
 * @group unused weightDecay=0.5
 * @steps 200
 */
export function decaysWhereItMay([slope, offset, unused]: number[]): number {
  return 0.5 * (slope - 3) ** 2 + (offset + 1) ** 2 + 0.5 * unused ** 2;
}

/**
 * Finds: divergence
 * Silent: unbounded-loss
 * Verdict: diverged
 * Because: lr is 0.3 for the bias, whose curvature is 10: its distance is multiplied by −2 in every step.
 *
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.01
 * @group bias lr=0.3
 * @steps 200
 */
export function biasTooFast([weight, bias]: number[]): number {
  return 0.5 * weight ** 2 + 5 * (bias - 2) ** 2;
}

/**
 * Finds: nothing
 * Silent: plateau:converged; divergence
 * Verdict: still-improving
 * Because: the bias has lr·curvature = 1e-4, so after 300 steps 97 % of its distance are left.
 *
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.5
 * @group bias lr=1e-4
 * @steps 300
 */
export function biasTooSlow([weight, bias]: number[]): number {
  return 0.5 * weight ** 2 + 0.5 * (bias - 8) ** 2;
}
