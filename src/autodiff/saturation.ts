import type { Direction } from '../core/ascent';
import type { SaturatedExpression } from '../core/ending/heldBack';
import type { OpenContext } from '../core/objective';
import { checking, type Operation } from './checking';
import type { OperationName } from './rules';
import { noSite } from './sites';
import { tape } from './tape';
import { evaluateTraced, gradientInto, type TracedLoss } from './tracedObjective';

/** An expression of the source with asymptotes, by its place on the tape. */
export type BoundedExpression = Omit<SaturatedExpression, 'place'> & { readonly site: number };

export interface SaturationScan {
  readonly expressions: readonly BoundedExpression[];
  /** The share of the loss that consists of outputs which it pulls across their asymptotes; see `pulledShare`. */
  readonly pulledShare: number;
}

/** A value with asymptotes. */
interface Bounded {
  readonly node: number;
  readonly site: number;
  readonly value: number;
  /** The nearest asymptote, whether it is the lower one, and the distance to the other one. */
  readonly bound: number;
  readonly isLow: boolean;
  readonly range: number;
  readonly depth: number;
  readonly isSaturated: boolean;
}

/** Values this near to their asymptote are saturated, relative to their range. */
const near = 0.01;
/** A term this small in relation to the pull on its output is at its minimum: −log p at p = 1. */
const fulfilled = 0.02;
/** Of the pulls on saturated outputs, this share must lead across the asymptotes. Noise around an asymptote pulls both ways. */
const oneWay = 0.9;
/** The largest depth that the rounded value of a logistic function shows. */
const deepest = 37;

const logarithms: readonly (OperationName | null)[] = ['log', 'log1p', 'log2', 'log10'];

/**
 * Evaluates the loss once more at `params`, and examines the expressions that have asymptotes: tanh, atan, the logistic
 * function 1/(1 + exp(−z)), and exp(z)/sum, as in a softmax. Values without a derivative, such as tanh(400), are not seen.
 *
 * @param direction  −1: the negated function is minimized
 */
export async function saturationAt(
  loss: TracedLoss,
  params: Float64Array,
  open: OpenContext,
  direction: Direction = 1,
): Promise<SaturationScan> {
  const checked: TracedLoss = {
    ...loss,
    call(handles, context) {
      // A checked evaluation executes expressions operator by operator, so that each operation is recorded.
      checking.start();
      return loss.call(handles, context);
    },
  };
  return evaluateTraced(checked, params, open, (_, root) => {
    if (root === null) return { expressions: [], pulledShare: 0 };
    gradientInto(new Float64Array(params.length), root);
    for (let node = 0; node <= root; node++) tape.adjoints[node]! *= direction;
    const bounded = boundedUpTo(root);
    const { share, pulled } = pulledOutputs(root, bounded);
    return { expressions: bySite(bounded, pulled, params.length), pulledShare: share };
  });
}

function bySite(
  bounded: ReadonlyMap<number, Bounded>,
  pulled: ReadonlySet<number>,
  dim: number,
): BoundedExpression[] {
  const sites = new Map<number, Bounded[]>();
  for (const each of bounded.values()) {
    if (each.site === noSite) continue;
    const known = sites.get(each.site);
    if (known) known.push(each);
    else sites.set(each.site, [each]);
  }
  return [...sites].flatMap(([site, all]) => {
    const saturated = all.filter(({ isSaturated }) => isSaturated).sort((a, b) => a.depth - b.depth);
    const middle = saturated[saturated.length >> 1];
    return middle === undefined
      ? []
      : [
          {
            site,
            count: all.length,
            saturated: saturated.length,
            value: middle.value,
            bound: middle.bound,
            depth: middle.depth,
            pulled: saturated.filter(({ node }) => pulled.has(node)).length,
            coordinates: coordinatesOf(
              saturated.map(({ node }) => node),
              dim,
            ),
          },
        ];
  });
}

/** The coordinates that any of these nodes depends on, in ascending order. Nodes 0 to dim − 1 are the parameters. */
function coordinatesOf(nodes: readonly number[], dim: number): number[] {
  const last = nodes.reduce((a, b) => Math.max(a, b), 0);
  const reached = new Uint8Array(last + 1);
  for (const node of nodes) reached[node] = 1;
  for (let node = last; node >= 0; node--) {
    if (reached[node] === 0) continue;
    for (let edge = tape.begin(node); edge < tape.ends[node]!; edge++) reached[tape.parents[edge]!] = 1;
  }
  const coordinates: number[] = [];
  for (let i = 0; i < dim && i <= last; i++) if (reached[i] === 1) coordinates.push(i);
  return coordinates;
}

