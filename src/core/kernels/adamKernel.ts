import type { AdamScalars } from './adamLoop';

/** The state vectors of one Adam optimizer and the fastest available loop for them. */
export interface AdamKernel {
  readonly m: Float64Array;
  readonly v: Float64Array;
  readonly vMax: Float64Array | null;
  /**
   * Allocates a zero vector [dim]. `step` is fastest if params is the first one and grad the second or third. Further ones are in the same memory, as far
   * as it has room (`VectorMemory`).
   */
  vector(): Float64Array;
  /**
   * Makes one step. Writes params, m, v and vMax in place. The result does not depend on the memory of params
   * and grad.
   */
  step(params: Float64Array, grad: Float64Array, s: AdamScalars): void;
}
