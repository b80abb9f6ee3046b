import { noSite } from './sites';
import { type Tape, tape } from './tape';

/** An operation that made something not finite out of finite inputs. */
export interface Origin {
  /** −1 if its place is not known. */
  readonly site: number;
  readonly inputs: readonly number[];
  /** Forward: the operation's value. Backward: the derivative that it passed on. */
  readonly result: number;
  readonly pass: 'forward' | 'backward';
}

/** A forward origin; `node` is −1 if the operation was on plain numbers. */
interface Event {
  site: number;
  readonly inputs: readonly number[];
  readonly result: number;
  readonly node: number;
}

/** A loss may make infinities on purpose: beyond this many, later ones are not looked at. */
const maximalEvents = 100_000;

/**
 * What a checked evaluation remembers besides the tape: the operations that made something not finite, and every node's
 * operands. Off, it costs each operation one test.
 */
class Checking {
  on = false;
  #events: Event[] = [];
  #operandA = new Float64Array(0);
  #operandB = new Float64Array(0);
  #isBinary = new Uint8Array(0);

  start(): void {
    this.on = true;
    this.#events = [];
  }

  /** The collected events go on to be read until the next start. */
  stop(): void {
    this.on = false;
  }

  /** @param node  the index that the result will have on the tape, −1 if it is a plain number */
  unary(a: number, result: number, node: number, site: number): void {
    if (node >= 0) this.#remember(node, a, 0, 0);
    if (Number.isFinite(a) && !Number.isFinite(result)) this.#add({ site, inputs: [a], result, node });
  }

  binary(a: number, b: number, result: number, node: number, site: number): void {
    if (node >= 0) this.#remember(node, a, b, 1);
    if (Number.isFinite(a) && Number.isFinite(b) && !Number.isFinite(result))
      this.#add({ site, inputs: [a, b], result, node });
  }

  variadic(inputs: readonly number[], result: number, node: number, site: number): void {
    if (inputs.every(Number.isFinite) && !Number.isFinite(result))
      this.#add({ site, inputs: [...inputs], result, node });
  }

  /** Operands of a node that is no operation of its own. */
  operands(node: number, a: number, b: number): void {
    this.#remember(node, a, b, 1);
  }

  /** The latest events that knew no place happened at `site`. */
  locate(site: number): void {
    for (let i = this.#events.length - 1; i >= 0 && this.#events[i]!.site === noSite; i--)
      this.#events[i]!.site = site;
  }

  /** Why the result of the evaluation is not finite. An event that the result depends on goes before any other. */
  forwardOrigin(root: number | null): Origin | null {
    const ancestor = root === null ? undefined : this.#firstAbove(root);
    const event = ancestor ?? this.#events.find(({ node }) => node === -1) ?? this.#events[0];
    return event ? forward(event) : null;
  }

  /** Why the gradient of node `root` is not finite: the first derivative, from the root down, that turned so. */
  backwardOrigin(root: number): Origin | null {
    const { parentA, parentB, partialA, partialB, sites } = tape;
    const adjoints = new Float64Array(root + 1);
    adjoints[root] = 1;
    for (let node = root; node >= 0; node--) {
      const adjoint = adjoints[node]!;
      if (adjoint === 0) continue;
      for (const [parent, partial] of [
        [parentA[node]!, partialA[node]!],
        [parentB[node]!, partialB[node]!],
      ] as const) {
        if (parent < 0 || partial === 0) continue;
        const passedOn = adjoint * partial;
        adjoints[parent]! += passedOn;
        if (Number.isFinite(adjoints[parent]!)) continue;
        const inputs = this.#inputsOf(node);
        if (!inputs.every(Number.isFinite)) {
          const event = this.#firstAbove(node);
          if (event) return forward(event);
        }
        const result = Number.isFinite(passedOn) ? adjoints[parent]! : passedOn;
        return { site: sites[node]!, inputs, result, pass: 'backward' };
      }
    }
    return null;
  }

  #add(event: Event): void {
    if (this.#events.length < maximalEvents) this.#events.push(event);
  }

  #remember(node: number, a: number, b: number, isBinary: number): void {
    if (node >= this.#operandA.length) this.#growTo(tape.capacity);
    this.#operandA[node] = a;
    this.#operandB[node] = b;
    this.#isBinary[node] = isBinary;
  }

  #growTo(capacity: number): void {
    const [oldA, oldB, oldIsBinary] = [this.#operandA, this.#operandB, this.#isBinary];
    this.#operandA = new Float64Array(capacity);
    this.#operandB = new Float64Array(capacity);
    this.#isBinary = new Uint8Array(capacity);
    this.#operandA.set(oldA);
    this.#operandB.set(oldB);
    this.#isBinary.set(oldIsBinary);
  }

  #inputsOf(node: number): readonly number[] {
    const a = this.#operandA[node]!;
    return this.#isBinary[node] ? [a, this.#operandB[node]!] : [a];
  }

  /** The earliest event among the nodes that `root` was made of. */
  #firstAbove(root: number): Event | undefined {
    const ancestors = ancestorsOf(root, tape);
    return this.#events.find(({ node }) => node >= 0 && node <= root && ancestors[node] === 1);
  }
}

export const checking = new Checking();

function forward({ site, inputs, result }: Event): Origin {
  return { site, inputs, result, pass: 'forward' };
}

/** Through partials that select something: an operand that was not selected is no ancestor. */
function ancestorsOf(root: number, { parentA, parentB, partialA, partialB }: Tape): Uint8Array {
  const marks = new Uint8Array(root + 1);
  marks[root] = 1;
  for (let node = root; node >= 0; node--) {
    if (marks[node] === 0) continue;
    const a = parentA[node]!;
    if (a >= 0 && partialA[node] !== 0) marks[a] = 1;
    const b = parentB[node]!;
    if (b >= 0 && partialB[node] !== 0) marks[b] = 1;
  }
  return marks;
}
