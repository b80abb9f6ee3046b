/** Finite, unless the second argument is 0. */
export function ratio(a: number, b: number): number {
  return a / b;
}
