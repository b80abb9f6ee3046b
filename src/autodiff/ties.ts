import type { TieName } from './rules';
import { tape } from './tape';
import { closed, Traced } from './traced';

/** Records an operation whose derivative depends on a direction. At least one of the operands is traced. */
export function tied(name: TieName, operands: readonly (number | Traced)[], result: number): Traced {
  const parents = operands.map((each) => (each instanceof Traced ? each.tapeIndex : -1));
  const count = parents.filter((parent) => parent >= 0).length;
  if (tape.edges + count > tape.edgeCapacity) tape.growEdges(count);
  // Where nothing decides the tie, the operands of max and min share the derivative.
  const share = name === 'max' || name === 'min' ? 1 / parents.length : 0;
  for (const parent of parents) {
    if (parent < 0) continue;
    tape.parents[tape.edges] = parent;
    tape.partials[tape.edges++] = share;
  }
  const made = closed(result);
  tape.ties.push({ name, node: made.tapeIndex, operands: parents });
  return made;
}

/** The node of an operation on tied operands; null if there is no tie among those that are traced. */
export function tieOf(name: TieName, operands: readonly (number | Traced)[], result: number): Traced | null {
  const isSelection = name === 'max' || name === 'min';
  if (!isSelection && result !== 0) return null;
  const equal = isSelection ? operands.filter((each) => plainOf(each) === result) : operands;
  const isTie = equal.length >= (isSelection ? 2 : 1) && equal.some((each) => each instanceof Traced);
  return isTie ? tied(name, equal, result) : null;
}

function plainOf(operand: number | Traced): number {
  return operand instanceof Traced ? tape.values[operand.tapeIndex]! : operand;
}

/**
 * The gradient at kinks. `max`, `min`, `abs` and `hypot` have no derivative where their operands are equal, or 0. No fixed choice
 * is right in every composition: max(0, x) − max(0, −x) = x needs one half, max(0, −max(0, x)) = 0 needs 0 and 1.
 *
 * So all ties of an evaluation are decided along one direction d, the same for all programs, whose components are all different:
 *
 *   gradient = (g₊ + g₋) / 2        g± = lim ∇f(θ ± εd), ε → 0
 *
 * g₊ and g₋ are the gradients of the pieces of the loss just ahead of θ and just behind it. A forward sweep computes the
 * tangent of each node along d (g₊) or −d (g₋), and decides each tie by the tangents of its operands:
 *
 *   max, min    the operand with the largest, smallest tangent
 *   abs         the sign of the tangent
 *   hypot       tangents / their norm
 *
 * Operands with equal tangents share the derivative: the components of d have no relation to the program, so their gradients
 * are equal but for rounding. A component that is +∞ ahead and −∞ behind, or the reverse, is 0. Along d, the gradient is the
 * central difference: gradient · d = (f'(θ; d) − f'(θ; −d)) / 2.
 *
 * To be called while the tape holds the evaluation.
 */
export function gradientAtTies(grad: Float64Array, root: number): void {
  const write = (take: (i: number, derivative: number) => void): void => {
    tape.reverse(root);
    for (let i = 0; i < grad.length; i++) take(i, i <= root ? tape.adjoints[i]! : 0);
  };
  const first = decide(1, root, grad.length);
  write((i, derivative) => {
    grad[i] = derivative;
  });
  const second = decide(-1, root, grad.length);
  if (first.every((partial, k) => partial === second[k])) return;
  write((i, derivative) => {
    grad[i] = mean(grad[i]!, derivative);
  });
}

function mean(a: number, b: number): number {
  return Math.abs(a) === Number.POSITIVE_INFINITY && a === -b ? 0 : 0.5 * a + 0.5 * b;
}

/**
 * Decides the ties of the tape by tangents along d or −d: their edges get the derivatives there.
 *
 * @param dim  the first nodes are the parameters
 * @returns the partial derivatives by all traced operands of the ties
 */
export function decide(sign: 1 | -1, root: number, dim: number): number[] {
  const { ends, parents, partials, ties } = tape;
  // The reverse sweep overwrites them.
  const tangents = tape.adjoints;
  const decided: number[] = [];
  let next = 0;
  for (let node = 0; node <= root; node++) {
    if (node < dim) {
      tangents[node] = sign * directionComponent(node);
      continue;
    }
    let edge = tape.begin(node);
    if (ties[next]?.node === node) {
      const { name, operands } = ties[next++]!;
      const { partial, tangent } = decision[name](
        operands.map((operand) => (operand < 0 ? 0 : tangents[operand]!)),
      );
      tangents[node] = tangent;
      for (const [k, operand] of operands.entries()) {
        if (operand < 0) continue;
        const value = partial(k);
        decided.push(value);
        // Edges with a derivative of 0 would compute 0·∞. The adjoint of the node itself has been used when it is added to.
        parents[edge] = value === 0 ? node : operand;
        partials[edge++] = value;
      }
      continue;
    }
    let tangent = 0;
    for (; edge < ends[node]!; edge++) {
      const slope = tangents[parents[edge]!]!;
      if (slope !== 0) tangent += slope * partials[edge]!;
    }
    tangents[node] = tangent;
  }
  return decided;
}

interface Decision {
  /** The tangent of the result. */
  readonly tangent: number;
  /** The partial derivative by operand k. */
  readonly partial: (k: number) => number;
}

const decision: { readonly [Name in TieName]: (tangents: readonly number[]) => Decision } = {
  max: (tangents) => selection(tangents, Math.max(...tangents)),
  min: (tangents) => selection(tangents, Math.min(...tangents)),
  abs: ([tangent = 0]) => ({ tangent: Math.abs(tangent), partial: () => Math.sign(tangent) || 0 }),
  hypot: (tangents) => {
    const norm = Math.hypot(...tangents);
    const isUsable = norm > 0 && norm < Number.POSITIVE_INFINITY;
    return { tangent: norm, partial: (k) => (isUsable ? tangents[k]! / norm : 0) };
  },
};

/** If a tangent is NaN, all operands share the derivative. */
function selection(tangents: readonly number[], selected: number): Decision {
  const isSelected = (tangent: number) => Number.isNaN(selected) || tangent === selected;
  const share = 1 / tangents.filter(isSelected).length;
  return { tangent: selected, partial: (k) => (isSelected(tangents[k]!) ? share : 0) };
}

/** With this number, the sizes of the first eight components differ by at least 0.11. */
const firstComponent = 37_306;

/**
 * Component i of d: of random sign and size 0.5 to 1.5. A bijection makes all components different. The low digits come from a
 * second hash, so that sums and differences of components differ, too.
 */
export function directionComponent(i: number): number {
  const high = mixed(firstComponent + i);
  const low = mixed(high ^ 0x85ebca6b);
  const size = 0.5 + (high + low * 2 ** -32) * 2 ** -32;
  return mixed(low) & 1 ? -size : size;
}

/** A bijection of 32-bit integers: the finalizer of MurmurHash3. */
function mixed(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
