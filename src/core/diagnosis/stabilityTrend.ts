import { extraPlace, recordPlaces } from '../trace/layout';
import type { Quantities } from '../trace/quantities';
import type { Trace } from '../trace/trace';
import { crossingAhead, mostPoints, type StabilityPoint } from './outlook';
import { matters } from './terms/rebound';

/** Whether and when the run reaches its stability limit. */
export interface StabilityOutlook {
  /**
   * The step of the sample since which the value is above its limit, if it is above it now, or the step at which the run is
   * predicted to cross it; else NaN.
   */
  readonly unstableAt: number;
  /**
   * The expected rebound of the loss after that; infinite if it has no bound; NaN if it is too small to
   * report.
   */
  readonly rebound: number;
}

/** Reads the recorded preconditioned sharpness row by row and keeps the samples that the outlook needs. */
export class StabilityTrend {
  readonly #trace: Trace;
  readonly #place: number;
  readonly #limit: (row: number) => number;
  readonly #ageAt: (row: number) => number;
  readonly #settledAge: (row: number) => number;
  readonly #phaseAt: (row: number) => number;
  /** The last samples after the initial phase, without a gap, oldest first. */
  readonly #points: StabilityPoint[] = [];
  #held = Number.NaN;
  #phase = 0;
  /** The step of the first of the last samples above the limit; NaN while the value is below the limit. */
  #since = Number.NaN;
  #seenSteps = 0;

  /** @param trace  of a run that records the preconditioned sharpness */
  constructor(trace: Trace, quantities: Quantities) {
    const { layout } = trace;
    const at = (place: number, otherwise: (row: number) => number) =>
      place < 0 ? otherwise : (row: number) => trace.at(row, place);
    const limit = quantities.reader('stabilityLimit', -1);
    this.#trace = trace;
    this.#place = extraPlace(layout, 'stability');
    this.#limit = (row) => trace.read(row, limit);
    this.#ageAt = at(extraPlace(layout, 'age'), (row) => trace.stepOf(row));
    this.#phaseAt = at(extraPlace(layout, 'phase'), () => 0);
    this.#settledAge = (row) => quantities.settledAge(this.#phaseAt(row));
  }

  /** The state after the last row. */
  get outlook(): StabilityOutlook {
    this.#follow();
    const unstableAt = Number.isNaN(this.#since) ? (crossingAhead(this.#points) ?? Number.NaN) : this.#since;
    return { unstableAt, rebound: Number.isNaN(unstableAt) ? Number.NaN : this.#rebound() };
  }

  /** E at the predicted crossing. P decreases until that step, and E is proportional to P². */
  #rebound(): number {
    const trace = this.#trace;
    const { value, limit } = this.#points.at(-1)!;
    const now = trace.at(trace.rows - 1, extraPlace(trace.layout, 'rebound'));
    const rebound = now * Math.min(1, value / limit) ** 2;
    const won = trace.at(0, recordPlaces.loss) - trace.best.loss;
    return rebound > matters * won ? rebound : Number.NaN;
  }

  #follow(): void {
    const trace = this.#trace;
    for (let row = Math.ceil(this.#seenSteps / trace.stride); row < trace.rows; row++) {
      const value = trace.at(row, this.#place);
      if (value === this.#held) continue;
      this.#take(row, value);
    }
    this.#seenSteps = trace.rows * trace.stride;
  }

  #take(row: number, value: number): void {
    const phase = this.#phaseAt(row);
    if (Number.isNaN(value) || phase !== this.#phase) {
      this.#points.length = 0;
      this.#since = Number.NaN;
    }
    this.#held = value;
    this.#phase = phase;
    if (Number.isNaN(value) || this.#ageAt(row) < this.#settledAge(row)) return;
    const point = { t: this.#trace.stepOf(row), value, limit: this.#limit(row) };
    if (!(value >= point.limit)) this.#since = Number.NaN;
    else if (Number.isNaN(this.#since)) this.#since = point.t;
    this.#points.push(point);
    if (this.#points.length > mostPoints) this.#points.shift();
  }
}
