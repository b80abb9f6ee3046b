/** A column that depends on earlier ones keeps less than this share of its length. */
const dependent = 1e-9;

/**
 * Linear least squares by modified Gram-Schmidt. Columns that depend on earlier ones get the coefficient 0.
 */
export class LeastSquares {
  readonly #count: number;
  readonly #kept: { readonly index: number; readonly unit: Float64Array; readonly row: number[] }[] = [];

  /** @param columns  at least one, each of shape [rows] */
  constructor(columns: readonly Float64Array[]) {
    this.#count = columns.length;
    for (const [index, column] of columns.entries()) {
      const rest = column.slice();
      const length = norm(rest);
      const row = this.#project(rest);
      const left = norm(rest);
      if (!(left > dependent * length)) continue;
      this.#kept.push({ index, unit: rest.map((x) => x / left), row: [...row, left] });
    }
  }

  /** The coefficients of the columns whose combination is nearest to `wanted`, shape [columns]. */
  solve(wanted: Float64Array): number[] {
    const coefficients = new Array<number>(this.#count).fill(0);
    const projected = this.#project(wanted.slice());
    for (let j = this.#kept.length - 1; j >= 0; j--) {
      const { index, row } = this.#kept[j]!;
      const coefficient = projected[j]! / row[j]!;
      coefficients[index] = coefficient;
      for (let i = 0; i < j; i++) projected[i]! -= coefficient * row[i]!;
    }
    return coefficients;
  }

  /** Removes the kept columns from a vector; returns its products with them. */
  #project(rest: Float64Array): number[] {
    return this.#kept.map(({ unit }) => {
      const product = unit.reduce((sum, u, i) => sum + u * rest[i]!, 0);
      for (let i = 0; i < rest.length; i++) rest[i]! -= product * unit[i]!;
      return product;
    });
  }
}

function norm(vector: Float64Array): number {
  return Math.hypot(...vector);
}
