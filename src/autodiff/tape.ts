import { refuse } from './refusal';
import type { TieName } from './rules';
import { tapeArrays } from './tapeArrays';

const initialCapacity = 2 ** 14;

/**
 * The largest number of operations in one evaluation. Also the largest number of operands that depend on the
 * parameters. An operation takes 20 bytes and such an operand 12: at most 740 MB, and half as much again while it grows.
 */
export const maximalNodes = 2 ** 24;
export const maximalEdges = 2 ** 25;

/** An operation whose derivative depends on a direction, see ties.ts. */
export interface Tie {
  readonly name: TieName;
  readonly node: number;
  /** The nodes of its operands, −1 for a constant. Of max and min, those that equal the result. */
  readonly operands: readonly number[];
}

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
  /** The ties of the current evaluation, in ascending order of their nodes. */
  ties: Tie[] = [];
  maximalNodes = maximalNodes;
  maximalEdges = maximalEdges;
  #arrays = tapeArrays(initialCapacity, 2 * initialCapacity);
  values = this.#arrays.values;
  ends = this.#arrays.ends;
  parents = this.#arrays.parents;
  partials = this.#arrays.partials;
  /** After `reverse`: the derivative of the root with respect to each node up to it. */
  adjoints = this.#arrays.adjoints;

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
    if (this.ties.length > 0) this.ties = [];
  }

  /** @throws Refusal 'tape-full' at the limit, or if there is no memory */
  grow(): void {
    const capacity = Math.min(2 * this.capacity, this.maximalNodes);
    if (this.length >= capacity) refuseMore(capacity, 'operations on');
    if (!this.#resize(capacity, this.edgeCapacity)) refuseMore(this.capacity, 'operations on');
  }

  /**
   * Grows the arrays so that `count` more edges fit.
   *
   * @throws Refusal 'tape-full'
   */
  growEdges(count: number): void {
    const capacity = Math.min(Math.max(2 * this.edgeCapacity, this.edges + count), this.maximalEdges);
    if (this.edges + count > capacity) refuseMore(capacity, 'operands among');
    if (!this.#resize(this.capacity, capacity)) refuseMore(this.edgeCapacity, 'operands among');
  }

  /** Copies the whole content, because a node may be under construction. */
  #resize(capacity: number, edgeCapacity: number): boolean {
    try {
      const arrays = tapeArrays(capacity, edgeCapacity);
      const { values, ends, parents, partials } = this;
      arrays.values.set(values.subarray(0, capacity));
      arrays.ends.set(ends.subarray(0, capacity));
      arrays.parents.set(parents.subarray(0, edgeCapacity));
      arrays.partials.set(partials.subarray(0, edgeCapacity));
      this.#arrays = arrays;
    } catch {
      return false;
    }
    this.values = this.#arrays.values;
    this.ends = this.#arrays.ends;
    this.parents = this.#arrays.parents;
    this.partials = this.#arrays.partials;
    this.adjoints = this.#arrays.adjoints;
    this.capacity = capacity;
    this.edgeCapacity = edgeCapacity;
    return true;
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
    this.adjoints.fill(0, 0, root + 1);
    this.adjoints[root] = 1;
    this.#arrays.sweep(root);
  }
}

function refuseMore(count: number, what: string): never {
  refuse(
    'tape-full',
    `one evaluation of the loss computes more than ${count.toLocaleString('en')} ${what} values that depend on the parameters, the limit for an exact gradient`,
  );
}

/** The only tape: evaluations never overlap. */
export const tape = new Tape();
