import type { OperationName } from './rules';
import { noSite } from './sites';
import { tape } from './tape';

/** An operation with finite inputs and a non-finite result. */
export interface NonFiniteOperation {
  /** −1 if its place is unknown. */
  readonly site: number;
  readonly inputs: readonly unknown[];
  /** null for an operation that is not in the derivative table. */
  readonly name: OperationName | null;
  /** Forward: the value of the operation. Backward: the derivative that it propagated. */
  readonly result: number;
  readonly pass: 'forward' | 'backward';
}

/** One operation on the tape. */
export interface Operation {
  site: number;
  readonly inputs: readonly unknown[];
  /** null for an operation that is not in the derivative table: a call with a rule of its own, a sum of many operands. */
  readonly name: OperationName | null;
}

/** A forward origin; `node` is −1 if the operation's result is a plain number. */
interface Event {
  readonly operation: Operation;
  readonly result: number;
  readonly node: number;
}

/** A loss may produce infinities on purpose; only this many are recorded. */
const maximalEvents = 100_000;
/**
 * A checked evaluation stores one object per operation. Beyond this number, place and inputs are not stored.
 */
const maximalOperations = 2 ** 21;

const unknownOperation: Operation = { site: noSite, inputs: [], name: null };

/**
 * The records of a checked evaluation in addition to the tape: the operations with non-finite results, and
 * the place and inputs of every node. While checking is off, each operation costs one extra test.
 */
class Checking {
  on = false;
  #events: Event[] = [];
  #operations: Operation[] = [];
  /** The latest operations whose place is not known yet, newest last. */
  #unplaced: Operation[] = [];
  /** The operations with non-finite results, whatever their inputs. */
  #nonFinite: Event[] = [];
  /** Quotients that are finite although an operand is infinite, such as 1/∞ = 0, with the number of events before each. They have no edge to the input. */
  #absorbed: { readonly result: number; readonly events: number }[] = [];
  /** Whether results on plain numbers that underflow are replaced by the smallest number, and the operations that made such results first. */
  #isLifting = false;
  #lifted = new Set<OperationName>();
  /** The place whose non-finite results on plain numbers are replaced by 1; null for none. */
  #repairedSite: number | null = null;

  /** @param isLifting  whether results on plain numbers that underflow to 0 become ±5e-324, to find out what depends on them */
  start(isLifting = false): void {
    this.on = true;
    this.#isLifting = isLifting;
    tape.live = -1;
  }

  stop(): void {
    this.on = false;
    this.#events = [];
    this.#operations = [];
    this.#unplaced = [];
    this.#nonFinite = [];
    this.#absorbed = [];
    this.#isLifting = false;
    this.#lifted = new Set();
  }

  /** The operations whose results were lifted, without those on a lifted number. */
  get lifted(): ReadonlySet<OperationName> {
    return this.#lifted;
  }

  /**
   * Replaces the non-finite results of one place by 1, if the operands are plain numbers, to find out what depends on
   * them. null: of none.
   */
  repair(site: number | null): void {
    this.#repairedSite = site;
  }

  /** The operations with non-finite results since `start`, whatever their inputs, in their order. */
  get nonFinite(): readonly NonFiniteOperation[] {
    return this.#nonFinite.map(forward);
  }

  /** An operation on plain numbers. Returns its result. */
  plain(inputs: readonly unknown[], result: number, site: number, name: OperationName): number {
    if (this.#isLifting && result === 0 && hasUnderflowed(name, inputs as number[])) {
      if (!inputs.some((input) => Math.abs(input as number) === Number.MIN_VALUE)) this.#lifted.add(name);
      return Object.is(result, -0) ? -Number.MIN_VALUE : Number.MIN_VALUE;
    }
    this.operation(inputs, result, -1, site, name);
    return site === this.#repairedSite && !Number.isFinite(result) ? 1 : result;
  }

  /** @param node  the index of the result on the tape; −1 if the result is a plain number */
  unary(a: number, result: number, node: number, site: number, name: OperationName): void {
    this.operation([a], result, node, site, name);
  }

  binary(a: number, b: number, result: number, node: number, site: number, name: OperationName): void {
    this.operation([a, b], result, node, site, name);
  }

  /** The operation that made a node; without a place or inputs if it is not known. */
  operationOf(node: number): Operation {
    return this.#operations[node] ?? unknownOperation;
  }

  /**
   * Records the result of an operation if it is NaN or infinite. The operands need not be numbers: undefined
   * or text may give NaN.
   */
  result(inputs: readonly unknown[], value: unknown, node: number, site: number): void {
    if (typeof value === 'number' && !Number.isFinite(value)) this.operation(inputs, value, node, site);
  }

