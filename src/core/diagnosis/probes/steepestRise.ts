import type { RunObserver } from '../../runLoop';
import type { StepView } from '../../update';

/** The points before and after the step that raised the loss most. */
export interface Rise {
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** L(to) − L(from). */
  readonly size: number;
  /** The step that led from one to the other. */
  readonly t: number;
}

/** Keeping the points of every step of a larger run would slow it down. */
const mostCoordinates = 10_000;

/** Finds the step of a run that raised the loss most. Losses that are not finite are skipped. */
export class SteepestRise implements RunObserver {
  #before = new Float64Array(0);
  #lossBefore = Number.NaN;
  #rise: Rise | null = null;

  onStep({ t, loss, before }: StepView): void {
    if (before.length > mostCoordinates) return;
    const size = loss - this.#lossBefore;
    if (Number.isFinite(size) && size > (this.#rise?.size ?? 0))
      this.#rise = { from: this.#before.slice(), to: before.slice(), size, t: t - 1 };
    if (this.#before.length === 0) this.#before = new Float64Array(before.length);
    this.#before.set(before);
    this.#lossBefore = loss;
  }

  /** null if the loss never rose, or the run is too large. */
  get found(): Rise | null {
    return this.#rise;
  }
}
