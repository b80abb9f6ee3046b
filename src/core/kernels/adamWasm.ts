import wasm from './adam.wat';
import type { AdamKernel } from './adamKernel';
import { type AdamScalars, adamLoop } from './adamLoop';
import {
  type WebAssemblyApi,
  type WebAssemblyMemory,
  type WebAssemblyModule,
  webAssembly,
} from './webAssembly';

const pageBytes = 65_536;
/** Two coordinates are worked on at a time: a vector is padded to whole pairs, and starts at a cache line. */
const pairBytes = 16;
const lineBytes = 64;
/** The scalars' place is the start of the memory, so that no vector is at 0, which stands for none. */
const scalarBytes = 2 * lineBytes;
const scalarCount = 10;

/** The export of adam.wat. Its arguments but the second are offsets into the memory. */
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
 * A kernel whose vectors lie in one WebAssembly memory, which is sized here and never grows: growing detaches its buffer,
 * and a detached buffer slows every loop over typed arrays in the thread.
 *
 * @returns null where WebAssembly or its SIMD is missing, the memory is not to be had (4 GiB are the most there are), or
 *   dim is 0
 */
export function createWasmKernel(dim: number, amsgrad: boolean): AdamKernel | null {
  const api = webAssembly();
  const bytes = Math.ceil((dim * Float64Array.BYTES_PER_ELEMENT) / pairBytes) * pairBytes;
  const stride = Math.ceil(bytes / lineBytes) * lineBytes;
  const pages = Math.ceil((scalarBytes + (amsgrad ? 5 : 4) * stride) / pageBytes);
  if (!api || dim === 0) return null;
  try {
    const memory = new api.Memory({ initial: pages, maximum: pages });
    return new WasmKernel(dim, bytes, stride, amsgrad, memory.buffer, instantiate(api, memory));
  } catch {
    return null;
  }
}

class WasmKernel implements AdamKernel {
  readonly m: Float64Array;
  readonly v: Float64Array;
  readonly vMax: Float64Array | null;
  readonly #dim: number;
  readonly #bytes: number;
  readonly #buffer: ArrayBuffer;
  readonly #scalars: Float64Array;
  readonly #step: Step;
  /** Where the two vectors for params and grad lie. */
  readonly #first: number;
  readonly #second: number;
  #given = 0;

  constructor(dim: number, bytes: number, stride: number, amsgrad: boolean, buffer: ArrayBuffer, step: Step) {
    const at = (index: number) => scalarBytes + index * stride;
    this.#dim = dim;
    this.#bytes = bytes;
    this.#buffer = buffer;
    this.#scalars = new Float64Array(buffer, 0, scalarCount);
    this.#step = step;
    this.#first = at(0);
    this.#second = at(1);
    this.m = new Float64Array(buffer, at(2), dim);
    this.v = new Float64Array(buffer, at(3), dim);
    this.vMax = amsgrad ? new Float64Array(buffer, at(4), dim) : null;
  }

  vector(): Float64Array {
    this.#given++;
    if (this.#given > 2) return new Float64Array(this.#dim);
    return new Float64Array(this.#buffer, this.#given === 1 ? this.#first : this.#second, this.#dim);
  }

  step(params: Float64Array, grad: Float64Array, s: AdamScalars): void {
    if (!this.#holds(params) || !this.#holds(grad)) {
      adamLoop(params, grad, this.m, this.v, this.vMax, s);
      return;
    }
    const scalars = this.#scalars;
    scalars[0] = s.decay;
    scalars[1] = s.l2;
    scalars[2] = s.beta1;
    scalars[3] = 1 - s.beta1;
    scalars[4] = s.beta2;
    scalars[5] = 1 - s.beta2;
    scalars[6] = s.stepSize;
    scalars[7] = s.rootCorrection2;
    scalars[8] = s.eps;
    scalars[9] = s.maxDivisor;
    this.#step(
      0,
      this.#bytes,
      params.byteOffset,
      grad.byteOffset,
      this.m.byteOffset,
      this.v.byteOffset,
      this.vMax ? this.vMax.byteOffset : 0,
    );
  }

  /** Whether it is one of the two vectors: of another view of the memory the last pair would write past the end. */
  #holds(vector: Float64Array): boolean {
    const at = vector.byteOffset;
    return vector.buffer === this.#buffer && (at === this.#first || at === this.#second);
  }
}
