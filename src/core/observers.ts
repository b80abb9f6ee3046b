import { isPromise, type MaybePromise } from './objective';
import type { RunObserver } from './runLoop';
import type { StepView } from './update';

/**
 * Combines several observers. They receive each step one after the other, because they may evaluate the loss,
 * whose buffers hold one evaluation at a time. After the last one has settled, `afterStep` of all of them is
 * called. Their order does not affect what they record.
 */
export function together(observers: readonly RunObserver[]): RunObserver {
  return {
    onStep: (step) => inTurn(observers, 0, step),
    afterStep(step) {
      for (const observer of observers) observer.afterStep?.(step);
    },
    onEpoch(epoch) {
      for (const observer of observers) observer.onEpoch?.(epoch);
    },
  };
}

function inTurn(observers: readonly RunObserver[], first: number, step: StepView): MaybePromise<void> {
  for (let i = first; i < observers.length; i++) {
    const work = observers[i]!.onStep?.(step);
    if (isPromise(work)) return work.then(() => inTurn(observers, i + 1, step));
  }
}
