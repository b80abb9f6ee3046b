import { closedForm, type GradientCase, rough, sum } from './case';

const xs = [-1, -0.5, 0, 0.5, 1, 2];
const rows = [1, 2, 3, 4];

export const cases: readonly GradientCase[] = [
  {
    name: 'a polynomial by Horner, in nested loops',
    file: 'loops/polynomial.ts',
    loss: 'polynomialLoss',
    dim: 4,
    points: closedForm(
      (...c) => {
        const residual = (x: number) => sum(c.map((ck, k) => ck * x ** k)) - Math.abs(x);
        return [
          sum(xs.map((x) => residual(x) ** 2)) / 6,
          c.map((_, k) => sum(xs.map((x) => 2 * residual(x) * x ** k)) / 6),
        ];
      },
      [0, 0, 0, 0],
      [0.1, -0.2, 0.7, 0.05],
      [3, 2, -4, 1],
    ),
  },
  {
    name: 'two counters in one for',
    file: 'loops/everyLoop.js',
    loss: 'palindromeCost',
    dim: 5,
    points: closedForm(
      (...p) => [
        (p[0]! - p[4]!) ** 2 + (p[1]! - p[3]!) ** 2,
        [2 * (p[0]! - p[4]!), 2 * (p[1]! - p[3]!), 0, 2 * (p[3]! - p[1]!), 2 * (p[4]! - p[0]!)],
      ],
      [1, 2, 3, 4, 5],
      [1, 2, 3, 2, 1],
    ),
  },
  {
    name: 'while (i--)',
    file: 'loops/everyLoop.js',
    loss: 'fadingLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => [a! ** 2 + 0.5 * b! ** 2 + 0.25 * c! ** 2, [2 * a!, b!, 0.5 * c!]],
      [1, 2, 3],
      [0, -4, 0.5],
    ),
  },
  {
    name: 'do until the terms no longer count',
    file: 'loops/everyLoop.js',
    loss: 'seriesLoss',
    dim: 2,
    points: closedForm(
      (x, y) => {
        const r = Math.expm1(x!) - y!;
        return [r ** 2, [2 * r * Math.exp(x!), -2 * r]];
      },
      [0.5, 1],
      [-0.25, 2],
      [2, 3],
    ),
  },
  {
    name: 'while (true) with break and a swap by destructuring',
    file: 'loops/everyLoop.js',
    loss: 'agmLoss',
    dim: 2,
    // Gauss: 1/M(a, b) is the mean of 1/√(a² cos² + b² sin²) over a turn; the trapezoidal rule is exact to rounding.
    points: closedForm(
      (a, b) => {
        const turn = Array.from({ length: 400 }, (_, i) => (2 * Math.PI * i) / 400);
        const radius = (t: number) => Math.hypot(a! * Math.cos(t), b! * Math.sin(t));
        const mean = (f: (t: number) => number) => sum(turn.map(f)) / turn.length;
        const m = 1 / mean((t) => 1 / radius(t));
        return [
          m,
          [
            m ** 2 * mean((t) => (a! * Math.cos(t) ** 2) / radius(t) ** 3),
            m ** 2 * mean((t) => (b! * Math.sin(t) ** 2) / radius(t) ** 3),
          ],
        ];
      },
      [1, 2],
      [24, 6],
      [3, 3.5],
    ),
  },
  {
    name: 'labelled break and continue',
    file: 'loops/everyLoop.js',
    loss: 'tableCost',
    dim: 2,
    points: closedForm(
      (s, o) => [
        sum(rows.map((v) => (s! * v + o! - v * v) ** 2)) / 4,
        [
          sum(rows.map((v) => 2 * (s! * v + o! - v * v) * v)) / 4,
          sum(rows.map((v) => 2 * (s! * v + o! - v * v))) / 4,
        ],
      ],
      [0, 0],
      [5, -5],
      [1.25, 0.5],
    ),
  },
  {
    name: 'for … in over keys of an object and of the parameters',
    file: 'loops/everyLoop.js',
    loss: 'penaltyLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => [a! ** 2 + 10 * b! ** 2 + 100 * c! ** 2 - b!, [2 * a!, 20 * b! - 1, 200 * c!]],
      [1, 2, 3],
      [-0.5, 0, 0.25],
    ),
  },
  {
    name: 'every compound assignment on a member',
    file: 'loops/compound.ts',
    loss: 'ledgerCost',
    dim: 2,
    points: closedForm(
      (x, y) => {
        const b = (1.5 * (x! + y!) - x! * y!) / 2;
        return [b * b, [b * (1.5 - y!), b * (1.5 - x!)]];
      },
      [1, 2],
      [-3, 0.5],
      [0, 0],
    ),
  },
  {
    name: 'a[i++] += x counts once',
    file: 'loops/compound.ts',
    loss: 'cursorCost',
    dim: 2,
    points: closedForm(
      (x, y) => [
        (1 + x!) * 2 * y! + (3 - x! * y!) ** 2 + 1,
        [2 * y! - 2 * y! * (3 - x! * y!), 2 * (1 + x!) - 2 * x! * (3 - x! * y!)],
      ],
      [0, 0],
      [1, 2],
      [-2, 0.5],
    ),
  },
  {
    name: 'increments before and after, of names and elements',
    file: 'loops/compound.ts',
    loss: 'stepsCost',
    dim: 2,
    points: closedForm(
      (x, y) => [
        x! * (x! + 1) + (y! - 1) ** 2 + x! * y! + (x! + 1) * (y! - 1),
        [2 * x! + 2 * y!, 2 * (y! - 1) + 2 * x! + 1],
      ],
      [0, 0],
      [1.5, -2],
    ),
  },
  {
    name: 'the left operand is read before the right one changes it',
    file: 'loops/compound.ts',
    loss: 'orderCost',
    dim: 1,
    points: closedForm((x) => [5 * x! ** 2 + 2 * x!, [10 * x! + 2]], [0], [1], [-0.75]),
  },
  {
    name: 'object and key of a compound assignment are evaluated once, in order',
    file: 'loops/compound.ts',
    loss: 'callCountCost',
    dim: 2,
    // Calls: object 0, key 1; object 2, key 3 % 3 = 0; object 4, key 5 % 3 = 2.
    points: closedForm(
      (x, y) => [x! ** 2 + 20 * y! + 100 * (x! * y! + 1) + 6, [2 * x! + 100 * y!, 20 + 100 * x!]],
      [1, 2],
      [-0.5, 3],
    ),
  },
  {
    name: '??=, ||= and &&=, at 0 too',
    file: 'loops/compound.ts',
    loss: 'logicalCost',
    dim: 2,
    points: [
      ...closedForm((x, y) => [3 * x! * y!, [3 * y!, 3 * x!]], [1, 2], [-0.5, 3]),
      // x = 0: the weight stays x, and the second ||= finds 0 again.
      ...rough(closedForm((x, y) => [x! * y! + 1000, [y!, x!]], [0, 2])),
    ],
  },
  {
    name: 'x %= y',
    file: 'loops/compound.ts',
    loss: 'wrapLoss',
    dim: 2,
    points: [
      ...closedForm(
        (a, t) => {
          const n = Math.trunc(a! / t!);
          const r = a! - n * t!;
          return [r * r, [2 * r, -2 * n * r]];
        },
        [1, 6],
        [20, 6.25],
        [-7.5, 2],
      ),
      { at: [12.5, 6.25], value: 0, gradient: [0, 0], rough: true },
    ],
  },
];
