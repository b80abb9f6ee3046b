import { noSite } from './sites';
import { tape } from './tape';

/** An operation that made something not finite out of finite inputs. */
export interface NonFiniteOperation {
  /** −1 if its place is not known. */
  readonly site: number;
  readonly inputs: readonly unknown[];
  /** Forward: the operation's value. Backward: the derivative that it passed on. */
  readonly result: number;
  readonly pass: 'forward' | 'backward';
}

/** One operation on the tape. */
interface Operation {
  site: number;
  readonly inputs: readonly unknown[];
}

/** A forward origin; `node` is −1 if the operation's result is a plain number. */
interface Event {
  readonly operation: Operation;
  readonly result: number;
  readonly node: number;
}

/** A loss may make infinities on purpose: beyond this many, later ones are not looked at. */
const maximalEvents = 100_000;
/** A checked evaluation remembers an object an operation: of what goes beyond this, place and inputs stay unknown. */
const maximalOperations = 2 ** 21;

const unknownOperation: Operation = { site: noSite, inputs: [] };

/**
 * What a checked evaluation remembers besides the tape: the operations that made something not finite, and every node's
 * place and inputs. Off, it costs each operation one test.
 */
class Checking {
  on = false;
  #events: Event[] = [];
  #operations: Operation[] = [];
  /** The latest operations, newest last, that do not know their place yet. */
  #unplaced: Operation[] = [];

  start(): void {
    this.on = true;
  }

  stop(): void {
    this.on = false;
    this.#events = [];
    this.#operations = [];
    this.#unplaced = [];
  }

  /** @param node  the index that the result will have on the tape, −1 if it is a plain number */
  unary(a: number, result: number, node: number, site: number): void {
    this.operation([a], result, node, site);
  }

  binary(a: number, b: number, result: number, node: number, site: number): void {
    this.operation([a, b], result, node, site);
  }

  /** Of an operation on operands that are no numbers, undefined or text for example: they make NaN. */
  result(inputs: readonly unknown[], value: unknown, node: number, site: number): void {
    if (typeof value === 'number' && !Number.isFinite(value)) this.operation(inputs, value, node, site);
  }

  operation(inputs: readonly unknown[], result: number, node: number, site: number): void {
    const isEvent = !Number.isFinite(result) && inputs.every(isSound);
    const isRemembered = node >= 0 && node < maximalOperations;
    if (!isEvent && !isRemembered) return;
    const operation = { site, inputs };
    if (isRemembered) this.#operations[node] = operation;
    if (isEvent && this.#events.length < maximalEvents) this.#events.push({ operation, result, node });
    if (site === noSite) this.#unplaced.push(operation);
  }

  /** The operations that do not know their place happened at `site`. */
  locate(site: number): void {
    for (const operation of this.#unplaced) operation.site = site;
    this.#unplaced.length = 0;
  }

  /** Why the result of the evaluation is not finite. An event that the result depends on goes before any other. */
  forwardOrigin(root: number | null): NonFiniteOperation | null {
    const ancestor = root === null ? undefined : this.#firstAbove(root);
    const event = ancestor ?? this.#events.find(({ node }) => node === -1) ?? this.#events[0];
    return event ? forward(event) : null;
  }

  /** Why the gradient of node `root` is not finite: the first derivative, from the root down, that turned so. */
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
        const { site, inputs } = this.#operations[node] ?? unknownOperation;
        // Out of inputs that are not finite, nothing was born here.
        const earlier = inputs.every(isSound) ? undefined : this.#firstAbove(node);
        if (earlier) return forward(earlier);
        return { site, inputs, result: Number.isFinite(passedOn) ? sum : passedOn, pass: 'backward' };
      }
    }
    return null;
  }

  /** The earliest event among the nodes that `root` was made of. */
  #firstAbove(root: number): Event | undefined {
    const ancestors = ancestorsOf(root);
    return this.#events.find(({ node }) => node >= 0 && node <= root && ancestors[node] === 1);
  }
}

/** Anything but NaN and the infinities: what is not finite was born after it. */
function isSound(input: unknown): boolean {
  return typeof input !== 'number' || Number.isFinite(input);
}

export const checking = new Checking();

function forward({ operation: { site, inputs }, result }: Event): NonFiniteOperation {
  return { site, inputs, result, pass: 'forward' };
}

/** An operand that was not selected is no ancestor: no edge leads to it. */
function ancestorsOf(root: number): Uint8Array {
  const { ends, parents } = tape;
  const marks = new Uint8Array(root + 1);
  marks[root] = 1;
  for (let node = root; node >= 0; node--)
    if (marks[node] === 1)
      for (let edge = tape.begin(node); edge < ends[node]!; edge++) marks[parents[edge]!] = 1;
  return marks;
}
