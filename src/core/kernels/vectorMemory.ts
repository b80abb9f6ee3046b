import wasm from './passes.wat';
import { type WebAssemblyMemory, type WebAssemblyModule, webAssembly } from './webAssembly';

const pageBytes = 65_536;
/** SIMD processes two coordinates at a time, so a vector is padded to whole pairs. It starts at a cache line. */
const lineBytes = 64;
const mostBytes = 2 ** 32;
/**
 * The number of vectors that a memory has room for: those of an optimizer, the recorders and the rules. A vector takes no
 * physical memory before it is written.
 */
const usualVectors = 20;

/** Below this dim, no pass uses WebAssembly: calls of it cost more than they save. */
export const smallestShared = 512;

/** The exports of passes.wat. Vectors are offsets, sizes and results of `find…` are in bytes. */
export interface PassExports {
  hasNonFinite(x: number, bytes: number): number;
  largest(x: number, bytes: number): number;
  least(x: number, bytes: number): number;
  largestChange(x: number, bytes: number, y: number): number;
  leastChange(x: number, bytes: number, y: number): number;
  addDescent(sum: number, bytes: number, g: number, x: number, y: number): void;
  addMoves(
    grad: number,
    bytes: number,
    lastGrad: number,
    params: number,
    before: number,
    previous: number,
    path: number,
    work: number,
    turns: number,
  ): readonly [work: number, slope: number];
  raise(x: number, bytes: number, peak: number): void;
  widen(x: number, bytes: number, low: number, high: number): void;
  sumOfRatios(
    g: number,
    bytes: number,
    x: number,
    v: number,
    l2: number,
    scale: number,
    least: number,
  ): number;
  findZero(x: number, end: number): number;
  findAbove(x: number, end: number, above: number): number;
  findBelow(x: number, end: number, below: number): number;
  findChangeAbove(x: number, end: number, y: number, above: number): number;
  findRatioBelow(x: number, end: number, y: number, below: number): number;
  findDrop(x: number, end: number, y: number, share: number): number;
}

let compiled: WebAssemblyModule | undefined;
const memories = new WeakMap<object, VectorMemory>();

/**
 * Vectors of one length in one WebAssembly memory, so that passes over several of them use its SIMD. Its size is fixed, because
 * growing a memory detaches its buffer, and a detached buffer slows down every loop over typed arrays in the thread.
 */
export class VectorMemory {
  readonly dim: number;
  readonly memory: WebAssemblyMemory;
  /** The size of a vector in bytes, padded to whole pairs. */
  readonly bytes: number;
  readonly #stride: number;
  #next: number;
  /** undefined before they are needed. */
  #passes: PassExports | null | undefined;

  /**
   * @param reserved  bytes at the start of the memory that the caller uses
   * @param atLeast   the number of vectors without which the memory is of no use
   * @returns null if WebAssembly is missing, if the memory cannot be allocated (at most 4 GiB), or if dim is 0
   */
  static create(dim: number, reserved: number, atLeast: number): VectorMemory | null {
    const api = webAssembly();
    if (!api || dim === 0) return null;
    const bytes = 16 * Math.ceil(dim / 2);
    const stride = lineBytes * Math.ceil(bytes / lineBytes);
    const first = lineBytes * Math.ceil(Math.max(reserved, 1) / lineBytes);
    for (const vectors of [usualVectors, atLeast]) {
      const pages = Math.ceil((first + vectors * stride) / pageBytes);
      if (pages * pageBytes > mostBytes) continue;
      try {
        const memory = new api.Memory({ initial: pages, maximum: pages });
        return new VectorMemory(dim, memory, first, bytes, stride);
      } catch {
        // A smaller one may fit.
      }
    }
    return null;
  }

  private constructor(dim: number, memory: WebAssemblyMemory, first: number, bytes: number, stride: number) {
    this.dim = dim;
    this.memory = memory;
    this.bytes = bytes;
    this.#stride = stride;
    this.#next = first;
    memories.set(memory.buffer, this);
  }

  /** A new zero vector, shape [dim]; an ordinary array if the memory is full. */
  vector(): Float64Array {
    const at = this.#next;
    if (at + this.#stride > this.memory.buffer.byteLength) return new Float64Array(this.dim);
    this.#next += this.#stride;
    return new Float64Array(this.memory.buffer, at, this.dim);
  }

  /** null without SIMD. */
  get passes(): PassExports | null {
    if (this.#passes === undefined) this.#passes = instantiate(this.memory);
    return this.#passes;
  }
}

function instantiate(memory: WebAssemblyMemory): PassExports | null {
  const api = webAssembly()!;
  try {
    compiled ??= new api.Module(wasm);
    return new api.Instance(compiled, { passes: { memory } }).exports as PassExports;
  } catch {
    return null;
  }
}

/** Allocates zero vectors, shape [dim], in one memory if there is one: for vectors that have no other one to be beside. */
export function vectorsOf(dim: number): () => Float64Array {
  const memory = dim < smallestShared ? null : VectorMemory.create(dim, 0, 3);
  return () => memory?.vector() ?? new Float64Array(dim);
}

/** A zero vector of the same length as another one, and in its memory if that has room: then passes over both are fastest. */
export function vectorBeside(other: Float64Array): Float64Array {
  return memories.get(other.buffer)?.vector() ?? new Float64Array(other.length);
}

/** The passes over the memory of a vector; null if it is an ordinary array. */
export function passesOf(x: Float64Array): PassExports | null {
  return memories.get(x.buffer)?.passes ?? null;
}
