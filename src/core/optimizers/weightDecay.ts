import type { CoordinateAt } from './optimizer';

/** How weightDecay acts: as a penalty inside the gradient (coupled), or as a factor of params (decoupled). */
export interface WeightDecay {
  /** The weight of the penalty ½·l2·‖params‖², whose gradient is added to the gradient of the loss. */
  readonly l2: number;
  /** The factor of params before the step. */
  decay(lr: number): number;
}

/**
 * Adds the gradient of ½ weightDecay ‖params‖². An adaptive optimizer divides it together with the gradient
 * of the loss.
 */
export function coupled(weightDecay: number): WeightDecay {
  return { l2: weightDecay, decay: () => 1 };
}

/** params −= lr · weightDecay · params, without changing the gradient. */
export function decoupled(weightDecay: number): WeightDecay {
  return { l2: 0, decay: (lr) => 1 - lr * weightDecay };
}

/**
 * params −= (lr_t/lr) · weightDecay · params, where lr is the configured rate and lr_t that of the step. So
 * the decay follows the schedule, but does not depend on lr. If lr = 0, the multiplier lr_t/lr is unknown,
 * and 1 is used.
 */
export function decoupledFromLr(weightDecay: number, lr: number): WeightDecay {
  return { l2: 0, decay: (lrOfStep) => 1 - (lr === 0 ? 1 : lrOfStep / lr) * weightDecay };
}

/** The gradient at theta_{t−1} that the optimizer uses: that of the loss plus that of the penalty. */
export function ownGradient(l2: number): (at: CoordinateAt) => number {
  return (at) => at.grad + l2 * (at.params - at.update);
}
