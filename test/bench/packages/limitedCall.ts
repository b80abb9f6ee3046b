import { Script } from 'node:vm';

const key = Symbol.for('adamscope.bench.call');
const script = new Script('globalThis[Symbol.for("adamscope.bench.call")]()');

/** What a call gave. */
export type Outcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: string }
  | { readonly kind: 'unended' };

/** How many elements of a generator are read. */
const mostElements = 10;

/** Ends a call that takes too long. Code in `finally` does not run then. */
export function limitedCall(call: () => unknown, limitMs: number): Outcome {
  (globalThis as Record<symbol, unknown>)[key] = () => read(call());
  try {
    return { kind: 'returned', value: script.runInThisContext({ timeout: limitMs }) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return { kind: 'unended' };
    return { kind: 'threw', error: error instanceof Error ? error.constructor.name : typeof error };
  }
}

/** The elements of a generator instead of the generator. */
function read(result: unknown): unknown {
  if (Object.prototype.toString.call(result) !== '[object Generator]') return result;
  const elements: unknown[] = [];
  for (const each of result as Iterable<unknown>) if (elements.push(each) >= mostElements) break;
  return elements;
}
