import type { Quantities } from '../core/trace/quantities';
import type { Trace } from '../core/trace/trace';

/** The values of a coordinate that the run did not record, from a repetition of the run: of consecutive steps, or every k-th one. */
export interface PickedHistory {
  /** Its layout has this coordinate only. */
  readonly trace: Trace;
  readonly quantities: Quantities;
}

/** The values of a coordinate at some steps, as a file stores them. */
export interface PickedValues {
  readonly coordinate: number;
  /** Ascending. */
  readonly steps: Float64Array;
  /** Shape [steps, names]: those of `recordedNames`. */
  readonly values: Float64Array;
}
