import { refuse } from './refusal';
import { tape } from './tape';
import { noted } from './texts';

/**
 * A number that depends on the parameters, as the user's code holds it: a node of the tape. Two small integers and no value
 * keep it cheap to make; the value stands on the tape. The names are such that user code does not probe for them
 * (`x.value ?? x` must find nothing).
 *
 * Whatever the rewriting did not reach meets Symbol.toPrimitive, which refuses.
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

  /** What console.log shows: the number. */
  [Symbol.for('nodejs.util.inspect.custom')](): number | string {
    return this.tapeEpoch === tape.epoch ? tape.values[this.tapeIndex]! : 'a value of an earlier evaluation';
  }
}

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

/** A parameter: a node that was made of none. */
export function parameter(value: number): Traced {
  return closed(value);
}

/** A new node made of one other. */
export function record1(value: number, parent: number, partial: number): Traced {
  const edge = tape.edges;
  if (edge + 1 > tape.edgeCapacity) tape.growEdges(1);
  tape.parents[edge] = parent;
  tape.partials[edge] = partial;
  tape.edges = edge + 1;
  return closed(value);
}

/** A new node made of two others. */
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

/** One more edge of the node that is being made; zero partials make none. */
export function edge(parent: number, partial: number): void {
  if (partial === 0) return;
  const edge = tape.edges;
  if (edge + 1 > tape.edgeCapacity) tape.growEdges(1);
  tape.parents[edge] = parent;
  tape.partials[edge] = partial;
  tape.edges = edge + 1;
}

/** The node whose edges were just made, and its handle. */
export function closed(value: number): Traced {
  const node = tape.length;
  if (node === tape.capacity) tape.grow();
  tape.values[node] = value;
  tape.ends[node] = tape.edges;
  tape.length = node + 1;
  return new Traced(node, tape.epoch);
}
