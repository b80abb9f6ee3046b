import type { AdamKernel } from './adamKernel';
import { adamLoop } from './adamLoop';
import { createWasmKernel } from './adamWasm';

/** Below this dim, the call into WebAssembly costs more than it saves. */
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