/** The values with asymptotes up to a node, by node. */
function boundedUpTo(root: number): Map<number, Bounded> {
  const found = new Map<number, Bounded>();
  for (let node = 0; node <= root; node++) {
    const each = boundedAt(node);
    if (each !== null) found.set(node, each);
  }
  return found;
}

function boundedAt(node: number): Bounded | null {
  const operation = checking.operationOf(node);
  const [a] = operation.inputs;
  switch (operation.name) {
    case 'tanh':
      return bounded(node, operation.site, -1, 1, 2 * Math.abs(Number(a)));
    case 'atan':
      return bounded(node, operation.site, -Math.PI / 2, Math.PI / 2, Math.log1p(Math.abs(Number(a))));
    case 'div':
      return quotientAt(node, operation);
    default:
      return null;
  }
}

/** c/(d + exp(z)) with constants c and d, or exp(z)/sum where the sum is at least exp(z). */
function quotientAt(node: number, { site, inputs }: Operation): Bounded | null {
  const [a, b] = inputs as readonly [number, number];
  const parents = parentsOf(node);
  const denominator = parents.at(-1);
  if (denominator === undefined) return null;
  const [first] = parents as [number];
  if (parents.length === 2) {
    const isShare = checking.operationOf(first).name === 'exp' && a > 0 && b >= a;
    return isShare ? bounded(node, site, 0, 1, null) : null;
  }
  const sum = checking.operationOf(denominator);
  if (tape.values[denominator] !== b || sum.name !== 'add') return null;
  const [exponential, ...others] = parentsOf(denominator);
  if (exponential === undefined || others.length > 0) return null;
  const { name, inputs: exponents } = checking.operationOf(exponential);
  const offset = Number(sum.inputs.find((input) => input !== tape.values[exponential]) ?? sum.inputs[0]);
  if (name !== 'exp' || !(offset > 0)) return null;
  const top = a / offset;
  return bounded(node, site, Math.min(0, top), Math.max(0, top), Math.abs(Number(exponents[0])));
}

/** @param depth  null: as the value shows */
function bounded(node: number, site: number, low: number, high: number, depth: number | null): Bounded {
  const value = tape.values[node]!;
  const range = high - low;
  const isLow = value - low < high - value;
  const distance = (isLow ? value - low : high - value) / range;
  return {
    node,
    site,
    value,
    bound: isLow ? low : high,
    isLow,
    range,
    depth: depth ?? (distance > 0 ? -Math.log(distance) : deepest),
    isSaturated: distance <= near,
  };
}

/** What is known of the values that depend on the parameters only through values with asymptotes. */
interface Derived {
  /** Whether it depends on them by another function than a linear one: a squared error, but no expected cost. */
  readonly isNonlinear: boolean;
  /** Whether it is the logarithm of a value near 1: the term of a likelihood that cannot become smaller. */
  readonly isFulfilled: boolean;
}

/**
 * The outputs that the loss pulls across their asymptotes. A term of the loss is a value that
 *
 *   depends on the parameters only through values with asymptotes, not linearly, and
 *   is added to the rest of the loss: no parameter scales it, and none is added before it is squared.
 *
 * An output is a value with an asymptote in a term. The loss pulls it across its asymptote if the value is
 * saturated, the derivative of the loss leads beyond the asymptote, and the term is not at its minimum.
 *
 * @returns the nodes of the outputs, and the share of the loss in their terms: 0 if many outputs are pulled back
 */
function pulledOutputs(
  root: number,
  bounded: ReadonlyMap<number, Bounded>,
): { readonly share: number; readonly pulled: ReadonlySet<number> } {
  const derived = derivedUpTo(root, bounded);
  const base = baseOf(root);
  const pulled = new Set<number>();
  let [across, back, share] = [0, 0, 0];
  for (const term of termsOf(base, derived)) {
    const { isNonlinear, isFulfilled } = derived.get(term)!;
    if (!isNonlinear || isFulfilled) continue;
    let pull = 0;
    const outputs = outputsOf(term, derived, bounded).filter(({ isSaturated }) => isSaturated);
    const crossing: number[] = [];
    for (const { node, isLow, range } of outputs) {
      const each = (isLow ? 1 : -1) * tape.adjoints[node]! * range;
      if (each > 0) {
        pull += each;
        crossing.push(node);
      } else back -= each;
    }
    const height = tape.adjoints[term]! * tape.values[term]!;
    if (!(height >= fulfilled * pull) || crossing.length === 0) continue;
    across += pull;
    share += height / (tape.adjoints[base]! * tape.values[base]!);
    for (const node of crossing) pulled.add(node);
  }
  const isOneWay = across > 0 && across >= oneWay * (across + back);
  return isOneWay ? { share, pulled } : { share: 0, pulled: new Set() };
}

