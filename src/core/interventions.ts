import type { RecordedState } from './optimizers/optimizer';

/** A number that the user set between two steps, and from which the run went on. */
export interface Intervention {
  /** After this step, 0-based: 0 is before the first one. */
  readonly t: number;
  /** The parameters, or a state of the optimizer. */
  readonly target: 'params' | RecordedState;
  readonly coordinate: number;
  readonly value: number;
}
