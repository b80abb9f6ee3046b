import type { CoordinateAt } from './optimizer';

/** The effect of weightDecay: a penalty inside the gradient (coupled), or a factor of params (decoupled). */
export interface WeightDecay {
  /** The weight of the penalty ½·l2·‖params‖², whose gradient is added to the gradient of the loss. */
  readonly l2: number;
  /** The factor of params before the step. */
  decay(lr: number): number;
}

/** The gradient of ½ weightDecay ‖params‖² is added; an adaptive optimizer divides it together with the gradient. */
export function coupled(weightDecay: number): WeightDecay {
  return { l2: weightDecay, decay: () => 1 };
}

/** params −= lr · weightDecay · params, separately from the gradient. */
export function decoupled(weightDecay: number): WeightDecay {
  return { l2: 0, decay: (lr) => 1 - lr * weightDecay };
}

/**
 * params −= (lr_t/lr) · weightDecay · params: the decay follows the schedule, but not the learning rate itself. If lr = 0, the
 * multiplier of the schedule is unknown and taken as 1.
 */
export function decoupledFromLr(weightDecay: number, lr: number): WeightDecay {
  return { l2: 0, decay: (lrOfStep) => 1 - (lr === 0 ? 1 : lrOfStep / lr) * weightDecay };
}

/** The optimizer's own gradient at theta_{t−1}, including the penalty. */
export function ownGradient(l2: number): (at: CoordinateAt) => number {
  return (at) => at.grad + l2 * (at.params - at.update);
}
