import { type AdamScalars, adamLoop } from './adamLoop';
import { createWasmKernel } from './adamWasm';

export { type AdamScalars, adamLoop } from './adamLoop';

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

/** Below it the call into WebAssembly costs more than it saves. */
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
