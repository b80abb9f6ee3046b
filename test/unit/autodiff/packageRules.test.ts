import { describe, expect, it } from 'vitest';
import { determinantOf, inverseOf } from '../../../src/autodiff/callRules/dense';
import { packageRules } from '../../../src/autodiff/callRules/packageRules';
import { Refusal } from '../../../src/autodiff/refusal';
import { $ } from '../../../src/autodiff/runtime/index';
import { forgetCallRules, setCallRule } from '../../../src/autodiff/runtime/ruledCalls';
import { tracedObjective } from '../../../src/autodiff/tracedObjective';

type Nested = number | readonly Nested[];
type Vector = readonly number[];
type Matrix = readonly Vector[];

const asMatrix = (list: Vector | Matrix, isRow: boolean): Matrix =>
  list.every((each): each is Vector => typeof each !== 'number')
    ? (list as Matrix)
    : isRow
      ? [list as Vector]
      : (list as Vector).map((each) => [each]);

const each =
  (f: (...xs: number[]) => number) =>
  (...args: Nested[]): Nested => {
    const list = args.find((one) => typeof one !== 'number');
    if (list === undefined) return f(...(args as number[]));
    return list.map((_, i) => each(f)(...args.map((one) => (typeof one === 'number' ? one : one[i]!))));
  };
const flat = (nested: Nested): number[] => (typeof nested === 'number' ? [nested] : nested.flatMap(flat));

/** Functions with the names and meanings of the package `numeric`, as plain code that is not instrumented. */
const numeric = {
  add: each((a, b) => a! + b!),
  clone: each((a) => a!),
  det: (a: Matrix) => determinantOf(a),
  dot(a: Vector | Matrix, b: Vector | Matrix): Nested {
    const [p, q] = [asMatrix(a, true), asMatrix(b, false)];
    const made = p.map((row) => q[0]!.map((_, j) => row.reduce((total, v, k) => total + v * q[k]![j]!, 0)));
    const rows = typeof b[0] === 'number' ? made.map(([one]) => one!) : made;
    return typeof a[0] === 'number' ? rows[0]! : rows;
  },
  exp: each((a) => Math.exp(a!)),
  inv: (a: Matrix) => inverseOf(a)!,
  max: each((a, b) => Math.max(a!, b!)),
  mul: each((a, b) => a! * b!),
  norm2: (v: Vector) => Math.sqrt(v.reduce((total, x) => total + x * x, 0)),
  norm1: (v: Vector) => v.reduce((total, x) => total + Math.abs(x), 0),
  norminf: (v: Vector) => Math.max(...v.map(Math.abs)),
  sup: (v: Vector) => Math.max(...v),
  pow: each((a, b) => a! ** b!),
  prod: (v: Vector) => v.reduce((made, x) => made * x, 1),
  solve: (a: Matrix, b: Vector) =>
    inverseOf(a)!.map((row) => row.reduce((total, v, k) => total + v * b[k]!, 0)),
  sum: (v: Nested) => flat(v).reduce((total, x) => total + x, 0),
};
type Name = keyof typeof numeric;

/** A call of one of the functions in an instrumented program, with traced values among the arguments. */
function call(name: Name, ...args: unknown[]): unknown {
  const receiver = $.receiver(numeric, name, -1) as Record<Name, (...args: unknown[]) => unknown>;
  return receiver[name](...args);
}

function gradient(at: readonly number[], loss: (p: number[]) => unknown): number[] {
  forgetCallRules();
  for (const [fn, rule] of packageRules('numeric')!(numeric)) setCallRule(fn, rule);
  const notANumber = (result: unknown) => new TypeError(String(result));
  const grad = new Float64Array(at.length);
  const objective = tracedObjective({ dim: at.length, call: (p) => loss(p as number[]), notANumber });
  objective.valueAndGradient(Float64Array.from(at), grad, () => ({
    step: 1,
    epoch: 0,
    indices: [],
    random: () => 0,
  }));
  return [...grad];
}