function derivedUpTo(root: number, bounded: ReadonlyMap<number, Bounded>): Map<number, Derived> {
  const derived = new Map<number, Derived>();
  for (let node = 0; node <= root; node++) {
    const parents = parentsOf(node);
    if (bounded.has(node) || parents.length === 0) continue;
    if (!parents.every((parent) => bounded.has(parent) || derived.has(parent))) continue;
    const { name } = checking.operationOf(node);
    const before = parents.map((parent) => derived.get(parent));
    derived.set(node, {
      isNonlinear: before.some((each) => each?.isNonlinear) || !isMultilinear(node, derived, bounded),
      isFulfilled:
        (logarithms.includes(name) && Math.abs(tape.values[node]!) <= fulfilled) ||
        before.some((each) => each?.isFulfilled),
    });
  }
  return derived;
}

/** Whether a node is a linear function of each of its values with asymptotes: a sum, or a product of different ones. */
function isMultilinear(
  node: number,
  derived: ReadonlyMap<number, Derived>,
  bounded: ReadonlyMap<number, Bounded>,
): boolean {
  if (isLinear(node)) return true;
  if (checking.operationOf(node).name !== 'mul') return false;
  const [a, b] = parentsOf(node) as [number, number];
  if (a === b) return false;
  const ofA = new Set(outputsOf(a, derived, bounded));
  return !outputsOf(b, derived, bounded).some((output) => ofA.has(output));
}

/** The node below the increasing functions of a single value with which the loss ends, such as the root of a mean. */
function baseOf(root: number): number {
  let node = root;
  for (;;) {
    const [parent, ...others] = parentsOf(node);
    const { name } = checking.operationOf(node);
    const isIncreasing = name === 'sqrt' || logarithms.includes(name) || isLinear(node);
    if (parent === undefined || others.length > 0 || !isIncreasing) return node;
    node = parent;
  }
}

/** The derived values from which the loss is computed by additions and constant factors, and which are no such sums. */
function termsOf(base: number, derived: ReadonlyMap<number, Derived>): number[] {
  const terms: number[] = [];
  const reached = new Uint8Array(base + 1);
  reached[base] = 1;
  for (let node = base; node >= 0; node--) {
    if (reached[node] === 0) continue;
    if (isLinear(node)) for (const parent of parentsOf(node)) reached[parent] = 1;
    else if (derived.has(node)) terms.push(node);
  }
  return terms;
}

function outputsOf(
  term: number,
  derived: ReadonlyMap<number, Derived>,
  bounded: ReadonlyMap<number, Bounded>,
): Bounded[] {
  const outputs: Bounded[] = [];
  const seen = new Set([term]);
  // A set grows while it is iterated.
  for (const node of seen) {
    const output = bounded.get(node);
    if (output) outputs.push(output);
    else if (derived.has(node)) for (const parent of parentsOf(node)) seen.add(parent);
  }
  return outputs;
}

/** Whether a node adds its parents, with constant factors. */
function isLinear(node: number): boolean {
  const { name, inputs } = checking.operationOf(node);
  const begin = tape.begin(node);
  const count = tape.ends[node]! - begin;
  switch (name) {
    case 'add':
    case 'sub':
    case 'neg':
      return true;
    case 'mul':
      return count === 1;
    case 'div':
      return count === 1 && tape.partials[begin] === 1 / Number(inputs[1]);
    case null:
      return isSumOfParents(node);
    default:
      return false;
  }
}

/** For a node whose operation is not known: a sum of many operands has the value Σ partial · operand. */
function isSumOfParents(node: number): boolean {
  let [sum, size] = [0, 0];
  for (let edge = tape.begin(node); edge < tape.ends[node]!; edge++) {
    const part = tape.partials[edge]! * tape.values[tape.parents[edge]!]!;
    sum += part;
    size += Math.abs(part);
  }
  return Math.abs(sum - tape.values[node]!) <= 1e-12 * size;
}

function parentsOf(node: number): number[] {
  return [...tape.parents.subarray(tape.begin(node), tape.ends[node])];
}
