import { refuse } from './refusal';

const initialCapacity = 2 ** 14;

/** 36 bytes a node: 2^24 nodes take 600 MB. */
export const maximalCapacity = 2 ** 24;

/**
 * What was computed in one evaluation: node i was made of the nodes parentA[i] and parentB[i], both below i (−1: none),
 * with the partial derivatives beside them. Filled from 0 by each evaluation anew; the arrays are kept and only grow.
 */
export class Tape {
  length = 0;
  /** The evaluation whose nodes these are; handles of any other are stale. */
  epoch = 0;
  capacity = initialCapacity;
  /** No more nodes than this: a power of two. */
  limit = maximalCapacity;
  values = new Float64Array(initialCapacity);
  parentA = new Int32Array(initialCapacity);
  parentB = new Int32Array(initialCapacity);
  partialA = new Float64Array(initialCapacity);
  partialB = new Float64Array(initialCapacity);
  sites = new Int32Array(initialCapacity);
  /** After `reverse`: the derivative of the root by each node up to it. */
  adjoints = new Float64Array(0);

  /** Forgets all nodes: what was handed out before is stale from here on. */
  reset(): void {
    this.length = 0;
    this.epoch++;
  }

  /** @throws Refusal 'tape-full' at the limit, or if there is no memory */
  grow(): void {
    const capacity = Math.min(2 * this.capacity, this.limit);
    if (this.length >= capacity) this.#full(capacity);
    try {
      const values = grownFloats(this.values, capacity);
      const parentA = grownInts(this.parentA, capacity);
      const parentB = grownInts(this.parentB, capacity);
      const partialA = grownFloats(this.partialA, capacity);
      const partialB = grownFloats(this.partialB, capacity);
      const sites = grownInts(this.sites, capacity);
      Object.assign(this, { values, parentA, parentB, partialA, partialB, sites, capacity });
    } catch {
      this.#full(this.capacity);
    }
  }

  /**
   * Derivatives of node `root` by every node up to it, into `adjoints`.
   *
   *   adjoint[root] = 1,   adjoint[parent] += adjoint[node] · partial,   from root down to 0
   *
   * It selects: a zero adjoint or a zero partial contributes nothing, whatever stands on the other side.
   */
  reverse(root: number): void {
    const { parentA, parentB, partialA, partialB } = this;
    if (this.adjoints.length <= root) this.adjoints = this.#newAdjoints();
    const adjoints = this.adjoints;
    adjoints.fill(0, 0, root + 1);
    adjoints[root] = 1;
    for (let node = root; node >= 0; node--) {
      const adjoint = adjoints[node]!;
      if (adjoint === 0) continue;
      const a = parentA[node]!;
      if (a >= 0) {
        const partial = partialA[node]!;
        if (partial !== 0) adjoints[a]! += adjoint * partial;
      }
      const b = parentB[node]!;
      if (b >= 0) {
        const partial = partialB[node]!;
        if (partial !== 0) adjoints[b]! += adjoint * partial;
      }
    }
  }

  #newAdjoints(): Float64Array<ArrayBuffer> {
    try {
      return new Float64Array(this.capacity);
    } catch {
      return this.#full(this.length);
    }
  }

  #full(nodes: number): never {
    refuse(
      'tape-full',
      `one evaluation of the loss takes more than ${nodes.toLocaleString('en')} operations on traced values, which is all that can be remembered for an exact gradient`,
    );
  }
}

function grownFloats(old: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(capacity);
  grown.set(old);
  return grown;
}

function grownInts(old: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(old);
  return grown;
}

/** Evaluations never overlap, so that one tape serves all. */
export const tape = new Tape();
