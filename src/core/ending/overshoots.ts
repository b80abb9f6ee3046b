import type { RunObserver } from '../runLoop';
import type { StepView } from '../update';

/** More overshoots than this are an oscillation. */
const mostOvershoots = 3;
/** An overshoot that is smaller than this share of the decrease does not matter. */
const matters = 1e-3;

/** Where in an overshoot around a minimum a run ended. */
export type Overshoot = 'rising' | 'falling';

/**
 * Watches how momentum overshoots a minimum: the loss rises behind the minimum, until the parameters turn and come
 * back. Each overshoot of a stable run is lower than the one before. A run that ends in one of its first overshoots is not finished,
 * and how high its loss is there says nothing about its stability.
 */
export class Overshoots implements RunObserver {
  /** The highest loss before each fall; the first one is that of the start. */
  #peak = Number.NaN;
  #low = Number.NaN;
  #last = Number.NaN;
  #rises = 0;
  #isRising = false;
  #areShrinking = true;
  /** The step of the last turn. */
  #turnedAt = 0;
  /** Whether a step of the current rise went up the slope, as momentum does. */
  #isCarried = false;
  #beta = Number.NaN;
  #t = 0;

  onStep({ t, loss, beta, grad, params, before }: StepView): void {
    this.#push(loss, t - 1);
    this.#beta = beta;
    this.#t = t;
    // A rise that begins with the loss after the last step counts without it: see `endedAt`.
    if (!(beta > 0) || !this.#isRising) return;
    let work = 0;
    for (let i = 0; i < grad.length; i++) work += grad[i]! * (params[i]! - before[i]!);
    this.#isCarried = work > 0;
  }

  /**
   * @param loss  the loss after the last step
   * @returns null if the run did not end in one of its first overshoots, or the overshoots do not become smaller
   */
  endedAt(loss: number): Overshoot | null {
    this.#push(loss, this.#t);
    const decrease = this.#peak - this.#low;
    if (!(this.#beta > 0) || this.#rises === 0 || this.#rises > mostOvershoots || !this.#areShrinking)
      return null;
    if (this.#isRising) {
      const isCarriedOn = this.#isCarried || this.#t - this.#turnedAt <= 1;
      return isCarriedOn && loss < this.#peak && loss - this.#low > matters * decrease ? 'rising' : null;
    }
    const isRecent = this.#turnedAt >= this.#t / 2;
    return isRecent && this.#peak - loss > matters * decrease ? 'falling' : null;
  }

  #push(loss: number, t: number): void {
    const last = this.#last;
    this.#last = loss;
    if (Number.isNaN(last)) {
      this.#peak = loss;
      this.#low = loss;
      return;
    }
    if (loss > last && !this.#isRising) {
      this.#isRising = true;
      this.#rises++;
      this.#low = last;
      this.#turnedAt = t - 1;
    } else if (loss < last && this.#isRising) {
      this.#isRising = false;
      // The peak before the first fall is the start, also where it is not the highest loss.
      if (!(last < this.#peak)) this.#areShrinking = false;
      this.#peak = last;
      this.#turnedAt = t - 1;
    }
  }
}