const pair = (p: readonly number[], from = 0): [number, number] => [p[from]!, p[from + 1]!];
const square = (p: readonly number[], from = 0) => [pair(p, from), pair(p, from + 2)];

const at = [3, 0.5, -1, 2, 0.7, -0.4];
const [a, b, c, d, e, f] = at as [number, number, number, number, number, number];
const det = a * d - b * c;
const [x0, x1] = [(d * e - b * f) / det, (a * f - c * e) / det];

const rows: [name: string, loss: (p: number[]) => unknown, expected: number[]][] = [
  [
    'solve',
    (p) => call('dot', call('solve', square(p), pair(p, 4)), [2, -3]),
    [
      2 * ((-d * x0) / det) - (3 * (f - d * x1)) / det,
      (2 * (c * x0 - f)) / det - (3 * c * x1) / det,
      (2 * b * x0) / det - (3 * (b * x1 - e)) / det,
      (2 * (e - a * x0)) / det + (3 * a * x1) / det,
      (2 * d + 3 * c) / det,
      (-2 * b - 3 * a) / det,
    ],
  ],
  [
    'solve, with a plain matrix',
    (p) =>
      call(
        'dot',
        call(
          'solve',
          [
            [2, 0],
            [0, 4],
          ],
          pair(p),
        ),
        [2, -3],
      ),
    [1, -0.75, 0, 0, 0, 0],
  ],
  [
    'inv',
    (p) =>
      call(
        'sum',
        call('mul', call('inv', square(p)), [
          [2, 0],
          [0, 5],
        ]),
      ),
    // (2d + 5a) / det
    [
      5 / det - ((2 * d + 5 * a) * d) / det ** 2,
      ((2 * d + 5 * a) * c) / det ** 2,
      ((2 * d + 5 * a) * b) / det ** 2,
      2 / det - ((2 * d + 5 * a) * a) / det ** 2,
      0,
      0,
    ],
  ],
  ['det', (p) => call('det', square(p)), [d, -c, -b, a, 0, 0]],
  [
    'det of a singular matrix',
    // Cofactors of [[p0, p1, 1], [2 p0, 2 p1, 2], [p4, p5, 1]] by p0 in the first row, at (3, 0.5, 0.7, −0.4).
    (p) =>
      call('det', [
        [p[0], 0.5, 1],
        [6, 1, 2],
        [p[4], -0.4, 1],
      ]),
    [1 * 1 - 2 * -0.4, 0, 0, 0, 0.5 * 2 - 1 * 1, 0],
  ],
  ['dot of vectors', (p) => call('dot', pair(p), pair(p, 2)), [c, d, a, b, 0, 0]],
  [
    'dot of a matrix and a vector',
    (p) => call('dot', call('dot', square(p), pair(p, 4)), [1, 10]),
    [e, f, 10 * e, 10 * f, a + 10 * c, b + 10 * d],
  ],
  [
    'dot of a vector and a matrix',
    (p) => call('dot', call('dot', pair(p, 4), square(p)), [1, 10]),
    [e, 10 * e, f, 10 * f, a + 10 * b, c + 10 * d],
  ],
  [
    'dot of matrices',
    (p) =>
      call(
        'sum',
        call('mul', call('dot', square(p), square(p, 2)), [
          [1, 2],
          [3, 4],
        ]),
      ),
    // Σ w_ij Σ_k p_ik q_kj, with p = [[a, b], [c, d]] and q = [[c, d], [e, f]].
    [
      c + 2 * d,
      e + 2 * f,
      3 * c + 4 * d + (a + 3 * c),
      3 * e + 4 * f + (2 * a + 4 * c),
      b + 3 * d,
      2 * b + 4 * d,
    ],
  ],
  [
    'add, with a number for a list',
    (p) => call('prod', call('add', pair(p), p[2])),
    [b + c, a + c, a + b + 2 * c, 0, 0, 0],
  ],
  [
    'pow',
    (p) => call('sum', call('pow', pair(p), [2, p[3]])),
    [2 * a, d * b ** (d - 1), 0, b ** d * Math.log(b), 0, 0],
  ],
  [
    'exp of nested lists',
    (p) => call('sum', call('exp', square(p))),
    [a, b, c, d].map(Math.exp).concat(0, 0),
  ],
  ['clone', (p) => call('dot', call('clone', pair(p)), [7, 8]), [7, 8, 0, 0, 0, 0]],
  ['max', (p) => call('sum', call('max', pair(p), 1)), [1, 0, 0, 0, 0, 0]],
  ['norm2', (p) => call('norm2', pair(p)), [a / Math.hypot(a, b), b / Math.hypot(a, b), 0, 0, 0, 0]],
  [
    'norminf',
    (p) =>
      call(
        'norminf',
        pair(p, 2).map((each) => $.neg(each, -1)),
      ),
    [0, 0, 0, 1, 0, 0],
  ],
];

