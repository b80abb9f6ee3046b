/**
 * A value whose numbers cross to a webview apart, in a Float64Array, because a message converts a plain NaN or infinity to null.
 * In `tree`, every number is its index in `numbers`.
 */
export interface Packed<T> {
  readonly tree: unknown;
  readonly numbers: Float64Array;
  /** Only for the compiler: what `unpacked` returns. */
  readonly of?: T;
}

export function packed<T>(value: T): Packed<T> {
  const numbers: number[] = [];
  const tree = mapped(value, (number) => numbers.push(number) - 1);
  return { tree, numbers: Float64Array.from(numbers) };
}

export function unpacked<T>({ tree, numbers }: Packed<T>): T {
  return mapped(tree, (index) => numbers[index]!) as T;
}

function mapped(value: unknown, change: (number: number) => number): unknown {
  if (typeof value === 'number') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapped(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapped(each, change)]));
}
