import type { Quantities } from '../core/trace/quantities';
import type { Trace } from '../core/trace/trace';

/** The values of a coordinate that the run did not record, from a repetition of the run: of consecutive steps, or every k-th one. */
export interface PickedHistory {
  /** Its layout has this coordinate only. */
  readonly trace: Trace;
  readonly quantities: Quantities;
}
