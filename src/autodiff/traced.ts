import { refuse } from './refusal';
import { tape } from './tape';
import { noted } from './texts';

/**
 * A number that depends on the parameters, as the user's code sees it: a handle of a node on the tape. It
 * contains only two small integers, so it is cheap to create; the value is on the tape. The property names
 * are unlikely in user code, because `x.value ?? x` must not find a property.
 *
 * Operations that are not instrumented call Symbol.toPrimitive, which refuses.
 */
export class Traced {
  readonly tapeIndex: number;
  readonly tapeEpoch: number;

  constructor(tapeIndex: number, tapeEpoch: number) {
    this.tapeIndex = tapeIndex;
    this.tapeEpoch = tapeEpoch;
  }

  [Symbol.toPrimitive](hint: string): never {
    numberOf(this);
    refuse(
      'coercion',
      hint === 'string'
        ? 'a value that depends on the parameters is used as a key or as text'
        : 'a value that depends on the parameters is used where only a plain number is possible (an index, a native function, a typed array)',
    );
  }

  toJSON(): never {
    refuse('json', 'a value that depends on the parameters is converted to JSON');
  }

  valueOf(): this {
    return this;
  }

  toString(radix?: number): string {
    return noted(numberOf(this).toString(radix));
  }

  toLocaleString(locales?: string | string[], options?: Intl.NumberFormatOptions): string {
    return noted(numberOf(this).toLocaleString(locales, options));
  }

  toFixed(digits?: number): string {
    return noted(numberOf(this).toFixed(digits));
  }

  toPrecision(precision?: number): string {
    return noted(numberOf(this).toPrecision(precision));
  }

  toExponential(digits?: number): string {
    return noted(numberOf(this).toExponential(digits));
  }

  /** console.log shows the number. */
  [Symbol.for('nodejs.util.inspect.custom')](): number | string {
    return this.tapeEpoch === tape.epoch ? tape.values[this.tapeIndex]! : 'a value of an earlier evaluation';
  }
}

// Methods that a program adds to Number.prototype are found, and called with the handle as `this`.
Object.setPrototypeOf(Traced.prototype, Number.prototype);

/** @throws Refusal 'stale-value' if the handle belongs to another evaluation */
export function numberOf(handle: Traced): number {
  if (handle.tapeEpoch !== tape.epoch) refuseStale();
  return tape.values[handle.tapeIndex]!;
}

export function refuseStale(): never {
  refuse(
    'stale-value',
    'a value was computed in an earlier evaluation of the loss, so it has no derivative with respect to the current parameters',
  );
}

/** A parameter: a node without parents. */
export function parameter(value: number): Traced {
  return closed(value);
}

/** A new node with one parent. */
export function record1(value: number, parent: number, partial: number): Traced {
  const edge = tape.edges;
  if (edge + 1 > tape.edgeCapacity) tape.growEdges(1);
  tape.parents[edge] = parent;
  tape.partials[edge] = partial;
  tape.edges = edge + 1;
  return closed(value);
}

/** A new node with two parents. */
export function record2(
  value: number,
  parentA: number,
  partialA: number,
  parentB: number,
  partialB: number,
): Traced {
  const edge = tape.edges;
  if (edge + 2 > tape.edgeCapacity) tape.growEdges(2);
  tape.parents[edge] = parentA;
  tape.partials[edge] = partialA;
  tape.parents[edge + 1] = parentB;
  tape.partials[edge + 1] = partialB;
  tape.edges = edge + 2;
  return closed(value);
}

/** Adds an edge to the node under construction, unless the partial derivative is 0. */
export function edge(parent: number, partial: number): void {
  if (partial === 0) return;
  const edge = tape.edges;
  if (edge + 1 > tape.edgeCapacity) tape.growEdges(1);
  tape.parents[edge] = parent;
  tape.partials[edge] = partial;
  tape.edges = edge + 1;
}

/** Completes the node whose edges were just added, and returns its handle. */
export function closed(value: number): Traced {
  const node = tape.length;
  if (node === tape.capacity) tape.grow();
  tape.values[node] = value;
  tape.ends[node] = tape.edges;
  tape.length = node + 1;
  return new Traced(node, tape.epoch);
}
