/** Ascending coordinates, described without a number for each of many: some evenly spread over the vector, and others. */
export interface SpreadCoordinates {
  readonly dim: number;
  /** The number of evenly spread ones. The k-th of n is round(k (dim − 1)/(n − 1)), from 0 on; if n = 1, it is 0. */
  readonly spread: number;
  /** Ascending; none of them is among the evenly spread ones. */
  readonly others: readonly number[];
}

/** The k-th of n evenly spread coordinates, from 0 on. */
export function spreadCoordinate(k: number, n: number, dim: number): number {
  return n === dim ? k : n === 1 ? 0 : Math.round((k * (dim - 1)) / (n - 1));
}

/** Describes ascending coordinates: as evenly spread ones if they are, else one by one. */
export function spreadOf(coordinates: readonly number[], dim: number): SpreadCoordinates {
  const n = coordinates.length;
  const isSpread = coordinates.every((coordinate, k) => coordinate === spreadCoordinate(k, n, dim));
  return isSpread ? { dim, spread: n, others: [] } : { dim, spread: 0, others: coordinates };
}

/** The coordinates of a description, ascending. */
export function spreadOut({ dim, spread, others }: SpreadCoordinates): number[] {
  const even = Array.from({ length: spread }, (_, k) => spreadCoordinate(k, spread, dim));
  return others.length === 0 ? even : [...even, ...others].sort((a, b) => a - b);
}

/** Answers about such coordinates, in time and memory that do not depend on the number of the evenly spread ones. */
export class CoordinateSet {
  readonly length: number;
  readonly #of: SpreadCoordinates;
  readonly #others: ReadonlySet<number>;

  constructor(of: SpreadCoordinates) {
    this.#of = of;
    this.#others = new Set(of.others);
    this.length = of.spread + of.others.length;
  }

  has(coordinate: number): boolean {
    const { dim, spread } = this.#of;
    if (this.#others.has(coordinate)) return true;
    if (spread === 0 || !Number.isInteger(coordinate) || coordinate < 0 || coordinate >= dim) return false;
    const near = spread === 1 ? 0 : Math.round((coordinate * (spread - 1)) / Math.max(1, dim - 1));
    return spreadCoordinate(near, spread, dim) === coordinate;
  }

  /** The first `count` of them; fewer if there are not as many. */
  first(count: number): number[] {
    const { dim, spread, others } = this.#of;
    const even = Array.from({ length: Math.min(count, spread) }, (_, k) => spreadCoordinate(k, spread, dim));
    return [...even, ...others].sort((a, b) => a - b).slice(0, count);
  }

  /** `count` of them, evenly spread; all if there are not as many. */
  evenly(count: number): number[] {
    const { dim, spread } = this.#of;
    if (this.length <= count) return this.first(count);
    const all = spread < count ? this.first(this.length) : null;
    return Array.from({ length: count }, (_, k) => {
      const at = spreadCoordinate(k, count, all?.length ?? spread);
      return all ? all[at]! : spreadCoordinate(at, spread, dim);
    });
  }
}
