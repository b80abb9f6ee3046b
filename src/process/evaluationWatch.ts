/** The activity of the thread, from its control words. */
export interface Activity {
  /** Goes up with every call into the user's code. */
  readonly beat: number;
  /** Whether such a call is in progress. */
  readonly inUserCode: boolean;
  /** Whether the thread has a reason to wait: the user paused it, or its steps are not read yet. */
  readonly mayWait: boolean;
}

/**
 * How long the thread may do its own work between two calls into the user's code: longer than any work of ours takes. Code
 * of the user's that was put in the place of a built-in function runs there too.
 */
const ownWorkMs = 30_000;
/** A gap between two looks that is longer than this is a machine that slept, not a loss that computes. */
const longestGapMs = 1000;

/** Watches that every evaluation of the user's loss ends in time. Looked at from outside of the thread. */
export class EvaluationWatch {
  readonly #limitMs: number;
  #lookedAt: number;
  #beat = 0;
  #wasInUserCode = false;
  #elapsedMs = 0;

  /**
   * @param limitMs  for one call into the user's code
   * @param now      milliseconds, of the same clock as later
   */
  constructor(limitMs: number, now: number) {
    this.#limitMs = limitMs;
    this.#lookedAt = now;
  }

  /** @returns whether the current activity exceeds its time limit */
  isOverdue(now: number, { beat, inUserCode, mayWait }: Activity): boolean {
    const gap = Math.min(now - this.#lookedAt, longestGapMs);
    this.#lookedAt = now;
    if (mayWait || beat !== this.#beat || inUserCode !== this.#wasInUserCode) this.#elapsedMs = 0;
    else this.#elapsedMs += gap;
    this.#beat = beat;
    this.#wasInUserCode = inUserCode;
    const limit = inUserCode ? this.#limitMs : Math.max(this.#limitMs, ownWorkMs);
    return this.#elapsedMs > limit;
  }
}
