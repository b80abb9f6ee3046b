import { expect, test } from 'vitest';
import type { OperationName } from '../../../src/autodiff/rules';
import { $ } from '../../../src/autodiff/runtime';
import type { Expression } from '../../../src/autodiff/runtime/api';
import { directionComponent } from '../../../src/autodiff/ties';
import { type Random, seededRandom } from '../../../src/core/numerics/random';
import { traced } from './support/tracing';

/** A value and its derivatives with respect to the parameters, by forward mode with independent formulas. */
interface Dual {
  readonly value: number;
  readonly by: readonly number[];
}

type Sited = (...operands: unknown[]) => unknown;

interface Step {
  readonly name: OperationName;
  readonly run: Sited;
  readonly arity: 1 | 2;
  /** For ties, it gets the derivatives of the operands along the direction that decides them. */
  readonly forward: (
    a: number,
    b: number,
    alongA: number,
    alongB: number,
  ) => readonly [value: number, byA: number, byB: number];
}

const { exp, log, sin, cos, sqrt, atan, abs, tanh } = Math;

/** Operations that are smooth or select an operand. All are defined for the values that occur here. */
const steps: readonly Step[] = [
  step('add', $.add, 2, (a, b) => [a + b, 1, 1]),
  step('sub', $.sub, 2, (a, b) => [a - b, 1, -1]),
  step('mul', $.mul, 2, (a, b) => [a * b, b, a]),
  step('neg', $.neg, 1, (a) => [-a, -1, 0]),
  step('sin', $.math.sin, 1, (a) => [sin(a), cos(a), 0]),
  step('cos', $.math.cos, 1, (a) => [cos(a), -sin(a), 0]),
  step('tanh', $.math.tanh, 1, (a) => [tanh(a), 4 / (exp(a) + exp(-a)) ** 2, 0]),
  step('atan', $.math.atan, 1, (a) => [atan(a), 1 / (1 + a * a), 0]),
  step('asinh', $.math.asinh, 1, (a) => [Math.asinh(a), 1 / sqrt(a * a + 1), 0]),
  step('abs', $.math.abs, 1, (a, _b, alongA) => [abs(a), Math.sign(a || alongA), 0]),
  step('max', $.math.max, 2, (a, b, alongA, alongB) => {
    const share = shareOfFirst(a - b || alongA - alongB);
    return [Math.max(a, b), share, 1 - share];
  }),
  step('min', $.math.min, 2, (a, b, alongA, alongB) => {
    const share = shareOfFirst(b - a || alongB - alongA);
    return [Math.min(a, b), share, 1 - share];
  }),
  step('hypot', $.math.hypot, 2, (a, b, alongA, alongB) => {
    const [x, y] = a === 0 && b === 0 ? [alongA, alongB] : [a, b];
    const r = sqrt(x * x + y * y);
    return r === 0 ? [0, 0, 0] : [Math.hypot(a, b), x / r, y / r];
  }),
  step('atan2', $.math.atan2, 2, (a, b) => {
    const s = a * a + b * b;
    return s === 0 ? [Math.atan2(a, b), 0, 0] : [Math.atan2(a, b), b / s, -a / s];
  }),
];

function shareOfFirst(difference: number): number {
  return abs(difference) < 1e-12 ? 0.5 : Number(difference > 0);
}

function step(name: OperationName, run: unknown, arity: 1 | 2, forward: Step['forward']): Step {
  return { name, run: run as Sited, arity, forward };
}

/** Every node is an operation on two earlier nodes: first parameters, then constants, then nodes. */
interface Graph {
  readonly dim: number;
  readonly constants: readonly number[];
  readonly nodes: readonly { readonly step: Step; readonly a: number; readonly b: number }[];
}

function randomGraph(random: Random): Graph {
  const dim = 1 + Math.floor(random() * 4);
  const constants = Array.from({ length: 3 }, () => Math.round(8 * (random() - 0.5)) / 4);
  const nodes = Array.from({ length: 1 + Math.floor(random() * 40) }, (_, i) => {
    const below = dim + constants.length + i;
    // Recent nodes are preferred, so that the graphs are deep.
    const pick = () => Math.floor(random() < 0.5 ? Math.max(0, below - 1 - random() * 4) : random() * below);
    return { step: steps[Math.floor(random() * steps.length)]!, a: pick(), b: pick() };
  });
  return { dim, constants, nodes };
}

