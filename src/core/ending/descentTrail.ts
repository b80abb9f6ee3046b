import { norm2 } from '../numerics/norms';

/** A lowest loss so far. */
interface Low {
  readonly loss: number;
  /** log10 of the largest distance from the origin of the trail so far, and of the largest gradient norm. */
  readonly distance: number;
  readonly gradient: number;
}

/** Decades of the distance that a loss must fall over to count as unbounded; the first one still belongs to the run. */
const farDecades = [1, 6] as const;
/** Decades of the gradient norm, for a pole: a loss such as √x has an infinite slope, too, but falls by less and less. */
const steepDecades = [1, 8] as const;
/** The decrease over the second half of the decades must be at least this share of that over the first half. */
const steady = 0.8;
/** A loss whose numbers overflow has no bound only if it fell until then over this many times the path of the run. */
const leastOverflow = 10;
/** At a minimum, the slope at the end is below this share of the mean slope. */
const flattened = 0.5;

/** The ever lower losses of a descent from the end of a run. */
export class DescentTrail {
  readonly #origin: Float64Array;
  readonly #unit: number;
  readonly #lows: Low[] = [];
  #lastGradient = 0;

  /**
   * @param origin  the last point of the run, shape [dim]
   * @param unit    the distance between the first and the last point of the run
   */
  constructor(origin: Float64Array, unit: number) {
    this.#origin = origin;
    this.#unit = unit;
  }

  get lowest(): number {
    return this.#lows.at(-1)?.loss ?? Number.POSITIVE_INFINITY;
  }

  /** The largest distance of a lowest point from the origin, relative to the unit. */
  get distance(): number {
    return 10 ** (this.#lows.at(-1)?.distance ?? Number.NEGATIVE_INFINITY);
  }

  /** Receives an evaluation; only lower losses than before count. */
  push(params: Float64Array, loss: number, grad: Float64Array): void {
    if (!(loss < this.lowest)) return;
    const before = this.#lows.at(-1);
    const distance = Math.log10(norm2(params.map((each, i) => each - this.#origin[i]!)) / this.#unit);
    const size = norm2(grad);
    this.#lastGradient = size;
    this.#lows.push({
      loss,
      distance: Math.max(distance, before?.distance ?? Number.NEGATIVE_INFINITY),
      gradient: Math.max(Math.log10(size), before?.gradient ?? Number.NEGATIVE_INFINITY),
    });
  }

  /** Whether the loss falls at least like −log of the distance, over five decades up to a million times the path of the run. */
  get fallsWithDistance(): boolean {
    const [from, to] = farDecades;
    return this.#isSteady((low) => low.distance, from, to);
  }

  /**
   * Whether the loss falls at least like −log of its gradient norm, over seven decades: it approaches a pole, as log σ does
   * for σ → 0.
   */
  get fallsWithGradient(): boolean {
    const [from, to] = steepDecades;
    const first = this.#lows[0]?.gradient ?? 0;
    return !this.#isFlattened && this.#isSteady((low) => low.gradient, first + from, first + to);
  }

  /** Whether the loss fell in proportion to the distance, over ten times the path of the run, and still does at the end. */
  get fallsInProportion(): boolean {
    const { distance } = this;
    const isFar = distance >= leastOverflow;
    return isFar && !this.#isFlattened && this.#isSteady((low) => 10 ** low.distance, 1, distance);
  }

  /** Whether the slope at the end is small against the mean slope, as at a minimum. */
  get #isFlattened(): boolean {
    const [first] = this.#lows;
    if (!first) return true;
    return this.#lastGradient < (flattened * (first.loss - this.lowest)) / (this.distance * this.#unit);
  }

  #isSteady(scale: (low: Low) => number, from: number, to: number): boolean {
    const [start, middle, end] = [from, (from + to) / 2, to].map((at) => this.#lossAt(scale, at)) as [
      number | null,
      number | null,
      number | null,
    ];
    if (start === null || middle === null || end === null) return false;
    return middle < start && middle - end >= steady * (start - middle);
  }

  /** The loss where the scale has a value, on lines between the #lows; null if it does not reach it. */
  #lossAt(scale: (low: Low) => number, at: number): number | null {
    const k = this.#lows.findIndex((low) => scale(low) >= at);
    if (k < 0) return null;
    const after = this.#lows[k]!;
    const before = this.#lows[k - 1];
    if (!before || !Number.isFinite(scale(before))) return after.loss;
    const share = (at - scale(before)) / (scale(after) - scale(before));
    return before.loss + share * (after.loss - before.loss);
  }
}
