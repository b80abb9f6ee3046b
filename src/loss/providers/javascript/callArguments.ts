import type { CallForm } from '../../../core/callForm';
import type { EvaluationContext } from '../../../core/objective';

/** A loss, its gradient or its validation loss as the user exports it. */
export type UserFunction = (...args: unknown[]) => unknown;

/**
 * Calls a function with a vector.
 *
 * @param elements  the coordinates, numbers or traced values: a new plain array, which the function may keep; for a function of a
 *   typed vector also a typed one, which is copied
 */
export type VectorCall = (elements: unknown[] | Float64Array, context: EvaluationContext) => unknown;

/** The classes of which typed parameters are: those of the engine, or those that hold traced values. */
interface VectorArrays {
  readonly Float64Array: new (elements: never) => unknown;
  readonly Float32Array: new (elements: never) => unknown;
}

// Captured, because the user's code may replace it.
const { apply } = Reflect;

/** The call of a function in its form. The only place that makes arguments from a vector. */
export function vectorCall(target: UserFunction, form: CallForm, arrays: VectorArrays): VectorCall {
  const { vector } = form;
  const asks = asksForContext(target, form);
  const passing = (argument: (elements: unknown[] | Float64Array) => unknown): VectorCall =>
    asks
      ? (elements, context) => target(argument(elements), context)
      : (elements) => target(argument(elements));
  switch (vector.kind) {
    case 'array':
      return passing((elements) => elements);
    case 'Float64Array':
    case 'Float32Array': {
      const Vector = arrays[vector.kind];
      return passing((elements) => new Vector(elements as never));
    }
    case 'object':
      return passing((elements) => objectOf(vector.names, elements as unknown[]));
    case 'numbers':
    case 'rest':
      return (elements, context) => {
        if (asks) (elements as unknown[])[elements.length] = context;
        return apply(target, undefined, elements);
      };
    default:
      return vector satisfies never;
  }
}

/** Whether a function gets the context. A wrapper, `(...args) => f(...args)`, requires no argument and gets it. */
export function asksForContext(target: UserFunction, { context }: CallForm): boolean {
  return context === 'unless-one' ? target.length !== 1 : context !== false;
}

function objectOf(names: readonly string[], elements: readonly unknown[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (let i = 0; i < names.length; i++) object[names[i]!] = elements[i];
  return object;
}