/** At ties the mean of the gradients just ahead and just behind. */
function forwardMode(graph: Graph, at: readonly number[]): Dual {
  const [ahead, behind] = [pieceAlong(graph, at, 1), pieceAlong(graph, at, -1)];
  return { value: ahead.value, by: ahead.by.map((each, i) => (each + behind.by[i]!) / 2) };
}

function pieceAlong({ dim, constants, nodes }: Graph, at: readonly number[], side: 1 | -1): Dual {
  const along = ({ by }: Dual) => by.reduce((sum, each, i) => sum + side * directionComponent(i) * each, 0);
  const duals: Dual[] = at.map((value, i) => ({ value, by: at.map((_, j) => Number(i === j)) }));
  for (const value of constants) duals.push({ value, by: at.map(() => 0) });
  for (const { step, a, b } of nodes) {
    const [x, y] = [duals[a]!, duals[b]!];
    const [value, byA, byB] = step.forward(x.value, y.value, along(x), along(y));
    const second = step.arity === 2 ? byB : 0;
    duals.push({ value, by: Array.from({ length: dim }, (_, i) => byA * x.by[i]! + second * y.by[i]!) });
  }
  return duals.at(-1)!;
}

/** Evaluates all nodes as separate operations of the runtime. */
function stepwise({ constants, nodes }: Graph, params: readonly unknown[]): unknown {
  const values: unknown[] = [...params, ...constants];
  for (const { step, a, b } of nodes)
    values.push(step.arity === 1 ? step.run(values[a], 7) : step.run(values[a], values[b], 7));
  return values.at(-1);
}

/**
 * The last node as one expression, whose operands are parameters, constants and the nodes `depth` levels
 * below it.
 */
function fused(graph: Graph, params: readonly unknown[], depth: number): unknown {
  const { dim, constants, nodes } = graph;
  const below = dim + constants.length;
  const leaves: number[] = [];
  const tree = (index: number, left: number): Expression => {
    if (index >= dim && index < below) return { constant: constants[index - dim]! };
    if (index < below || left === 0) {
      if (!leaves.includes(index)) leaves.push(index);
      return leaves.indexOf(index);
    }
    const { step, a, b } = nodes[index - below]!;
    return step.arity === 1
      ? [step.name, 7, tree(a, left - 1)]
      : [step.name, 7, tree(a, left - 1), tree(b, left - 1)];
  };
  const values: unknown[] = [...params, ...constants];
  nodes.forEach((_, i) => {
    leaves.length = 0;
    const whole = tree(below + i, depth);
    values.push($.expression(leaves.length, whole)(...leaves.map((leaf) => values[leaf])));
  });
  return values.at(-1);
}

const seed = 4711;
const runs = 1500;

test.each([
  ['operator by operator', stepwise],
  ['in expressions of one operator', (graph: Graph, params: readonly unknown[]) => fused(graph, params, 1)],
  ['in expressions four deep', (graph: Graph, params: readonly unknown[]) => fused(graph, params, 4)],
] as const)(`random graphs agree with forward mode, %s`, (_name, evaluate) => {
  for (let run = 0; run < (evaluate === stepwise ? runs : 150); run++) {
    const random = seededRandom(seed, run);
    const graph = randomGraph(random);
    // Multiples of 1/4, so that ties and zeros occur.
    const at = Array.from({ length: graph.dim }, () => Math.round(12 * (random() - 0.5)) / 4);
    const expected = forwardMode(graph, at);
    const found = traced((params) => evaluate(graph, params), at);
    const replay = `seed ${seed}, run ${run}`;
    expect(Math.abs(found.value - expected.value), replay).toBeLessThanOrEqual(
      1e-13 * Math.max(1, abs(expected.value)),
    );
    const scale = Math.max(1, ...expected.by.map(abs));
    for (let i = 0; i < at.length; i++)
      expect(Math.abs(found.grad[i]! - expected.by[i]!), replay).toBeLessThanOrEqual(1e-11 * scale);
  }
});

test('the logarithm of a long product agrees with its closed form', () => {
  const at = [1.1, 0.3, 2.2, 0.7];
  const { value, grad } = traced((params) => {
    let product: unknown = 1;
    for (let i = 0; i < 40; i++) product = $.mul(product, params[(i % 4) as 0], 1);
    return $.math.log(product, 1);
  }, at);
  expect(value).toBeCloseTo(10 * at.reduce((sum, x) => sum + log(x), 0), 11);
  for (const [i, x] of at.entries()) expect(grad[i]! * x).toBeCloseTo(10, 12);
});
