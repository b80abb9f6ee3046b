import type { LossProblem } from '../loss/problem';
import { isLast, type ThreadMessage } from '../protocol/worker';
import type { Post } from './jobs/job';

/**
 * How long the thread goes on after a job has its result: a timer of the user's that is due by then, and a promise that was
 * rejected without a handler, still fail the job. What is due later is never called.
 */
const lastTimersMs = 5;
// The user's code may put functions of its own in the place of the timers.
const { setTimeout } = globalThis;

/**
 * The result of a job. Any error of the user's code that nobody caught, in a timer or in a promise, fails the job as long
 * as it is under way, whatever the job itself came to.
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

  /** Hands a message of the job on; the last one is kept for `send`. */
  take(message: ThreadMessage): void {
    if (message.type !== 'ring' && isLast(message)) this.#last ??= message;
    else this.#post(message);
  }

  /** An error that nobody caught: the job fails at once, as it may wait for something that cannot come any more. */
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
