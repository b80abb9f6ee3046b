import type { AdamScalars } from './adamLoop';

/** The state vectors of one Adam and the fastest loop there is for them. */
export interface AdamKernel {
  readonly m: Float64Array;
  readonly v: Float64Array;
  readonly vMax: Float64Array | null;
  /**
   * A vector [dim], zero, for params or grad, which step works on fastest. Two at most have a place in the kernel's
   * memory; further ones are plain.
   */
  vector(): Float64Array;
  /** One step. Writes params, m, v and vMax in place; the result does not depend on where params and grad lie. */
  step(params: Float64Array, grad: Float64Array, s: AdamScalars): void;
}
