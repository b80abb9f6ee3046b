import type { Objective } from '../../../../../src/core/objective';
import type { Problem } from '../problems';

/** A loss of which everything is known that a sensible learning rate is chosen by. */
export interface Family {
  readonly name: string;
  readonly problem: Problem;
  /** The least that the loss over all samples can be. */
  readonly least: number;
  /** Largest distance of a coordinate from where it is to go. */
  readonly distance: number;
  /** An upper bound on the curvature on the way, and a lower one at the minimum. */
  readonly steepest: number;
  readonly flattest: number;
  /** null: the loss has no samples. */
  readonly samples: number | null;
  readonly validation?: Objective['value'];
}
