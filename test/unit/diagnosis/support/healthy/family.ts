import type { Objective } from '../../../../../src/core/objective';
import type { Problem } from '../problems';

/** A loss with all the properties from which a suitable learning rate is chosen. */
export interface Family {
  readonly name: string;
  readonly problem: Problem;
  /** The least possible full-batch loss. */
  readonly least: number;
  /** The largest distance of a coordinate from its minimum. */
  readonly distance: number;
  /** An upper bound on the curvature along the path, and a lower bound at the minimum. */
  readonly steepest: number;
  readonly flattest: number;
  /** null: the loss has no samples. */
  readonly samples: number | null;
  readonly validation?: Objective['value'];
}
