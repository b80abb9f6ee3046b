import { closedForm, type GradientCase, sum } from './case';

export const cases: readonly GradientCase[] = [
  {
    name: 'curried functions in a pipeline',
    file: 'functions/closures.ts',
    loss: 'bumpLoss',
    dim: 3,
    points: closedForm(
      (m, w, t) => {
        const g = (x: number) => Math.exp(-((x - m!) ** 2) / (2 * w! ** 2));
        const slope = (x: number) => 2 * (g(x) - t!) * g(x);
        const xs = [-1, 0, 2];
        return [
          sum(xs.map((x) => (g(x) - t!) ** 2)),
          [
            sum(xs.map((x) => (slope(x) * (x - m!)) / w! ** 2)),
            sum(xs.map((x) => (slope(x) * (x - m!) ** 2) / w! ** 3)),
            sum(xs.map((x) => -2 * (g(x) - t!))),
          ],
        ];
      },
      [0, 1, 0.5],
      [0.3, -2, 0],
      [2, 0.5, 1],
    ),
  },
  {
    name: 'a counter that closes over its state; call, apply, bind',
    file: 'functions/closures.ts',
    loss: 'counterCost',
    dim: 2,
    points: closedForm(
      (x, y) => [2 * y! * (2 * x! + y!) + 3 * x! * y! + x! ** 2, [7 * y! + 2 * x!, 7 * x! + 4 * y!]],
      [1, 2],
      [-0.5, 3],
    ),
  },
  {
    name: 'recursion: in tail position, mutual, anonymous',
    file: 'functions/closures.ts',
    loss: 'recursiveLoss',
    dim: 2,
    // Fibonacci's 8a + 13b; ((1.5a) + 1)·1.5 with the sign of an odd count; b⁵.
    points: closedForm(
      (a, b) => [8 * a! + 13 * b! - (2.25 * a! + 1.5) + b! ** 5, [8 - 2.25, 13 + 5 * b! ** 4]],
      [1, 2],
      [-0.5, 0],
    ),
  },
  {
    name: 'an interpreter of an expression tree',
    file: 'functions/closures.ts',
    loss: 'treeLoss',
    dim: 2,
    points: closedForm(
      (x, y) => {
        const e = Math.exp(x! * y!);
        return [x! ** 2 * y! + e + y!, [2 * x! * y! + y! * e, x! ** 2 + x! * e + 1]];
      },
      [1, 2],
      [-0.5, 3],
      [0, 0],
    ),
  },
  {
    name: 'arguments, rest, and defaults that use each other',
    file: 'functions/closures.ts',
    loss: 'argumentsLoss',
    dim: 3,
    points: closedForm(
      (x, y, z) => [
        x! + 2 * y! + 3 * z! + 2 * x! ** 2 + x! * y! + z! ** 2 + 2 * z!,
        [1 + 4 * x! + y!, 2 + x!, 5 + 2 * z!],
      ],
      [1, 2, 3],
      [-0.5, 0, 0.25],
    ),
  },
  {
    name: 'generators: for … of, next, yield*, return values',
    file: 'functions/generators.ts',
    loss: 'prefixLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => {
        const [s1, s2, s3] = [a!, a! + b!, a! + b! + c!];
        return [
          s1 ** 2 + s2 ** 2 + s3 ** 2 + 11 * s3,
          [2 * (s1 + s2 + s3) + 11, 2 * (s2 + s3) + 11, 2 * s3 + 11],
        ];
      },
      [1, 2, 3],
      [-0.5, 0, 0.25],
    ),
  },
  {
    name: 'values sent into a generator',
    file: 'functions/generators.ts',
    loss: 'leakyLoss',
    dim: 4,
    // (1 − k)(k²a + kb + c)
    points: closedForm(
      (k, a, b, c) => [
        (1 - k!) * (k! ** 2 * a! + k! * b! + c!),
        [
          -(k! ** 2 * a! + k! * b! + c!) + (1 - k!) * (2 * k! * a! + b!),
          (1 - k!) * k! ** 2,
          (1 - k!) * k!,
          1 - k!,
        ],
      ],
      [0.5, 1, 2, 3],
      [0.9, -1, 0, 4],
    ),
  },
  {
    name: 'a class with Symbol.iterator, spread',
    file: 'functions/generators.ts',
    loss: 'integralLoss',
    dim: 2,
    // Trapezoids of t² with width h: the integral + (b − a)h²/6, h = (b − a)/4.
    points: closedForm(
      (a, b) => {
        const w = b! - a!;
        return [(b! ** 3 - a! ** 3) / 3 + w ** 3 / 96, [-(a! ** 2) - w ** 2 / 32, b! ** 2 + w ** 2 / 32]];
      },
      [0, 1],
      [-1, 2],
      [3, -2],
    ),
  },
  {
    name: 'an iterator by hand, closed early',
    file: 'functions/generators.ts',
    loss: 'untilLoss',
    dim: 2,
    // growth and its square are within the limit, its cube is not; closed by break and by destructuring.
    points: closedForm(
      (limit, g) => [g! + g! ** 2 + g! ** 3 + 2 + limit!, [1, 1 + 2 * g! + 3 * g! ** 2]],
      [5, 2],
      [20, 3],
      [3, 1.6],
    ),
  },
  {
    name: 'Promise.all over the samples, finished in another order',
    file: 'functions/later.ts',
    loss: 'parallelLoss',
    dim: 2,
    points: closedForm(
      (s, o) => {
        const r = [s! + o! - 2.2, 2 * s! + o! - 3.8, 3 * s! + o! - 6.1];
        return [
          sum(r.map((v) => v * v)) / 3,
          [sum(r.map((v, i) => 2 * v * (i + 1))) / 3, sum(r.map((v) => 2 * v)) / 3],
        ];
      },
      [0, 0],
      [2, 0.1],
    ),
  },
  {
    name: 'the order of microtasks',
    file: 'functions/later.ts',
    loss: 'orderLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => [a! * b! + 2 * b! ** 2 + 3 * c! ** 3 + 4 * a!, [b! + 4, a! + 4 * b!, 9 * c! ** 2]],
      [1, 2, 3],
      [-0.5, 0, 0.25],
    ),
  },
  {
    name: 'for await over a stream that is left early',
    file: 'functions/later.ts',
    loss: 'streamLoss',
    dim: 1,
    points: closedForm(
      (p) => [
        Math.abs(p! - 2.2) + Math.abs(2 * p! - 3.8),
        [Math.sign(p! - 2.2) + 2 * Math.sign(2 * p! - 3.8)],
      ],
      [0],
      [2],
      [5],
    ),
  },
  {
    name: 'then, catch with a value on the error, race, finally',
    file: 'functions/later.ts',
    loss: 'chainedLoss',
    dim: 2,
    points: [
      ...closedForm(
        (x, y) => [(x! * y!) ** 2 + x!, [2 * x! * y! ** 2 + 1, 2 * x! ** 2 * y!]],
        [1, 2],
        [-2, -0.5],
      ),
      ...closedForm((x, y) => [-x! * y! + x!, [-y! + 1, -x!]], [-1, 2]),
    ],
  },
];
