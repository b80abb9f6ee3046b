import { type AdamScalars, adamLoop } from './adamLoop';
import { createWasmKernel } from './adamWasm';

export { type AdamScalars, adamLoop } from './adamLoop';

/** The state vectors of one Adam optimizer and the fastest available loop for them. */
export interface AdamKernel {
  readonly m: Float64Array;
  readonly v: Float64Array;
  readonly vMax: Float64Array | null;
  /**
   * Allocates a zero vector [dim] for params or grad, on which `step` is fastest. At most two fit into the kernel's memory;
   * further ones are ordinary arrays.
   */
  vector(): Float64Array;
  /** Makes one step. Writes params, m, v and vMax in place. The result does not depend on the memory of params and grad. */
  step(params: Float64Array, grad: Float64Array, s: AdamScalars): void;
}

/** Below this dimension the call into WebAssembly costs more time than it saves. */
const smallestWasmDim = 16;

export function createAdamKernel(dim: number, amsgrad: boolean): AdamKernel {
  return (dim < smallestWasmDim ? null : createWasmKernel(dim, amsgrad)) ?? createPlainKernel(dim, amsgrad);
}

export function createPlainKernel(dim: number, amsgrad: boolean): AdamKernel {
  const m = new Float64Array(dim);
  const v = new Float64Array(dim);
  const vMax = amsgrad ? new Float64Array(dim) : null;
  return {
    m,
    v,
    vMax,
    vector: () => new Float64Array(dim),
    step: (params, grad, s) => adamLoop(params, grad, m, v, vMax, s),
  };
}
