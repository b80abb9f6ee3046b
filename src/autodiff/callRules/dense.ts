/** A matrix of shape [n, n] as rows. */
export type Rows = readonly (readonly number[])[];

/**
 * The inverse of a matrix by Gauss-Jordan elimination with partial pivoting.
 *
 * @returns null if a pivot is 0 or not finite
 */
export function inverseOf(matrix: Rows): number[][] | null {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < n; k++) {
    const pivotRow = largestBelow(rows, k);
    [rows[k], rows[pivotRow]] = [rows[pivotRow]!, rows[k]!];
    const pivot = rows[k]![k]!;
    if (pivot === 0 || !Number.isFinite(pivot)) return null;
    rows[k] = rows[k]!.map((each) => each / pivot);
    for (let i = 0; i < n; i++) {
      const factor = rows[i]![k]!;
      if (i !== k && factor !== 0) rows[i] = rows[i]!.map((each, j) => each - factor * rows[k]![j]!);
    }
  }
  return rows.map((row) => row.slice(n));
}

/** The determinant by Gaussian elimination with partial pivoting; 1 for the empty matrix. */
export function determinantOf(matrix: Rows): number {
  const rows = matrix.map((row) => [...row]);
  let product = 1;
  for (let k = 0; k < rows.length; k++) {
    const pivotRow = largestBelow(rows, k);
    if (pivotRow !== k) product = -product;
    [rows[k], rows[pivotRow]] = [rows[pivotRow]!, rows[k]!];
    const pivot = rows[k]![k]!;
    product *= pivot;
    if (pivot === 0) return product;
    for (let i = k + 1; i < rows.length; i++) {
      const factor = rows[i]![k]! / pivot;
      rows[i] = rows[i]!.map((each, j) => each - factor * rows[k]![j]!);
    }
  }
  return product;
}

/** The derivative of the determinant by the element (i, j): the determinant without its row and column, with its sign. */
export function cofactorOf(matrix: Rows, i: number, j: number): number {
  const minor = matrix.filter((_, row) => row !== i).map((row) => row.filter((_, column) => column !== j));
  return ((i + j) % 2 === 0 ? 1 : -1) * determinantOf(minor);
}

/** The row from k on with the largest element in column k. */
function largestBelow(rows: Rows, k: number): number {
  let found = k;
  for (let i = k + 1; i < rows.length; i++)
    if (Math.abs(rows[i]![k]!) > Math.abs(rows[found]![k]!)) found = i;
  return found;
}
