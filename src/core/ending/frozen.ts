import type { StepView } from '../update';

/** A moment of this size is the square of a gradient at the limit of the numbers: a step divided by its root is 0. */
const overflowed = 1e290;

/**
 * Watches for an optimizer that has stopped because its second moment overflowed, as g² does from 1.3e154 on: every update is 0,
 * although the gradient is not. Such a point is not stationary.
 */
export class FrozenWatch {
  #since: number | null = null;

  onStep({ t, gradNorm, before, params, state }: StepView): void {
    const isFrozen =
      gradNorm > 0 &&
      params.every((theta, i) => theta === before[i]) &&
      state.some((moment) => moment.some((each) => Math.abs(each) > overflowed));
    if (!isFrozen) this.#since = null;
    else this.#since ??= t;
  }

  /** The first step without an update, if none followed it; otherwise null. */
  get since(): number | null {
    return this.#since;
  }
}
