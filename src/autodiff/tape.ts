import { refuse } from './refusal';

const initialCapacity = 2 ** 14;

/**
 * The largest number of operations in one evaluation. Also the largest number of operands that depend on the
 * parameters. An operation takes 20 bytes and such an operand 12: at most 740 MB.
 */
export const maximalNodes = 2 ** 24;
export const maximalEdges = 2 ** 25;

/**
 * The operations of one evaluation. Node i depends on the nodes parents[e] with the partial derivatives
 * partials[e], for the edges e from ends[i − 1] up to ends[i]. Parents have smaller indices than their
 * children. Each evaluation fills the tape from 0; the arrays are kept and only grow.
 */
export class Tape {
  length = 0;
  edges = 0;
  /** The number of the current evaluation; handles of other evaluations are stale. */
  epoch = 0;
  /** The same for code that records operations without their places: −1 while each operation is checked. */
  live = 0;
  capacity = initialCapacity;
  edgeCapacity = 2 * initialCapacity;
  maximalNodes = maximalNodes;
  maximalEdges = maximalEdges;
  values = new Float64Array(initialCapacity);
  ends = new Int32Array(initialCapacity);
  parents = new Int32Array(2 * initialCapacity);
  partials = new Float64Array(2 * initialCapacity);
  /** After `reverse`: the derivative of the root with respect to each node up to it. */
  adjoints = new Float64Array(0);

  /** The memory of its arrays. */
  get bytes(): number {
    const { values, ends, parents, partials, adjoints } = this;
    return [values, ends, parents, partials, adjoints].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Removes all nodes; existing handles become stale. */
  reset(): void {
    this.length = 0;
    this.edges = 0;
    this.epoch++;
    this.live = this.epoch;
  }

  /** @throws Refusal 'tape-full' at the limit, or if there is no memory */
  grow(): void {
    const capacity = Math.min(2 * this.capacity, this.maximalNodes);
    if (this.length >= capacity) refuseMore(capacity, 'operations on');
    try {
      const values = floats(capacity, this.values);
      const ends = ints(capacity, this.ends);
      this.values = values;
      this.ends = ends;
      this.capacity = capacity;
    } catch {
      refuseMore(this.capacity, 'operations on');
    }
  }

  /**
   * Grows the arrays so that `count` more edges fit.
   *
   * @throws Refusal 'tape-full'
   */
  growEdges(count: number): void {
    const capacity = Math.min(Math.max(2 * this.edgeCapacity, this.edges + count), this.maximalEdges);
    if (this.edges + count > capacity) refuseMore(capacity, 'operands among');
    try {
      const parents = ints(capacity, this.parents);
      const partials = floats(capacity, this.partials);
      this.parents = parents;
      this.partials = partials;
      this.edgeCapacity = capacity;
    } catch {
      refuseMore(this.edgeCapacity, 'operands among');
    }
  }

  /** The index of the first edge of a node. */
  begin(node: number): number {
    return node === 0 ? 0 : this.ends[node - 1]!;
  }

  /**
   * Writes the derivatives of node `root` with respect to every node up to it into `adjoints`.
   *
   *   adjoint[root] = 1,   adjoint[parent] += adjoint[node] · partial,   from root down to 0
   *
   * A zero adjoint contributes nothing, whatever the partial derivatives are, so 0·∞ is not computed. Edges
   * with a zero partial derivative do not exist.
   */
  reverse(root: number): void {
    const { ends, parents, partials } = this;
    if (this.adjoints.length <= root) this.adjoints = this.#newAdjoints();
    const adjoints = this.adjoints;
    adjoints.fill(0, 0, root + 1);
    adjoints[root] = 1;
    let edge = ends[root]! - 1;
    for (let node = root; node >= 0; node--) {
      const begin = node === 0 ? 0 : ends[node - 1]!;
      const adjoint = adjoints[node]!;
      if (adjoint === 0) edge = begin - 1;
      else for (; edge >= begin; edge--) adjoints[parents[edge]!]! += adjoint * partials[edge]!;
    }
  }

  #newAdjoints(): Float64Array<ArrayBuffer> {
    try {
      return new Float64Array(this.capacity);
    } catch {
      return refuseMore(this.length, 'operations on');
    }
  }
}

function refuseMore(count: number, what: string): never {
  refuse(
    'tape-full',
    `one evaluation of the loss computes more than ${count.toLocaleString('en')} ${what} values that depend on the parameters, the limit for an exact gradient`,
  );
}

function floats(capacity: number, old: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(capacity);
  grown.set(old);
  return grown;
}

function ints(capacity: number, old: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(old);
  return grown;
}

/** The only tape: evaluations never overlap. */
export const tape = new Tape();
