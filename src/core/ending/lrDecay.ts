import type { StepView } from '../update';

/** Below this share of its largest value, the learning rate has decayed to nothing. */
export const nothing = 0.01;
/** A decay to nothing is early if at least this share of the steps was still to come. */
const early = 0.4;

/** Watches whether the learning rate decays to nothing long before the end of the run. */
export class LrDecay {
  /** The largest learning rate so far. */
  largest = 0;
  /** The last step with more than a hundredth of it. */
  lastAlive = 0;

  onStep({ t, lr }: Pick<StepView, 't' | 'lr'>): void {
    if (lr > this.largest) this.largest = lr;
    if (lr > nothing * this.largest) this.lastAlive = t;
  }

  /** The first step with less than a hundredth, if at least 40 % of the steps followed the last one with more; otherwise null. */
  earlySince(steps: number): number | null {
    return this.lastAlive < (1 - early) * steps ? this.lastAlive + 1 : null;
  }
}