describe('the built-in derivatives of functions of lists', () => {
  it.each(rows)('%s', (_, loss, expected) => {
    // At most about ten operations with numbers below 10.
    for (const [i, given] of gradient(at, loss).entries())
      expect(Math.abs(given - expected[i]!), `[${i}]: ${given} instead of ${expected[i]}`).toBeLessThan(
        1e-14,
      );
  });

  it('is refused for arguments that it does not describe', () => {
    expect(() => gradient(at, (p) => call('norm2', square(p) as unknown))).toThrow(Refusal);
    expect(() => gradient(at, (p) => call('add', pair(p), pair(p), pair(p)))).toThrow(/numeric.add/);
  });
});

describe('packages with built-in derivatives', () => {
  const special = (module: object, name: string) =>
    packageRules(name)?.(module).map(([, { functionName }]) => functionName) ?? null;
  const fn = () => 0;

  it.each([
    ['@stdlib/math-base-special-erf', fn, ['@stdlib/math-base-special-erf']],
    ['@stdlib/math/base/special/gammaln', fn, ['@stdlib/math/base/special/gammaln']],
    ['@stdlib/math-base-special-ln', fn, ['@stdlib/math-base-special-ln']],
    ['@stdlib/math-base-special', { beta: fn, ln: fn, other: fn }, ['ln', 'beta']],
    ['@stdlib/math-base-special-toString', fn, null],
    ['@stdlib/math-base-specialerf', fn, null],
    ['erf', fn, null],
    ['numeric', { solve: fn, addVS: fn, solver: fn, det: 3 }, ['numeric.addVS', 'numeric.solve']],
  ])('%s', (name, module, expected) => {
    expect(special(module, name)).toEqual(expected);
  });
});

describe('kinks of built-in rules are decided with those of the program', () => {
  const max = (...xs: unknown[]) => call('max', ...xs);
  const one = (v: unknown) => v as never;
  it.each([
    ['max', (p) => max(0, $.neg(one(max(0, p[0])), 1)), [0, 0], [0, 0]],
    ['max of lists', (p) => (call('max', [0, p[1]], [p[0], p[1]]) as unknown[])[0], [0, 0], [0.5, 0]],
    ['norm1', (p) => $.math.max(0, $.neg(one(call('norm1', p)), 1), 1), [0, 0], [0, 0]],
    ['norm1 with one 0', (p) => call('norm1', p), [0, -2], [0, -1]],
    ['norm2', (p) => $.math.max(0, $.neg(one(call('norm2', p)), 1), 1), [0, 0], [0, 0]],
    ['norminf', (p) => $.math.max(0, $.neg(one(call('norminf', p)), 1), 1), [0, 0], [0, 0]],
    ['norminf of opposite numbers', (p) => call('norminf', p), [1, -1], [0.5, -0.5]],
    ['norminf of one 0', (p) => call('norminf', [p[0]]), [0, 3], [0, 0]],
    ['sup', (p) => $.sub(one(call('sup', p)), one($.math.max(p[0], p[1], 1)), 1), [2, 2], [0, 0]],
  ] as readonly (readonly [string, (p: readonly unknown[]) => unknown, number[], number[]])[])(
    '%s',
    (_, loss, at, expected) => {
      expect(gradient(at, loss).map((each) => each + 0)).toEqual(expected);
    },
  );
});
