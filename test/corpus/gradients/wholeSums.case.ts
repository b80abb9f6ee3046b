import { closedForm, type GradientCase, sum } from './case';

const data = [1, 2, -1] as const;
const table = [
  [1, 0, 2],
  [0, 3, -1],
  [2, 1, 1],
] as const;
type Formula = (...at: number[]) => readonly [value: number, gradient: readonly number[]];

const loop = (name: string, loss: string, formula: Formula): GradientCase => ({
  name,
  file: 'sums/whole.js',
  loss,
  dim: 3,
  points: closedForm(formula, [0.3, 0.7, 1.2], [-1, 2, 0.5]),
});
const times = (v: readonly number[]) => table.map((row) => sum(row.map((each, j) => each * v[j]!)));

/** Loops and reductions that are executed as one function each. */
export const cases: readonly GradientCase[] = [
  loop('an inner product in a loop', 'innerProductLoss', (...p) => {
    const s = sum(p.map((x, i) => x * data[i]!));
    return [s * s, data.map((d) => 2 * s * d)];
  }),
  loop('a quadratic form in nested loops', 'quadraticFormLoss', (...p) => {
    const right = times(p);
    return [
      sum(p.map((x, i) => x * right[i]!)),
      p.map((_, k) => right[k]! + sum(p.map((x, i) => x * table[i]![k]!))),
    ];
  }),
  loop('least squares with a limit in the head of the loop', 'residualsLoss', (...p) => {
    const r = times(p).map((each, i) => each - data[i]!);
    return [
      sum(r.map((each) => each * each)),
      p.map((_, j) => 2 * sum(r.map((each, i) => each * table[i]![j]!))),
    ];
  }),
  loop('constants in the body of the loop', 'distancesLoss', (...p) => {
    const d = p.map((x, i) => x - data[i]!);
    return [sum(d.map((each) => each ** 3)), d.map((each) => 3 * each ** 2)];
  }),
  loop('a loop downwards that subtracts', 'backwardsLoss', (x, y, z) => [
    x! * y! - z! * y! - y! * x!,
    [0, -z!, -y!],
  ]),
  loop('a loop in steps of two', 'everySecondLoss', (x, _y, z) => [
    1 + Math.exp(x!) - Math.exp(z!),
    [Math.exp(x!), 0, -Math.exp(z!)],
  ]),
  loop('a loop without an iteration', 'emptyLoss', (x, y, z) => [x! * y! * z!, [y! * z!, x! * z!, x! * y!]]),
  loop('elements of a matrix through a method', 'methodLoss', (x, y, z) => {
    const [a, b] = [2 * x! + x! * y!, 2 * z! + x!];
    return [a * b, [(2 + y!) * b + a, x! * b, 2 * a]];
  }),
  loop('a getter that computes', 'getterLoss', (x, y, z) => {
    const s = x! + y! + z!;
    return [s * x! * y!, [x! * y! + s * y!, x! * y! + s * x!, x! * y!]];
  }),
  loop('a function that computes', 'calledLoss', (...p) => [
    p[2]! + sum(p.map((x, i) => x * x * data[i]!)),
    p.map((x, i) => 2 * x * data[i]! + (i === 2 ? 1 : 0)),
  ]),
  // x0 = p0, x1 = p1 / 2, x2 = (p2 - 2 p0 - p1 / 2) / 3
  loop('forward substitution', 'triangleLoss', (x, y, z) => [x! + y! + (z! - 2 * x! - y! / 2), [-1, 0.5, 1]]),
  loop('strides of unknown type', 'stridesLoss', (x, y, z) => {
    const [a, b] = [x! + 2 * z!, 2 * x! - y! + z!];
    return [a * b, [b + 2 * a, -a, 2 * b + a]];
  }),
  loop('indices from a list', 'gatheredLoss', (x, y, z) => [
    2 * z! * x! + z! * y!,
    [2 * z!, z!, 2 * x! + y!],
  ]),
  loop('a typed array', 'typedLoss', (...p) => [
    sum(p.map((x, i) => x * x * data[i]!)),
    p.map((x, i) => 2 * x * data[i]!),
  ]),
  loop('texts among the factors', 'textLoss', (x, y, z) => {
    const s = x! + 2 * y! + 3 * z!;
    return [s * x!, [s + x!, 2 * x!, 3 * x!]];
  }),
  loop('a reduction that begins with a parameter', 'reducedLoss', (...p) => [
    p[0]! + sum(p.map((x, i) => x * x * data[i]!)),
    p.map((x, i) => 2 * x * data[i]! + (i === 0 ? 1 : 0)),
  ]),
  loop('a reduction from the right', 'reducedBackLoss', (x, y, z) => {
    const s = 2 - x! - 2 * z!;
    return [s * y!, [-y!, s, -2 * y!]];
  }),
  loop('a reduction over a hole', 'holesLoss', (x, _y, z) => [x! + 3 * z!, [1, 0, 3]]),
  loop('weights that another function changes', 'changingLoss', (x, y, z) => {
    const s = x! + 2 * y! - z!;
    const slope = 2 * (1 + s) + 1 + 2 * s;
    return [(1 + s) * (1 + 2 * s), [slope, 2 * slope, -slope]];
  }),
  loop('a loop that ends with an exception', 'stoppedLoss', (x, y, z) => [
    x! * y! * z!,
    [y! * z!, x! * z!, x! * y!],
  ]),
  loop('zero times an infinite derivative', 'largestLoss', (...p) => [
    sum(p.map((x) => Math.max(x, 0) ** 1.5)),
    p.map((x) => 1.5 * Math.sqrt(Math.max(x, 0))),
  ]),
];