  operation(
    inputs: readonly unknown[],
    result: number,
    node: number,
    site: number,
    name: OperationName | null = null,
  ): void {
    const isNonFinite = !Number.isFinite(result);
    const isEvent = isNonFinite && inputs.every(isSound);
    if (!isNonFinite && name === 'div' && this.#absorbed.length < maximalEvents && inputs.some(isInfinite))
      this.#absorbed.push({ result, events: this.#events.length });
    const isRemembered = node >= 0 && node < maximalOperations;
    if (!isNonFinite && !isRemembered) return;
    const operation = { site, inputs, name };
    if (isNonFinite && this.#nonFinite.length < maximalEvents)
      this.#nonFinite.push({ operation, result, node });
    if (isRemembered) this.#operations[node] = operation;
    if (isEvent && this.#events.length < maximalEvents) this.#events.push({ operation, result, node });
    if (site === noSite) this.#unplaced.push(operation);
  }

  /** Sets the place of the operations whose place is not known yet. */
  locate(site: number): void {
    for (const operation of this.#unplaced) operation.site = site;
    this.#unplaced.length = 0;
  }

  /**
   * The origin of a non-finite result. Events on which the result depends have priority. Without an event, a non-finite
   * value came from outside, and the first operation that used it is returned. An overflow whose infinity became 0 in a
   * quotient comes before an operation on that 0, such as its logarithm, which is only a consequence.
   */
  forwardOrigin(root: number | null): NonFiniteOperation | null {
    const ancestor = this.#firstAbove(root, this.#events);
    const event = ancestor ?? this.#events.find(({ node }) => node === -1) ?? this.#events[0];
    const entry = event ? undefined : (this.#firstAbove(root, this.#nonFinite) ?? this.#nonFinite[0]);
    return event ? forward(this.#overflowBefore(event) ?? event) : entry ? forward(entry) : null;
  }

  /**
   * The origin of a non-finite gradient of node `root`: the first non-finite derivative, going back from the
   * root.
   */
  backwardOrigin(root: number): NonFiniteOperation | null {
    const { ends, parents, partials } = tape;
    const adjoints = new Float64Array(root + 1);
    adjoints[root] = 1;
    for (let node = root; node >= 0; node--) {
      const adjoint = adjoints[node]!;
      if (adjoint === 0) continue;
      for (let edge = ends[node]! - 1; edge >= tape.begin(node); edge--) {
        const passedOn = adjoint * partials[edge]!;
        const sum = adjoints[parents[edge]!]! + passedOn;
        adjoints[parents[edge]!] = sum;
        if (Number.isFinite(sum)) continue;
        const { site, inputs, name } = this.#operations[node] ?? unknownOperation;
        // If an input is not finite, this operation is not the origin.
        const earlier = inputs.every(isSound) ? undefined : this.#firstAbove(node, this.#events);
        if (earlier) return forward(earlier);
        return { site, inputs, name, result: Number.isFinite(passedOn) ? sum : passedOn, pass: 'backward' };
      }
    }
    return null;
  }

  /** The first overflow before an event, if an input of the event was made of an infinity. */
  #overflowBefore(event: Event): Event | undefined {
    const at = this.#events.indexOf(event);
    const absorbed = this.#absorbed.find(
      ({ result, events }) => events <= at && event.operation.inputs.includes(result),
    );
    return absorbed && this.#events.slice(0, absorbed.events).find(({ result }) => isInfinite(result));
  }

  /** The earliest of these events among the ancestors of `root`. */
  #firstAbove(root: number | null, events: readonly Event[]): Event | undefined {
    if (root === null) return undefined;
    const ancestors = ancestorsOf(root);
    return events.find(({ node }) => node >= 0 && node <= root && ancestors[node] === 1);
  }
}

/** Whether an input is neither NaN nor infinite. */
export function isSound(input: unknown): boolean {
  return typeof input !== 'number' || Number.isFinite(input);
}

function isInfinite(value: unknown): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

/** Whether a result of 0 is the rounded one of a number nearer to 0 than 5e-324: no operand is 0 or infinite. */
function hasUnderflowed(name: OperationName, inputs: readonly number[]): boolean {
  return underflowing.has(name) && inputs.every((input) => Number.isFinite(input) && input !== 0);
}

/** Sums are exact where they are this small. */
const underflowing: ReadonlySet<OperationName> = new Set<OperationName>(['mul', 'div', 'exp', 'pow']);

export const checking = new Checking();

function forward({ operation: { site, inputs, name }, result }: Event): NonFiniteOperation {
  return { site, inputs, name, result, pass: 'forward' };
}

/** Operands that were not selected are not ancestors, because they have no edge. */
function ancestorsOf(root: number): Uint8Array {
  const { ends, parents } = tape;
  const marks = new Uint8Array(root + 1);
  marks[root] = 1;
  for (let node = root; node >= 0; node--)
    if (marks[node] === 1)
      for (let edge = tape.begin(node); edge < ends[node]!; edge++) marks[parents[edge]!] = 1;
  return marks;
}
