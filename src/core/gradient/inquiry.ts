import { isPromise, type MaybePromise } from '../objective';

/** A computation that needs values of a loss: it yields a point, and receives the loss there. */
export type Inquiry<T> = Generator<Float64Array, T, number>;

/**
 * Answers an inquiry; synchronously, if the loss is. An error of the loss is thrown at the `yield` that asked.
 * The point is passed on without a copy, so the loss must not keep it.
 */
export function answer<T>(
  inquiry: Inquiry<T>,
  value: (point: Float64Array) => MaybePromise<number>,
): MaybePromise<T> {
  let next = inquiry.next();
  while (!next.done) {
    let loss: MaybePromise<number>;
    try {
      loss = value(next.value);
    } catch (error) {
      next = inquiry.throw(error);
      continue;
    }
    if (isPromise(loss)) return answerLater(inquiry, loss, value);
    next = inquiry.next(loss);
  }
  return next.value;
}

async function answerLater<T>(
  inquiry: Inquiry<T>,
  first: Promise<number>,
  value: (point: Float64Array) => MaybePromise<number>,
): Promise<T> {
  let next = await answered(inquiry, () => first);
  while (!next.done) {
    const point = next.value;
    next = await answered(inquiry, () => value(point));
  }
  return next.value;
}

async function answered<T>(
  inquiry: Inquiry<T>,
  evaluate: () => MaybePromise<number>,
): Promise<IteratorResult<Float64Array, T>> {
  let loss: number;
  try {
    loss = await evaluate();
  } catch (error) {
    return inquiry.throw(error);
  }
  return inquiry.next(loss);
}
