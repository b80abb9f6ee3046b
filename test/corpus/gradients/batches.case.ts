import { type Context, closedForm, type GradientCase, type Point, sum } from './case';

const file = 'batches/batches.ts';
const ys = [0, 3, 1, 4, 2, 0, 3, 1];

const within = (context: Context, points: readonly Point[]): Point[] =>
  points.map((point) => ({ ...point, context }));

const batch = (indices: readonly number[]) =>
  within(
    { indices },
    closedForm(
      (w, b) => {
        const r = indices.map((i) => w! * (i - 3.5) + b! - ys[i]!);
        return [
          sum(r.map((v) => v * v)) / r.length,
          [sum(r.map((v, k) => 2 * v * (indices[k]! - 3.5))) / r.length, sum(r.map((v) => 2 * v)) / r.length],
        ];
      },
      [0, 0],
      [1, -0.5],
    ),
  );

export const cases: readonly GradientCase[] = [
  {
    name: 'mini-batches',
    file,
    loss: 'batchLoss',
    dim: 2,
    points: [...batch([0, 1, 2]), ...batch([7, 3]), ...batch([0, 1, 2, 3, 4, 5, 6, 7])],
  },
  {
    name: 'dropout drawn from the context',
    file,
    loss: 'dropoutLoss',
    dim: 3,
    points: [
      // The second and the third are kept; the fourth random number is the noise.
      ...within(
        { draws: [0.25, 0.5, 0.75, 0.1] },
        closedForm(
          (a, b, c) => {
            const s = -0.4 * a! + 4 * b! + 6 * c!;
            return [s * s, [-0.8 * s, 8 * s, 12 * s]];
          },
          [1, 2, 3],
          [-0.5, 0, 0.25],
        ),
      ),
      ...within(
        { draws: [0] },
        closedForm((a) => [(a! / 2) ** 2, [a! / 2, 0, 0]], [1, 2, 3]),
      ),
    ],
  },
  {
    name: 'a weight that grows with the steps',
    file,
    loss: 'annealedLoss',
    dim: 1,
    points: [1, 5, 100].flatMap((step) =>
      within(
        { step, epoch: 3 },
        closedForm(
          (x) => {
            const beta = step < 10 ? step / 10 : 1;
            return [(x! - 1) ** 2 + beta * x! ** 4 + 3, [2 * (x! - 1) + 4 * beta * x! ** 3]];
          },
          [2],
          [-0.5],
        ),
      ),
    ),
  },
  {
    name: 'Math.random for an order that changes nothing, the clock',
    file,
    loss: 'shuffledLoss',
    dim: 2,
    // Σx² = 42, Σi = 28.
    points: closedForm(
      (a, b) => [(42 * a! + 28 * b!) ** 2, [84 * (42 * a! + 28 * b!), 56 * (42 * a! + 28 * b!)]],
      [1, 2],
      [-0.5, 3],
    ),
  },
  {
    name: 'a loss that changes its array',
    file,
    loss: 'inPlaceLoss',
    dim: 3,
    points: [
      { at: [1, 5, 3], value: 10 + 3 + 30, gradient: [0, 2 + 6, 1 + 10] },
      { at: [4, -2, 0.5], value: 8 + 0.5 + 4, gradient: [2 + 1, 0, 1 + 8] },
    ],
  },
  {
    name: 'frozen objects and symbols as keys',
    file,
    loss: 'frozenLoss',
    dim: 2,
    points: closedForm((a, b) => [2 * a! ** 2 + 2 * b!, [4 * a!, 2]], [1, 2], [-0.5, 0]),
  },
  {
    name: 'enums, satisfies, assertions, overloads',
    file,
    loss: 'typedLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [-x! * y! + x! / 0.0254 + 2 * y!, [-y! + 1 / 0.0254, -x! + 2]],
      [1, 2],
      [-0.5, 0],
    ),
  },
];
