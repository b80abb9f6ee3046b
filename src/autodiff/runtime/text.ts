import { Traced } from '../traced';
import { toPrimitive } from './coerce';

/** `${value}`: ToString, with traced values as their numbers, also in arrays. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Traced) return value.toString();
  const primitive = toPrimitive(value, 'string');
  return primitive instanceof Traced ? primitive.toString() : `${primitive as string}`;
}

const beingJoined = new Set<ArrayLike<unknown>>();

/** Array.prototype.join, which leaves out what refers back to itself. */
export function joined(array: ArrayLike<unknown>, separator: string): string {
  if (beingJoined.has(array)) return '';
  beingJoined.add(array);
  try {
    let result = '';
    for (let i = 0; i < array.length; i++) {
      if (i > 0) result += separator;
      const element = array[i];
      if (element !== undefined && element !== null) result += text(element);
    }
    return result;
  } finally {
    beingJoined.delete(array);
  }
}
