import { refuse } from './refusal';

const initialCapacity = 2 ** 14;

/**
 * Operations of one evaluation, and operands of them that depend on the parameters. Together 20 bytes an operation and 12 an
 * operand: 740 MB at most.
 */
export const maximalNodes = 2 ** 24;
export const maximalEdges = 2 ** 25;

/**
 * What was computed in one evaluation. Node i was made of the nodes parents[e] with the partial derivatives partials[e], for
 * the edges e from ends[i − 1] up to ends[i]; parents stand before their children. Filled from 0 by each evaluation
 * anew: the arrays are kept and only grow.
 */
export class Tape {
  length = 0;
  edges = 0;
  /** The evaluation whose nodes these are; handles of any other are stale. */
  epoch = 0;
  capacity = initialCapacity;
  edgeCapacity = 2 * initialCapacity;
  maximalNodes = maximalNodes;
  maximalEdges = maximalEdges;
  values = new Float64Array(initialCapacity);
  ends = new Int32Array(initialCapacity);
  parents = new Int32Array(2 * initialCapacity);
  partials = new Float64Array(2 * initialCapacity);
  /** After `reverse`: the derivative of the root by each node up to it. */
  adjoints = new Float64Array(0);

  /** Forgets all nodes: what was handed out before is stale from here on. */
  reset(): void {
    this.length = 0;
    this.edges = 0;
    this.epoch++;
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
   * Makes room for `count` more edges.
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

  /** Where the edges of a node begin. */
  begin(node: number): number {
    return node === 0 ? 0 : this.ends[node - 1]!;
  }

  /**
   * Derivatives of node `root` by every node up to it, into `adjoints`.
   *
   *   adjoint[root] = 1,   adjoint[parent] += adjoint[node] · partial,   from root down to 0
   *
   * A zero adjoint contributes nothing, whatever the partials are (0·∞ is not NaN); edges with a zero partial were never
   * made.
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

/** Evaluations never overlap, so that one tape serves all. */
export const tape = new Tape();
