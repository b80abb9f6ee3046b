import { closedForm, type GradientCase, sum } from './case';

const y = [2.1, 3.9, 6.2, 7.8, 10.1];
const data = [0.3, 1.7, -0.8, 2.2, 0.9];

export const cases: readonly GradientCase[] = [
  {
    name: 'map, filter and reduce without an initial value',
    file: 'arrays/methods.ts',
    loss: 'lineLoss',
    dim: 2,
    points: closedForm(
      (s, o) => {
        const kept = [0, 1, 3, 4];
        const r = (i: number) => s! * i + o! - y[i]!;
        return [
          sum(kept.map((i) => r(i) ** 2)) / 5,
          [sum(kept.map((i) => 2 * i * r(i))) / 5, sum(kept.map((i) => 2 * r(i))) / 5],
        ];
      },
      [0, 0],
      [2, 2],
      [-1.5, 0.25],
    ),
  },
  {
    name: 'flatMap and reduceRight',
    file: 'arrays/methods.ts',
    loss: 'pairLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => [
        a! ** 4 + b! ** 4 + c! ** 4 + (a! * b!) ** 2 + (a! * c!) ** 2 + (b! * c!) ** 2,
        [
          4 * a! ** 3 + 2 * a! * (b! ** 2 + c! ** 2),
          4 * b! ** 3 + 2 * b! * (a! ** 2 + c! ** 2),
          4 * c! ** 3 + 2 * c! * (a! ** 2 + b! ** 2),
        ],
      ],
      [1, 2, 3],
      [-0.5, 0, 0.25],
    ),
  },
  {
    name: 'push, pop, shift, unshift',
    file: 'arrays/methods.ts',
    loss: 'queueLoss',
    dim: 3,
    // The queue is c², a, b, c, ab.
    points: closedForm(
      (a, b, c) => [
        c! ** 2 * a! * b! + a! * c! + b!,
        [c! ** 2 * b! + c!, c! ** 2 * a! + 1, 2 * c! * a! * b! + a!],
      ],
      [1, 2, 3],
      [-0.5, 0, 0.25],
    ),
  },
  {
    name: 'a matrix of nested arrays',
    file: 'arrays/methods.ts',
    loss: 'matrixEnergy',
    dim: 3,
    points: closedForm(
      (a, b, c) => [
        2 * a! ** 2 + 1.5 * b! ** 2 + c! ** 2 + a! * b! - b! * c! - a! - 2 * b! - 3 * c!,
        [4 * a! + b! - 1, a! + 3 * b! - c! - 2, 2 * c! - b! - 3],
      ],
      [0, 0, 0],
      [1, -2, 3],
    ),
  },
  {
    name: 'Array(n).fill, forEach of a Float64Array, entries()',
    file: 'arrays/methods.ts',
    loss: 'smoothCost',
    dim: 3,
    points: closedForm(
      (a, b, c) => {
        const [u, v, w] = [b! - 2 * a!, a! - 2 * b! + c!, b! - 2 * c!];
        return [u * u + v * v + w * w, [2 * v - 4 * u, 2 * u - 4 * v + 2 * w, 2 * v - 4 * w]];
      },
      [1, 2, 3],
      [0.5, -1, 4],
    ),
  },
  {
    name: 'splice, copyWithin, concat, reverse, with, at, toSpliced, flat',
    file: 'arrays/methods.ts',
    loss: 'cutAndGlueCost',
    dim: 4,
    // a: p0, 3p2, 2p1, 6p1p2, 4p3, then its first becomes 6p1p2; b: p0, 4p3, 6p1p2, 4p3, 6p1p2, 2p1, 3p2, 6p1p2;
    // c: 6p1p2, 6p1p2, 4p3, 6p1p2, 2p1, 3p2, 6p1p2, p1, p2.
    points: closedForm(
      (_, b, c, d) => [
        6 * b! * c! * (1 + 2 + 4 + 7) + 12 * d! + 10 * b! + 18 * c! + 8 * b! + 9 * c!,
        [0, 84 * c! + 18, 84 * b! + 27, 12],
      ],
      [1, 2, 3, 4],
      [0.5, -1, 4, 0],
    ),
  },
  {
    name: 'sorted by value, ends cut off',
    file: 'arrays/order.ts',
    loss: 'trimmedLoss',
    dim: 5,
    points: [
      { at: [5, 1, 4, 2, 3], value: 3, gradient: [0, 0, 1 / 3, 1 / 3, 1 / 3] },
      { at: [-10, 9, 100, 1, 2], value: 4, gradient: [0, 1 / 3, 0, 1 / 3, 1 / 3] },
      // A tie: sorting is stable, so the first of the two smallest values is removed.
      { at: [1, 1, 2, 3, 4], value: 2, gradient: [0, 1 / 3, 1 / 3, 1 / 3, 0], rough: true },
    ],
  },
  {
    name: 'the median of absolute deviations by toSorted',
    file: 'arrays/order.ts',
    loss: 'medianLoss',
    dim: 2,
    points: [
      // Deviations from 0: 0.3, 1.7, 0.8, 2.2, 0.9.
      { at: [0, 2], value: 1.8, gradient: [-2, 0.9] },
      // Deviations from 1.5: 1.2, 0.2, 2.3, 0.7, 0.6.
      { at: [1.5, 3], value: 2.1, gradient: [-3, 0.7] },
    ],
  },
  {
    name: 'a comparator of < and >, ranks',
    file: 'arrays/order.ts',
    loss: 'discountedCost',
    dim: 4,
    points: [
      { at: [0.1, 0.4, 0.3, 0.2], value: 0.8 + 0.45 + 0.8 / 3, gradient: [0, 2, 1.5, 4 / 3] },
      { at: [5, -1, -2, -3], value: 5 - 1 - 2, gradient: [1, 1, 1, 0] },
      { at: [1, 1, 1, 1], value: 1 + 1 + 1, gradient: [1, 1, 1, 0], rough: true },
    ],
  },
  {
    name: 'indexOf, findIndex and includes by value',
    file: 'arrays/order.ts',
    loss: 'winnerCost',
    dim: 3,
    points: [
      { at: [1, 3, 2], value: 18 + 3 + 1, gradient: [3 + 1, 12, 0] },
      { at: [4, -1, 2], value: 16 - 3 + 4, gradient: [8 + 1, 3, 0] },
      { at: [2, 0, 5], value: 75 + 0 + 2, gradient: [1, 3, 30] },
      // For ties, the first position counts.
      { at: [2, 2, 2], value: 4 + 6 + 2, gradient: [4 + 3 + 1, 0, 0], rough: true },
    ],
  },
  {
    name: 'a branch for each sample',
    file: 'arrays/order.ts',
    loss: 'pinballLoss',
    dim: 1,
    points: [
      ...closedForm(
        (q) => [
          sum(data.map((v) => (v >= q! ? 0.9 * (v - q!) : 0.1 * (q! - v)))),
          [sum(data.map((v) => (v >= q! ? -0.9 : 0.1)))],
        ],
        [0],
        [1],
        [5],
      ),
      // At a sample: the gradient of the branch that is executed.
      { at: [0.9], value: 0.9 * (0.8 + 1.3) + 0.1 * (0.6 + 1.7), gradient: [-2.7 + 0.2], rough: true },
    ],
  },
  {
    name: 'two sorted samples, sorted in place',
    file: 'arrays/order.ts',
    loss: 'wassersteinLoss',
    dim: 5,
    points: closedForm(
      (...p) => {
        const want = [-0.8, 0.3, 0.9, 1.7, 2.2];
        const rank = p.map((v) => p.filter((other) => other < v).length);
        const r = p.map((v, i) => v - want[rank[i]!]!);
        return [sum(r.map((v) => v * v)), r.map((v) => 2 * v)];
      },
      [5, 1, 4, 2, 3],
      [0.1, -0.1, 10, -20, 0],
    ),
  },
  {
    name: 'defaults in patterns, one made of another',
    file: 'arrays/destructuring.ts',
    loss: 'defaultsLoss',
    dim: 2,
    points: closedForm((a, b) => [10 * a! ** 2 + 100 * b! ** 2, [20 * a!, 200 * b!]], [1, 2], [-0.5, 3]),
  },
  {
    name: 'swaps by destructuring, with holes',
    file: 'arrays/destructuring.ts',
    loss: 'swapLoss',
    dim: 3,
    // First x, y, z = z, xy, x; then x, y = xy, z.
    points: closedForm(
      (x, y, z) => {
        const [low, high] = [Math.min(x! * y!, z!), Math.max(x! * y!, z!)];
        const dLow = 2 * low - 1;
        const fromProduct = x! * y! < z! ? dLow : 1;
        const fromZ = x! * y! < z! ? 1 : dLow;
        return [low ** 2 + 2 * z! + 3 * x! + high - low, [fromProduct * y! + 3, fromProduct * x!, fromZ + 2]];
      },
      [1, 2, 3],
      [3, 2, 1],
      [-1, 4, -8],
    ),
  },
  {
    name: '?., ?? and spread objects',
    file: 'arrays/destructuring.ts',
    loss: 'optionsLoss',
    dim: 2,
    points: closedForm((x, y) => [x! * y! + x! + 4, [y! + 1, x!]], [1, 2], [-0.5, 3], [0, 0]),
  },
  {
    name: 'Object.assign, entries, fromEntries, values',
    file: 'arrays/destructuring.ts',
    loss: 'dictionaryLoss',
    dim: 3,
    points: closedForm(
      (m, s, h) => [4 * m! * s! + 25 * s! ** 2 + 36 * h! ** 2, [4 * s!, 4 * m! + 50 * s!, 72 * h!]],
      [1, 2, 3],
      [-0.5, 3, 0],
    ),
  },
  {
    name: 'functions of Math passed, renamed and applied',
    file: 'arrays/mathFunctions.mjs',
    loss: 'passedLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => {
        const [r, q] = [Math.hypot(a!, b!, c!), Math.hypot(a!, b!)];
        return [
          Math.exp(a!) + Math.log(b!) / 2 + Math.exp(c!) + r + q,
          [Math.exp(a!) + a! / r + a! / q, 0.5 / b! + b! / r + b! / q, Math.exp(c!) + c! / r],
        ];
      },
      [0.5, 2, 1],
      [1.5, 0.25, 3],
    ),
  },
  {
    name: 'functions of Math in a table, and Math[name]',
    file: 'arrays/mathFunctions.mjs',
    loss: 'chosenLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => [
        Math.tanh(a!) + Math.sin(b!) + Math.atan(c!) + Math.cos(a!),
        [1 / Math.cosh(a!) ** 2 - Math.sin(a!), Math.cos(b!), 1 / (1 + c! ** 2)],
      ],
      [0.5, 2, 1],
      [-1, 4, -3],
    ),
  },
  {
    name: 'all of Math that is smooth',
    file: 'arrays/mathFunctions.mjs',
    loss: 'everyLoss',
    dim: 2,
    points: closedForm(
      (x, y) => {
        const u = x! / 4;
        const arc = Math.sqrt(1 - u * u);
        const h = Math.sqrt(x! ** 2 + y! ** 2 + 4);
        const value = sum([
          Math.acos(u),
          2 * Math.log(y! + 3 + Math.sqrt((y! + 3) ** 2 - 1)),
          3 * Math.asin(u),
          4 * Math.asinh(x!),
          5 * Math.atan(y!),
          6 * Math.atan(x! / y!),
          3.5 * Math.log((1 + u) / (1 - u)),
          8 * y! ** (1 / 3),
          9 * Math.cos(x!),
          5 * (Math.exp(x!) + Math.exp(-x!)),
          11 * Math.exp(y!),
          12 * (Math.exp(x!) - 1),
          13 * h,
          14 * Math.log(y!),
          (15 * Math.log(y!)) / Math.LN10,
          16 * Math.log(1 + y!),
          (17 * Math.log(y!)) / Math.LN2,
          18 * Math.exp(x! * Math.log(y!)),
          19 * Math.sin(y!),
          10 * (Math.exp(y!) - Math.exp(-y!)),
          21 * Math.sqrt(y!),
          (22 * Math.sin(x!)) / Math.cos(x!),
          23 * (1 - 2 / (Math.exp(2 * x!) + 1)),
        ]);
        const dx = sum([
          -0.25 / arc,
          0.75 / arc,
          4 / Math.sqrt(x! ** 2 + 1),
          (6 * y!) / (x! ** 2 + y! ** 2),
          1.75 / (1 - u * u),
          -9 * Math.sin(x!),
          5 * (Math.exp(x!) - Math.exp(-x!)),
          12 * Math.exp(x!),
          (13 * x!) / h,
          18 * y! ** x! * Math.log(y!),
          22 / Math.cos(x!) ** 2,
          92 / (Math.exp(x!) + Math.exp(-x!)) ** 2,
        ]);
        const dy = sum([
          2 / Math.sqrt((y! + 3) ** 2 - 1),
          5 / (1 + y! ** 2),
          (-6 * x!) / (x! ** 2 + y! ** 2),
          8 / 3 / y! ** (2 / 3),
          11 * Math.exp(y!),
          (13 * y!) / h,
          14 / y!,
          15 / y! / Math.LN10,
          16 / (1 + y!),
          17 / y! / Math.LN2,
          18 * x! * y! ** (x! - 1),
          19 * Math.cos(y!),
          10 * (Math.exp(y!) + Math.exp(-y!)),
          10.5 / Math.sqrt(y!),
        ]);
        return [value, [dx, dy]];
      },
      [0.5, 2],
      [-1.25, 0.75],
      [1, 3.5],
    ),
  },
];
