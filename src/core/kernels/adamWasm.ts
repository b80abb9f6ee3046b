import wasm from './adam.wat';
import type { AdamKernel } from './adamKernel';
import { adamLoop } from './adamLoop';
import {
  type WebAssemblyApi,
  type WebAssemblyMemory,
  type WebAssemblyModule,
  webAssembly,
} from './webAssembly';

const pageBytes = 65_536;
/**
 * SIMD processes two coordinates at a time, so a vector is padded to whole pairs. It starts at a cache line.
 */
const pairBytes = 16;
const lineBytes = 64;
/** The scalars are at the start of the memory, so that no vector is at offset 0, which means "no vector". */
const scalarBytes = 2 * lineBytes;
const scalarCount = 9;

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
 * A kernel whose vectors are in one WebAssembly memory. Its size is fixed here, because growing a memory
 * detaches its buffer, and a detached buffer slows down every loop over typed arrays in the thread.
 *
 * @returns null if WebAssembly or its SIMD is missing, if the memory cannot be allocated (at most 4 GiB), or
 *   if dim is 0
 */
export function createWasmKernel(dim: number, amsgrad: boolean): AdamKernel | null {
  const api = webAssembly();
  const bytes = Math.ceil((dim * Float64Array.BYTES_PER_ELEMENT) / pairBytes) * pairBytes;
  const stride = Math.ceil(bytes / lineBytes) * lineBytes;
  const pages = Math.ceil((scalarBytes + (amsgrad ? 5 : 4) * stride) / pageBytes);
  if (!api || dim === 0) return null;
  try {
    const memory = new api.Memory({ initial: pages, maximum: pages });
    return kernelIn(memory.buffer, dim, amsgrad, bytes, stride, instantiate(api, memory));
  } catch {
    return null;
  }
}

// Variables of a function instead of fields of a class: the engine then inlines the call of the export, which
// halves its cost.
function kernelIn(
  buffer: ArrayBuffer,
  dim: number,
  amsgrad: boolean,
  bytes: number,
  stride: number,
  wasmStep: Step,
): AdamKernel {
  const at = (index: number) => scalarBytes + index * stride;
  const scalars = new Float64Array(buffer, 0, scalarCount);
  const mAt = at(0);
  const vAt = at(1);
  const firstAt = at(2);
  const secondAt = at(3);
  const vMaxAt = amsgrad ? at(4) : 0;
  const m = new Float64Array(buffer, mAt, dim);
  const v = new Float64Array(buffer, vAt, dim);
  const first = new Float64Array(buffer, firstAt, dim);
  const second = new Float64Array(buffer, secondAt, dim);
  const vMax = amsgrad ? new Float64Array(buffer, vMaxAt, dim) : null;
  let given = 0;

  return {
    m,
    v,
    vMax,
    vector() {
      given++;
      if (given === 1) return first;
      return given === 2 ? second : new Float64Array(dim);
    },
    step(params, grad, s) {
      // Compares the arrays by identity: reading the buffer or the offset of a typed array takes as long as
      // the call. For another view of the memory, the last pair would be written past its end.
      if ((params !== first && params !== second) || (grad !== first && grad !== second)) {
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
      const gradAt = grad === first ? firstAt : secondAt;
      wasmStep(0, bytes, paramsAt, gradAt, mAt, vAt, vMaxAt);
    },
  };
}
