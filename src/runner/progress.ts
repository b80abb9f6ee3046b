import { type Direction, isBetter } from '../core/ascent';
import {
  extraPlace,
  layoutDirection,
  recordOffset,
  recordPlaces,
  type StepLayout,
} from '../core/trace/layout';
import { verdictOfCutRun } from '../core/verdict/cutRun';
import type { OutcomeMessage } from '../protocol/worker';

/** The position of a record in an array that is not modified; null for the start of the run. */
type Place = { readonly data: Float64Array; readonly offset: number } | null;

/**
 * Computes the outcome of a run from its records, for a run that ended before it could report its outcome.
 */
export class Progress {
  readonly #layout: StepLayout;
  readonly #start: readonly number[];
  /** The index of the watched loss in a record; -1 if there is none. */
  readonly #watched: number;
  readonly #direction: Direction;
  #last: Place = null;
  #best: Place = null;
  #bestLoss = Number.NaN;
  #bestT = 0;

  /** @param start  theta_0, shape [dim] */
  constructor(layout: StepLayout, start: readonly number[]) {
    this.#layout = layout;
    this.#start = start;
    this.#watched = extraPlace(layout, 'watched');
    this.#direction = layoutDirection(layout);
  }

  /** Receives the record in `data` at `offset`, with ascending t, and keeps the array. */
  onRecord(data: Float64Array, offset: number): void {
    const t = data[offset + recordPlaces.t]!;
    // The watched loss is evaluated at the point after the step, the loss at the point before the step.
    const isWatched = this.#watched >= 0;
    const loss = data[offset + (isWatched ? this.#watched : recordPlaces.loss)]!;
    const before = this.#last;
    this.#last = { data, offset };
    if (
      isBetter(loss, this.#bestLoss, this.#direction) ||
      (Number.isNaN(this.#bestLoss) && !Number.isNaN(loss))
    ) {
      const isAfter = isWatched && before !== null;
      this.#bestLoss = loss;
      this.#best = isAfter ? this.#last : before;
      this.#bestT = isAfter ? t : t - 1;
    }
  }

  /** The outcome so far. The loss at the final point is NaN, because it is not known. */
  outcome(stopped: OutcomeMessage['stopped']): OutcomeMessage {
    const steps = this.#last === null ? 0 : this.#last.data[this.#last.offset + recordPlaces.t]!;
    return {
      steps,
      stopped,
      final: { params: this.#params(this.#last), loss: Number.NaN, gradNorm: Number.NaN },
      best: { params: this.#params(this.#best), loss: this.#bestLoss, t: this.#bestT },
      verdict: verdictOfCutRun({
        steps,
        stopped,
        bestLoss: this.#bestLoss,
        bestT: this.#bestT,
        maximize: this.#direction === -1,
      }),
    };
  }

  /** The parameters, shape [dim]; NaN for coordinates that are not recorded. */
  #params(place: Place): Float64Array {
    const { dim, coordinates } = this.#layout;
    if (place === null) return Float64Array.from(this.#start);
    const params = new Float64Array(dim).fill(Number.NaN);
    const from = place.offset + recordOffset(this.#layout, 'params');
    coordinates.forEach((c, k) => {
      params[c] = place.data[from + k]!;
    });
    return params;
  }
}
