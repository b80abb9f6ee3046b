/** What an annotated type says about a value, as far as it decides whether the value can be a parameter vector. */
export type PythonType =
  | { readonly kind: 'number' }
  /** `int` and the integers of numpy: a result, but no parameter that is optimized. */
  | { readonly kind: 'integer' }
  /** An array of numpy or jax, or a tensor. */
  | { readonly kind: 'tensor' }
  /** A list or tuple. `arity`: the length of a tuple, null if it is not fixed. */
  | { readonly kind: 'list'; readonly ofNumbers: boolean; readonly arity: number | null }
  | DictType
  /** None, a string, a bool, a function, … */
  | { readonly kind: 'other' }
  /** A type of another module, or one that is not read. */
  | { readonly kind: 'unknown' };

export interface DictType {
  readonly kind: 'dict';
  readonly names: readonly string[];
  readonly optional: readonly string[];
  /** Whether it may have other names. */
  readonly isOpen: boolean;
}

export const unknownType: PythonType = { kind: 'unknown' };
export const otherType: PythonType = { kind: 'other' };

/** Whether a type is an array, or a list of floats. */
export function isVector(type: PythonType): boolean {
  return type.kind === 'tensor' || (type.kind === 'list' && type.ofNumbers);
}

/** Whether a function with this result returns a number, or an array that may contain one. */
export function returnsNumber({ kind }: PythonType): boolean {
  return kind === 'number' || kind === 'integer' || kind === 'tensor';
}
