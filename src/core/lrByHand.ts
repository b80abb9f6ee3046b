import type { StepControl } from './runLoop';

/** The learning rates that a user set during a run: [the first step that used it, lr], ascending. */
export type LrChanges = readonly (readonly [number, number])[];

/**
 * A control that reports the step from which a learning rate of the user is used, so that the run can be repeated exactly.
 *
 * @param onChange  receives the step t and the learning rate
 */
export function watchedLr(control: StepControl, onChange: (t: number, lr: number) => void): StepControl {
  let now = 0;
  let last = Number.NaN;
  return {
    mayStep: (t) => {
      now = t;
      return control.mayStep(t);
    },
    lr: () => {
      const lr = control.lr();
      if (!Object.is(lr, last)) onChange(now, lr);
      last = lr;
      return lr;
    },
  };
}

/** A control that sets the learning rates of an earlier run at the same steps, and otherwise does what `control` does. */
export function repeatedLr(control: StepControl, changes: LrChanges): StepControl {
  let lr = Number.NaN;
  let next = 0;
  return {
    mayStep: (t) => {
      while (next < changes.length && changes[next]![0] <= t) lr = changes[next++]![1];
      return control.mayStep(t);
    },
    lr: () => lr,
  };
}
