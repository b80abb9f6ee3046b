import wasm from './adam.wat';
import type { AdamKernel } from './adamKernel';
import { adamLoop } from './adamLoop';
import { VectorMemory } from './vectorMemory';
import {
  type WebAssemblyApi,
  type WebAssemblyMemory,
  type WebAssemblyModule,
  webAssembly,
} from './webAssembly';

/** The scalars are at the start of the memory, so that no vector is at offset 0, which means "no vector". */
const scalarCount = 9;
const scalarBytes = scalarCount * Float64Array.BYTES_PER_ELEMENT;

/** The export of adam.wat. All arguments except the second are offsets into the memory. */
type Step = (
  scalars: number,
  bytes: number,
  params: number,
  grad: number,
  m: number,
  v: number,
  vMax: number,
) => void;

let compiled: WebAssemblyModule | undefined;

function instantiate(api: WebAssemblyApi, memory: WebAssemblyMemory): Step {
  compiled ??= new api.Module(wasm);
  return (new api.Instance(compiled, { adam: { memory } }).exports as { readonly step: Step }).step;
}

/**
 * A kernel whose vectors are in one WebAssembly memory.
 *
 * @returns null if WebAssembly or its SIMD is missing, if the memory cannot be allocated (at most 4 GiB), or
 *   if dim is 0
 */
export function createWasmKernel(dim: number, amsgrad: boolean): AdamKernel | null {
  const api = webAssembly();
  if (!api) return null;
  const memory = VectorMemory.create(dim, scalarBytes, amsgrad ? 6 : 5);
  if (!memory) return null;
  try {
    return kernelIn(memory, amsgrad, instantiate(api, memory.memory));
  } catch {
    return null;
  }
}

// Variables of a function instead of fields of a class: the engine then inlines the call of the export, which
// halves its cost.
function kernelIn(memory: VectorMemory, amsgrad: boolean, wasmStep: Step): AdamKernel {
  const { bytes } = memory;
  const scalars = new Float64Array(memory.memory.buffer, 0, scalarCount);
  const m = memory.vector();
  const v = memory.vector();
  const first = memory.vector();
  const second = memory.vector();
  const third = memory.vector();
  const vMax = amsgrad ? memory.vector() : null;
  const mAt = m.byteOffset;
  const vAt = v.byteOffset;
  const firstAt = first.byteOffset;
  const secondAt = second.byteOffset;
  const thirdAt = third.byteOffset;
  const vMaxAt = vMax?.byteOffset ?? 0;
  let given = 0;

  return {
    m,
    v,
    vMax,
    vector() {
      given++;
      if (given === 1) return first;
      if (given === 2) return second;
      return given === 3 ? third : memory.vector();
    },
    step(params, grad, s) {
      // Compares the arrays by identity: reading the buffer or the offset of a typed array takes as long as
      // the call. For another view of the memory, the last pair would be written past its end.
      if ((params !== first && params !== second) || (grad !== first && grad !== second && grad !== third)) {
        adamLoop(params, grad, m, v, vMax, s);
        return;
      }
      scalars[0] = s.decay;
      scalars[1] = s.l2;
      scalars[2] = s.beta1;
      scalars[3] = 1 - s.beta1;
      scalars[4] = s.beta2;
      scalars[5] = 1 - s.beta2;
      scalars[6] = s.stepSize;
      scalars[7] = s.eps;
      scalars[8] = s.maxDivisor;
      const paramsAt = params === first ? firstAt : secondAt;
      const gradAt = grad === second ? secondAt : grad === third ? thirdAt : firstAt;
      wasmStep(0, bytes, paramsAt, gradAt, mAt, vAt, vMaxAt);
    },
  };
}
