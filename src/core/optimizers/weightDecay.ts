import type { CoordinateAt } from './optimizer';

/** What an optimizer does with its weightDecay: a penalty inside the gradient, or a shrinking apart from it. */
export interface WeightDecay {
  /** Weight of the penalty ½·l2·‖params‖², whose gradient joins the one that is given. */
  readonly l2: number;
  /** The factor that params are multiplied by before the step. */
  decay(lr: number): number;
}

/** The gradient of ½ weightDecay ‖params‖² is added: an adaptive optimizer rescales it with the rest. */
export function coupled(weightDecay: number): WeightDecay {
  return { l2: weightDecay, decay: () => 1 };
}

/** params −= lr · weightDecay · params, apart from the gradient. */
export function decoupled(weightDecay: number): WeightDecay {
  return { l2: 0, decay: (lr) => 1 - lr * weightDecay };
}

/**
 * params −= (lr_t/lr) · weightDecay · params: the schedule shrinks the decay, the learning rate itself does not. With
 * lr = 0 there is no telling what the schedule did, and nothing is taken off the decay.
 */
export function decoupledFromLr(weightDecay: number, lr: number): WeightDecay {
  return { l2: 0, decay: (lrOfStep) => 1 - (lr === 0 ? 1 : lrOfStep / lr) * weightDecay };
}

/** The optimizer's own gradient: at theta_{t−1}, the penalty's part included. */
export function ownGradient(l2: number): (at: CoordinateAt) => number {
  return (at) => at.grad + l2 * (at.params - at.update);
}
