/** The activity of the thread, from its control words. */
export interface Activity {
  /** A counter that increases with every call into the user's code. */
  readonly beat: number;
  /** Whether such a call is in progress. */
  readonly inUserCode: boolean;
  /** Whether the thread has a reason to wait: the user paused it, or its steps are not read yet. */
  readonly mayWait: boolean;
}

/**
 * How long the thread may work between two calls into the user's code, which is more than our code needs. A
 * limit is needed, because the user's code may have replaced a built-in function that our code calls.
 */
const ownWorkMs = 30_000;
/** The longest time between two checks that is counted. A longer gap means that the computer was asleep. */
const longestGapMs = 1000;

/** Checks from outside the thread that every evaluation of the user's loss ends within its time limit. */
export class EvaluationWatch {
  readonly #limitMs: number;
  #checkedAt: number;
  #beat = 0;
  #wasInUserCode = false;
  #elapsedMs = 0;

  /**
   * @param limitMs  the time limit for one call into the user's code, in milliseconds
   * @param now      the current time in milliseconds, of the clock that `isOverdue` uses
   */
  constructor(limitMs: number, now: number) {
    this.#limitMs = limitMs;
    this.#checkedAt = now;
  }

  /** @returns whether the current activity exceeds its time limit */
  isOverdue(now: number, { beat, inUserCode, mayWait }: Activity): boolean {
    const gap = Math.min(now - this.#checkedAt, longestGapMs);
    this.#checkedAt = now;
    if (mayWait || beat !== this.#beat || inUserCode !== this.#wasInUserCode) this.#elapsedMs = 0;
    else this.#elapsedMs += gap;
    this.#beat = beat;
    this.#wasInUserCode = inUserCode;
    const limit = inUserCode ? this.#limitMs : Math.max(this.#limitMs, ownWorkMs);
    return this.#elapsedMs > limit;
  }
}
