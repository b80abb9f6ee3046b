/** What is recorded of each tensor, in the order of a row. Formulas: `docs/run-format.md`. */
export const tensorColumns = [
  'gradNorm',
  'paramNorm',
  'mNorm',
  'vNorm',
  'updateNorm',
  'updateRatio',
  'effectiveLr5',
  'effectiveLr50',
  'effectiveLr95',
  'epsShare',
  'rmsT',
  'snr',
  'zeros',
  'nonFinite',
  'unmoved',
] as const;
export type TensorColumn = (typeof tensorColumns)[number];

/** What is recorded of the tensors at a step. */
export interface TensorRow {
  readonly t: number;
  /** Shape [tensors, columns], NaN for a tensor without a gradient. */
  readonly values: Float32Array;
}

const defaultBudget = 64 * 2 ** 20;

/**
 * The rows of a recording in order of their steps. Above `budget` bytes only every k-th row is kept, k = 2, 4, …, so that a recording of
 * any length fits.
 */
export class TensorHistory {
  readonly tensors: number;
  readonly #mostRows: number;
  #rows: TensorRow[] = [];
  #stride = 1;
  #seen = 0;
  #last: TensorRow | null = null;

  constructor(tensors: number, budget = defaultBudget) {
    this.tensors = tensors;
    this.#mostRows = Math.max(64, Math.floor(budget / (4 * tensorColumns.length * Math.max(1, tensors))));
  }

  add(row: TensorRow): void {
    this.#last = row;
    if (this.#seen++ % this.#stride !== 0) return;
    this.#rows.push(row);
    if (this.#rows.length <= this.#mostRows) return;
    this.#rows = this.#rows.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
  }

  /** The kept rows. The last one is the newest, kept by its number or not. */
  get rows(): readonly TensorRow[] {
    const last = this.#last;
    return last === null || this.#rows.at(-1) === last ? this.#rows : [...this.#rows, last];
  }

  /** The kept row whose step is nearest to `step`; null if there is none. */
  nearest(step: number): TensorRow | null {
    let best: TensorRow | null = null;
    for (const row of this.rows) if (!best || Math.abs(row.t - step) <= Math.abs(best.t - step)) best = row;
    return best;
  }
}

/** A value of a row. */
export function tensorValue({ values }: TensorRow, tensor: number, column: TensorColumn): number {
  return values[tensor * tensorColumns.length + tensorColumns.indexOf(column)]!;
}
