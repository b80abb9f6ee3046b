import { isPromise, type MaybePromise } from '../core/objective';
import { checking } from './checking';
import { poison } from './refusal';
import { tape } from './tape';
import { texts } from './texts';

let isOpen = false;
/** Settles when all requested evaluations have finished; null if there are none. */
let queue: Promise<void> | null = null;

/**
 * One evaluation of a loss: `run` calls the user's code, and `finish` processes its result while the tape
 * still contains the evaluation. Evaluations never overlap: the next one waits until an asynchronous one has
 * finished. After an evaluation, whether it succeeded or failed, its traced values are stale.
 *
 * @throws the error of the user's code; if there was a Refusal, the first one instead, even if that code
 *   caught it
 */
export function evaluate<T>(run: () => unknown, finish: (result: unknown) => T): MaybePromise<T> {
  const result = queue === null ? evaluateNow(run, finish) : queue.then(() => evaluateNow(run, finish));
  if (isPromise(result)) enqueue(result);
  return result;
}

function enqueue(evaluation: Promise<unknown>): void {
  const settled = evaluation.then(nothing, nothing).then(() => {
    if (queue === settled) queue = null;
  });
  queue = settled;
}

function nothing(): void {}

function evaluateNow<T>(run: () => unknown, finish: (result: unknown) => T): MaybePromise<T> {
  if (isOpen) throw new Error('a loss was evaluated during its own evaluation');
  begin();
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    throw failed(error);
  }
  return isPromise(result) ? finishLater(result, finish) : finishNow(result, finish);
}

async function finishLater<T>(later: Promise<unknown>, finish: (result: unknown) => T): Promise<T> {
  let result: unknown;
  try {
    result = await later;
  } catch (error) {
    throw failed(error);
  }
  return finishNow(result, finish);
}

function finishNow<T>(result: unknown, finish: (result: unknown) => T): T {
  try {
    if (poison.first) throw poison.first;
    return finish(result);
  } finally {
    end();
  }
}

function failed(error: unknown): unknown {
  end();
  return poison.first ?? error;
}

function begin(): void {
  tape.reset();
  poison.first = poison.lasting;
  texts.made = false;
  isOpen = true;
}

function end(): void {
  tape.reset();
  checking.stop();
  isOpen = false;
}
