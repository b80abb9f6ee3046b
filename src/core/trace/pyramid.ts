/** The number of values in the smallest stored block. Smaller ranges are read value by value. */
const baseSize = 16;

/** The smallest and the largest finite value of a range, and its number of non-finite values. */
export interface Extent {
  min: number;
  max: number;
  nonFinite: number;
}

export function emptyExtent(): Extent {
  return { min: Number.NaN, max: Number.NaN, nonFinite: 0 };
}

/**
 * Minima and maxima of blocks of 16, 32, 64, … values of a growing sequence, so that the extent of any range
 * is found in O(log n). Appending is O(1) on average. The memory is 3/8 of a number per value.
 */
export class MinMaxPyramid {
  readonly #levels: Level[] = [new Level()];
  readonly #open = emptyExtent();
  #openCount = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(value: number): void {
    include(this.#open, value);
    this.#length++;
    if (++this.#openCount < baseSize) return;
    this.#push(0, this.#open.min, this.#open.max, this.#open.nonFinite);
    this.#open.min = Number.NaN;
    this.#open.max = Number.NaN;
    this.#open.nonFinite = 0;
    this.#openCount = 0;
  }

  /**
   * The extent of the values [from, to), into `out`.
   *
   * @param valueAt  reads one value, for the ends of the range that are not whole blocks
   */
  extent(from: number, to: number, valueAt: (index: number) => number, out: Extent): void {
    out.min = Number.NaN;
    out.max = Number.NaN;
    out.nonFinite = 0;
    let i = from;
    while (i < to) {
      let level = -1;
      let size = baseSize;
      while (
        level + 1 < this.#levels.length &&
        i % size === 0 &&
        i + size <= to &&
        i / size < this.#levels[level + 1]!.length
      ) {
        level++;
        size *= 2;
      }
      if (level < 0) {
        include(out, valueAt(i));
        i++;
      } else {
        const step = size / 2;
        this.#levels[level]!.include(i / step, out);
        i += step;
      }
    }
  }

  #push(level: number, min: number, max: number, nonFinite: number): void {
    if (level === this.#levels.length) this.#levels.push(new Level());
    const blocks = this.#levels[level]!;
    blocks.push(min, max, nonFinite);
    if (blocks.length % 2 === 0) {
      const pair = emptyExtent();
      blocks.include(blocks.length - 2, pair);
      blocks.include(blocks.length - 1, pair);
      this.#push(level + 1, pair.min, pair.max, pair.nonFinite);
    }
  }
}

class Level {
  length = 0;
  #blocks = new Float64Array(3 * 8);

  push(min: number, max: number, nonFinite: number): void {
    if (3 * this.length === this.#blocks.length) {
      const larger = new Float64Array(2 * this.#blocks.length);
      larger.set(this.#blocks);
      this.#blocks = larger;
    }
    this.#blocks[3 * this.length] = min;
    this.#blocks[3 * this.length + 1] = max;
    this.#blocks[3 * this.length + 2] = nonFinite;
    this.length++;
  }

  include(block: number, out: Extent): void {
    const min = this.#blocks[3 * block]!;
    const max = this.#blocks[3 * block + 1]!;
    if (!(out.min <= min)) out.min = Number.isNaN(min) ? out.min : min;
    if (!(out.max >= max)) out.max = Number.isNaN(max) ? out.max : max;
    out.nonFinite += this.#blocks[3 * block + 2]!;
  }
}

function include(out: Extent, value: number): void {
  if (!Number.isFinite(value)) {
    out.nonFinite++;
    return;
  }
  if (!(out.min <= value)) out.min = value;
  if (!(out.max >= value)) out.max = value;
}
