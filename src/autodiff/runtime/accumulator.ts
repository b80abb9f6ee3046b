import { checking } from '../checking';
import { tape } from '../tape';
import { closed, Traced } from '../traced';

/**
 * A sum that is under construction: the partial derivative of each traced term is collected here, and the finished sum
 * becomes one node of the tape. It takes the place of the sum's value in a variable that the loop only adds to, so that no
 * code of the user sees it.
 *
 * The buffers are kept for later sums. One takes at most 48 KB, and there are as many as sums were ever formed at once: loops in
 * loops, and functions that call each other.
 */
export class Accumulator {
  /** A fraction, so that the engine stores the field as a number without a type test. */
  value = 0.5;
  edges = 0;
  parents = new Int32Array(16);
  partials = new Float64Array(16);
  /** The traced value with which the sum began. */
  first: Traced | null = null;

  /** Makes space for `count` more edges. A long sum becomes several nodes, so that the buffers stay small. */
  reserve(count: number): void {
    const needed = this.edges + count;
    if (needed <= this.parents.length) return;
    if (needed > termsAtMost) {
      this.begin(this.finished());
      return;
    }
    const length = Math.min(Math.max(needed, 2 * this.parents.length), termsAtMost);
    const parents = new Int32Array(length);
    const partials = new Float64Array(length);
    parents.set(this.parents);
    partials.set(this.partials);
    this.parents = parents;
    this.partials = partials;
  }

  /** Starts again from a number or a traced value of this evaluation. */
  begin(sum: number | Traced): void {
    if (typeof sum === 'number') {
      this.value = sum;
      this.edges = 0;
      this.first = null;
      return;
    }
    this.value = tape.values[sum.tapeIndex]!;
    this.parents[0] = sum.tapeIndex;
    this.partials[0] = 1;
    this.edges = 1;
    this.first = sum;
  }

  /** Adds the terms of a node; the sum is then `value`. */
  push(node: number, value: number): void {
    this.reserve(1);
    this.parents[this.edges] = node;
    this.partials[this.edges++] = 1;
    this.value = value;
  }

  /** The sum so far: the value with which it began if nothing was added to it. */
  finished(): number | Traced {
    const { edges, value, first } = this;
    if (edges === 0) return value;
    if (edges === 1 && first !== null && Object.is(value, tape.values[first.tapeIndex])) return first;
    const from = tape.edges;
    if (from + edges > tape.edgeCapacity) tape.growEdges(edges);
    if (edges > longSum) {
      tape.parents.set(this.parents.subarray(0, edges), from);
      tape.partials.set(this.partials.subarray(0, edges), from);
    } else {
      const { parents, partials } = tape;
      for (let k = 0; k < edges; k++) {
        parents[from + k] = this.parents[k]!;
        partials[from + k] = this.partials[k]!;
      }
    }
    tape.edges = from + edges;
    return closed(value);
  }
}

/** More than the leaves of any expression. */
const termsAtMost = 4096;
/** From this number of terms on, a copy by the engine is faster than a loop. */
const longSum = 64;

/** Accumulators that are not in use. */
const free: Accumulator[] = [];

/** Begins a sum, unless the value is neither a number nor a traced value of this evaluation, or every operation is checked. */
export function open(sum: unknown): unknown {
  if (checking.on) return sum;
  if (typeof sum !== 'number' && !(sum instanceof Traced && sum.tapeEpoch === tape.epoch)) return sum;
  const accumulator = free.pop() ?? new Accumulator();
  accumulator.begin(sum);
  return accumulator;
}

/** Ends a sum. Any other value is returned unchanged. */
export function total(sum: unknown): unknown {
  if (!(sum instanceof Accumulator)) return sum;
  const finished = sum.finished();
  free.push(sum);
  return finished;
}

/**
 * The initial value of `receiver.reduce(callback, initial)`, whose callback only adds to it. Only the native methods of
 * arrays are known to pass it to nothing but the callback.
 */
export function seed(receiver: unknown, initial: unknown): unknown {
  return isNative(receiver) ? open(initial) : initial;
}

/** Whether a receiver is an array with the `reduce` of the engine. */
export function isNative(receiver: unknown): receiver is unknown[] {
  return (
    Array.isArray(receiver) &&
    receiver.reduce === Array.prototype.reduce &&
    receiver.reduceRight === Array.prototype.reduceRight
  );
}

type Fold = (sum: unknown, element: unknown, index: number, array: unknown) => unknown;
type FoldName = 'reduce' | 'reduceRight';

/** `receiver.reduce(callback)` without an initial value, as one sum. */
export function fold(name: FoldName, receiver: unknown, callback: Fold): unknown {
  if (!isNative(receiver)) return (receiver as Record<FoldName, (callback: Fold) => unknown>)[name](callback);
  let isFirst = true;
  return total(
    receiver[name]((sum, element, index, array) => {
      const begun = isFirst ? open(sum) : sum;
      isFirst = false;
      return callback(begun, element, index, array);
    }),
  );
}
