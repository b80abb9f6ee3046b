import { WorkBuffer } from '../runtime/workBuffer';
import { numberOf, Traced } from '../traced';

/** A list whose elements may be traced: an array, or what stands for a typed array. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/**
 * A value with `number` in place of each traced value, in new lists. Lists without traced values and all other
 * values are returned unchanged.
 *
 * @param number  gives the plain number of a traced value
 */
export function withNumbers(value: unknown, number: (leaf: Traced) => number = numberOf): unknown {
  if (value instanceof Traced) return number(value);
  if (!Array.isArray(value)) return value;
  const elements = Array.from(value as unknown[], (each) => withNumbers(each, number));
  if (elements.every((each, i) => Object.is(each, value[i]))) return plainBuffer(value);
  if (!(value instanceof WorkBuffer)) return elements;
  const native = value.native();
  for (let i = 0; i < native.length; i++) native[i] = elements[i] as number;
  return native;
}

/** Code that is not instrumented expects the native typed array. */
function plainBuffer(value: unknown): unknown {
  return value instanceof WorkBuffer ? value.copied() : value;
}

/** The numbers of a result, or the traced values of an argument: those in nested lists, in order. */
export function leavesOf(value: unknown): unknown[] {
  if (!isList(value)) return [value];
  return Array.from(value).flatMap(leavesOf);
}

/** The traced values among arguments, each once. */
export function tracedLeaves(args: readonly unknown[]): Traced[] {
  const found = new Map<number, Traced>();
  for (const each of leavesOf(args)) if (each instanceof Traced) found.set(each.tapeIndex, each);
  return [...found.values()];
}
