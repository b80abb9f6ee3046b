/** One value of a package: that of the package as it is, and that of its rewritten copy. */
export interface Copies<T = unknown> {
  readonly plain: T;
  readonly rewritten: T;
}

export type Copy = keyof Copies;

/** The same for both copies. */
export function both<T>(make: (copy: Copy) => T): Copies<T> {
  return { plain: make('plain'), rewritten: make('rewritten') };
}
