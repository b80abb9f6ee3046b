import { type WebAssemblyApi, type WebAssemblyModule, webAssembly } from '../core/kernels/webAssembly';
import wasm from './reverse.wat';

const pageBytes = 65_536;

/** The arrays of a tape with their reverse sweep, see `Tape`. */
interface TapeArrays {
  readonly values: Float64Array<ArrayBuffer>;
  readonly adjoints: Float64Array<ArrayBuffer>;
  readonly partials: Float64Array<ArrayBuffer>;
  readonly ends: Int32Array<ArrayBuffer>;
  readonly parents: Int32Array<ArrayBuffer>;
  /** adjoints[parent] += adjoint · partial, for all edges of the nodes from `root` down to 0. */
  readonly sweep: (root: number) => void;
}

type Reverse = (root: number, ends: number, parents: number, partials: number, adjoints: number) => void;

let compiled: WebAssemblyModule | undefined;

/**
 * Arrays in one WebAssembly memory, whose sweep takes half the time. Without WebAssembly they are usual arrays. The memory is never
 * grown, because that detaches its buffer; a tape that grows gets other arrays.
 *
 * @throws RangeError if there is no memory
 */
export function tapeArrays(nodes: number, edges: number): TapeArrays {
  const api = webAssembly();
  return (api && inWebAssembly(api, nodes, edges)) ?? plainArrays(nodes, edges);
}

/** @returns null if the memory cannot be allocated as one */
function inWebAssembly(api: WebAssemblyApi, nodes: number, edges: number): TapeArrays | null {
  const doubles = 2 * nodes + edges;
  const pages = Math.ceil((8 * doubles + 4 * (nodes + edges)) / pageBytes);
  try {
    compiled ??= new api.Module(wasm);
    const memory = new api.Memory({ initial: pages, maximum: pages });
    const { exports } = new api.Instance(compiled, { tape: { memory } });
    const { reverse } = exports as { readonly reverse: Reverse };
    const arrays = arraysIn(memory.buffer, nodes, edges);
    const [ends, parents] = [arrays.ends.byteOffset, arrays.parents.byteOffset];
    const [partials, adjoints] = [arrays.partials.byteOffset, arrays.adjoints.byteOffset];
    return { ...arrays, sweep: (root) => reverse(root, ends, parents, partials, adjoints) };
  } catch {
    return null;
  }
}

function arraysIn(buffer: ArrayBuffer, nodes: number, edges: number): Omit<TapeArrays, 'sweep'> {
  const doubles = 2 * nodes + edges;
  return {
    values: new Float64Array(buffer, 0, nodes),
    adjoints: new Float64Array(buffer, 8 * nodes, nodes),
    partials: new Float64Array(buffer, 16 * nodes, edges),
    ends: new Int32Array(buffer, 8 * doubles, nodes),
    parents: new Int32Array(buffer, 8 * doubles + 4 * nodes, edges),
  };
}

export function plainArrays(nodes: number, edges: number): TapeArrays {
  const arrays = {
    values: new Float64Array(nodes),
    adjoints: new Float64Array(nodes),
    partials: new Float64Array(edges),
    ends: new Int32Array(nodes),
    parents: new Int32Array(edges),
  };
  return { ...arrays, sweep: (root) => sweep(arrays, root) };
}

/** A zero adjoint contributes nothing, whatever the partial derivatives are, so 0·∞ is not computed. */
function sweep({ ends, parents, partials, adjoints }: Omit<TapeArrays, 'sweep'>, root: number): void {
  let edge = ends[root]! - 1;
  for (let node = root; node >= 0; node--) {
    const begin = node === 0 ? 0 : ends[node - 1]!;
    const adjoint = adjoints[node]!;
    if (adjoint === 0) edge = begin - 1;
    else for (; edge >= begin; edge--) adjoints[parents[edge]!]! += adjoint * partials[edge]!;
  }
}
