import type { LossProblem } from '../loss/problem';
import { isLast, type ThreadMessage } from '../protocol/worker';
import type { Post } from './jobs/job';

/**
 * How long the thread continues after a job has its result. A throw in a timer of the user's code that is due
 * by then, or a rejected promise without a handler, still fails the job. Timers that are due later are never
 * called.
 */
const lastTimersMs = 5;
// Saved here, because the user's code may replace the timer functions.
const { setTimeout } = globalThis;

/**
 * The result of a job. An uncaught error of the user's code, in a timer or a promise, fails the job while it
 * is in progress, even if the job itself succeeded.
 */
export class JobResult {
  readonly #post: Post;
  readonly #problemOf: (error: unknown) => LossProblem;
  #last: ThreadMessage | null = null;
  #isSent = false;

  constructor(post: Post, problemOf: (error: unknown) => LossProblem) {
    this.#post = post;
    this.#problemOf = problemOf;
  }

  /** Posts a message of the job. The last message, which contains the result, is kept until `send`. */
  take(message: ThreadMessage): void {
    if (message.type !== 'ring' && message.type !== 'process' && isLast(message)) this.#last ??= message;
    else this.#post(message);
  }

  /**
   * Handles an uncaught error. The job fails immediately, because it may wait for something that never
   * happens.
   */
  fail(error: unknown): void {
    const last = this.#last;
    const outcome = last?.type === 'done' ? ({ ...last.outcome, stopped: 'error' } as const) : null;
    this.#sendOnce({ type: 'failed', problems: [this.#problemOf(error)], outcome });
  }

  async send(): Promise<void> {
    if (this.#last?.type !== 'failed') await new Promise((resolve) => setTimeout(resolve, lastTimersMs));
    if (this.#last) this.#sendOnce(this.#last);
  }

  #sendOnce(message: ThreadMessage): void {
    if (this.#isSent) return;
    this.#isSent = true;
    this.#post(message);
  }
}
