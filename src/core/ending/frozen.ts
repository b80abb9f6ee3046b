import type { StepView } from '../update';

/** A moment of this size is the square of a gradient at the limit of the numbers: a step divided by its root is 0. */
const overflowed = 1e290;

/**
 * Watches for an optimizer that has stopped because its second moment overflowed, as g² does from 1.3e154 on: its updates
 * are 0, although the gradient is not. Such a point is not stationary.
 */
export class FrozenWatch {
  #since: number | null = null;

  onStep(step: StepView): void {
    if (!isFrozen(step)) this.#since = null;
    else this.#since ??= step.t;
  }

  /** The first step that did not follow the gradient, if all later ones did not either; otherwise null. */
  get since(): number | null {
    return this.#since;
  }
}

/** Whether no coordinate with a gradient was moved by it: decoupled weight decay may still move all of them. */
function isFrozen({ gradNorm, grad, before, params, state }: StepView): boolean {
  if (!(gradNorm > 0)) return false;
  let hasOverflowed = false;
  for (let i = 0; i < params.length; i++) {
    const largest = state.reduce((most, moment) => Math.max(most, Math.abs(moment[i]!) || 0), 0);
    const isMoved = params[i] !== before[i] && largest !== Number.POSITIVE_INFINITY;
    if (grad[i] !== 0 && isMoved) return false;
    hasOverflowed ||= largest > overflowed;
  }
  return hasOverflowed;
}
