/**
 * The mean of some values, and its standard error if they are independent: their standard deviation divided by √n.
 *
 * @param values  shape [n], n > 1
 */
export function meanWithError(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const count = values.length;
  const mean = values.reduce((sum, each) => sum + each / count, 0);
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (count - 1) / count) };
}
