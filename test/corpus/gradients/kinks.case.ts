import { closedForm, type GradientCase, type Point } from './case';

/** [at, value, gradient] at corners. */
const corners = (...rows: readonly (readonly [number[], number, number[]])[]): Point[] =>
  rows.map(([at, value, gradient]) => ({ at, value, gradient, rough: true }));

const file = 'kinks/kinks.ts';

export const cases: readonly GradientCase[] = [
  {
    name: 'abs and sign: 0 at 0',
    file,
    loss: 'absLoss',
    dim: 2,
    points: [
      ...closedForm(
        (x, y) => [
          Math.abs(x!) + 2 * Math.abs(y! - 1) + 5 * Math.sign(x!),
          [Math.sign(x!), 2 * Math.sign(y! - 1)],
        ],
        [2, 3],
        [-2, 0],
      ),
      ...corners([[0, 3], 4, [0, 2]], [[-0, 1], 0, [0, 0]], [[1, 1], 6, [1, 0]]),
    ],
  },
  {
    name: 'clamps: half at the edge',
    file,
    loss: 'clampLoss',
    dim: 2,
    points: [
      ...closedForm((x, y) => [3 * x! + y!, [3, 1]], [0.5, 3], [-0.25, 9]),
      { at: [2, -1], value: 3, gradient: [0, 0] },
      { at: [-2, 11], value: 7, gradient: [0, 0] },
      ...corners([[1, 0], 3, [1.5, 0.5]], [[-1, 10], 7, [1.5, 0.5]]),
    ],
  },
  {
    name: 'ties of max and min: half just ahead, half just behind',
    file,
    loss: 'tieLoss',
    dim: 3,
    points: [
      { at: [1, 2, 3], value: 2 + 20 + 300, gradient: [0, 11, 100] },
      { at: [3, 1, 2], value: 3 + 10 + 300, gradient: [101, 10, 0] },
      ...corners(
        [[2, 2, 1], 2 + 10 + 200, [50.5, 50.5, 10]],
        [[1, 3, 3], 3 + 30 + 300, [0, 1 + 5 + 50, 5 + 50]],
        // The direction of ties.ts begins with 0.76, −1.01, 1.28: z is the largest just ahead, and y just behind.
        [[4, 4, 4], 4 + 40 + 400, [0.5, 0.5 + 5 + 50, 5 + 50]],
      ),
    ],
  },
  {
    name: 'hypot: 0 at the origin',
    file,
    loss: 'normLoss',
    dim: 2,
    points: [
      { at: [3, 4], value: 6.5, gradient: [0.6 + 0.5, 0.8] },
      { at: [-5, 12], value: 15.5, gradient: [-5 / 13 - 0.5, 12 / 13] },
      ...corners([[0, 0], 0, [0, 0]], [[0, -2], 2, [0, -1]]),
    ],
  },
  {
    name: 'atan2: 0 at the origin',
    file,
    loss: 'angleLoss',
    dim: 2,
    points: [
      ...closedForm(
        (x, y) => {
          const [r2, angle] = [x! ** 2 + y! ** 2, Math.atan(y! / x!)];
          return [
            angle ** 2 + 3 * (Math.PI / 2 - angle),
            [((-2 * angle + 3) * y!) / r2, ((2 * angle - 3) * x!) / r2],
          ];
        },
        [1, 2],
        [3, 0.5],
      ),
      ...corners([[0, 0], 0, [0, 0]]),
    ],
  },
  {
    name: 'floor, ceil, round, trunc: 0 everywhere',
    file,
    loss: 'roundLoss',
    dim: 2,
    points: [
      { at: [1.25, 2.75], value: 2.5 + 2 + 8.25 + 1 + 0.25, gradient: [2 + 1, 3] },
      { at: [-1.25, -2.25], value: 3.75 - 1 + 4.5 - 1 + 0.75, gradient: [-3 + 1, -2] },
      ...corners([[2, 3], 6 + 2 + 9 + 2 + 0, [3 + 1, 3]], [[1, 2.5], 2 + 1 + 7.5 + 1 + 0, [2 + 1, 3]]),
    ],
  },
  {
    name: 'remainders: 1 and −trunc(x/y)',
    file,
    loss: 'remainderLoss',
    dim: 2,
    points: [
      { at: [5, 2], value: 1 + 2 + 1, gradient: [2, -2 - 3] },
      { at: [5.5, 2.25], value: 1 + 2.5 + 0.25, gradient: [2, -2 - 3] },
      { at: [-5.5, 2.25], value: -1 + 0.5 + 0.25, gradient: [2, 2 - 3] },
      ...corners([[6, 4], 2 + 0 + 3, [2, -1 - 1]]),
    ],
  },
  {
    name: 'powers with whole exponents, and of 0',
    file,
    loss: 'powerLoss',
    dim: 2,
    points: [
      ...closedForm(
        (x, y) => [
          1 + x! + x! ** 2 + x! ** 3 + Math.exp(y! * Math.LN2),
          [1 + 2 * x! + 3 * x! ** 2, Math.LN2 * Math.exp(y! * Math.LN2)],
        ],
        [2, 3],
        [-1.5, 0.5],
        [0, 2],
      ),
      // 0 ** 0 is 1; its derivative with respect to y is defined as 0, as for y > 0.
      ...corners([[0, 0], 3, [1, Math.LN2]], [[-2, 0], 1 - 2 + 4 - 8 + 2, [1 - 4 + 12, Math.LN2]]),
    ],
  },
  {
    name: 'x ** y with both of them parameters',
    file,
    loss: 'powLoss',
    dim: 2,
    points: [
      ...closedForm(
        (x, y) => {
          const v = Math.exp(y! * Math.log(x!));
          return [v, [(v * y!) / x!, v * Math.log(x!)]];
        },
        [2, 3],
        [0.5, -1.5],
        [3, 0],
      ),
      ...corners([[0, 2], 0, [0, 0]], [[0, 1], 0, [1, 0]], [[0, 3.5], 0, [0, 0]]),
    ],
  },
  {
    name: 'sqrt(max(x, 0)): what was not selected contributes nothing',
    file,
    loss: 'guardedRootLoss',
    dim: 1,
    points: [
      { at: [4], value: 2, gradient: [0.25] },
      { at: [-1], value: 0, gradient: [0] },
      { at: [-1e-300], value: 0, gradient: [0], rough: true },
    ],
  },
  {
    name: 'sqrt at 0: infinite',
    file,
    loss: 'rootLoss',
    dim: 2,
    points: [
      { at: [4, 3], value: 11, gradient: [0.25, 6] },
      { at: [0, 3], value: 9, gradient: [Number.POSITIVE_INFINITY, 6], rough: true },
    ],
  },
  {
    name: 'guards that keep a division and a logarithm out',
    file,
    loss: 'guardedRatioLoss',
    dim: 2,
    points: [
      ...closedForm(
        (x, y) => [(x! / y!) ** 2 + Math.log(y!), [(2 * x!) / y! ** 2, (-2 * x! ** 2) / y! ** 3 + 1 / y!]],
        [1, 2],
        [-3, 0.5],
      ),
      { at: [3, -2], value: 2.25 - 1, gradient: [1.5, 2.25] },
      ...corners([[3, 0], -1, [0, 0]]),
    ],
  },
  {
    name: 'infinite on the way, finite in the end',
    file,
    loss: 'saturatedLoss',
    dim: 2,
    points: [
      ...closedForm(
        (x, y) => {
          const e = Math.exp(x!);
          return [Math.exp(-e) + y! + 1 / (1 + e), [-e * Math.exp(-e) - e / (1 + e) ** 2, 1]];
        },
        [1, 2],
        [2, -3],
      ),
      { at: [1000, 2], value: 2, gradient: [0, 1] },
      { at: [-1000, 2], value: 2, gradient: [0, 0] },
    ],
  },
  {
    name: 'the logarithm of 0, below a floor',
    file,
    loss: 'floorLoss',
    dim: 2,
    points: [
      ...closedForm((x, y) => [Math.log(x!) * y!, [y! / x!, Math.log(x!)]], [2, 3], [0.01, -0.5]),
      ...corners([[0, 2], -60, [0, -30]]),
    ],
  },
  {
    name: 'a distance: what a slope of 0 passes back is 0, at the cusp too',
    file,
    loss: 'distanceLoss',
    dim: 2,
    points: [
      { at: [4, 6], value: 15 + 4, gradient: [1.8 + 1, 2.4] },
      { at: [-11, -3], value: 39 - 11, gradient: [-36 / 13 + 1, -15 / 13] },
      ...corners([[1, 2], 1, [1, 0]]),
    ],
  },
  {
    name: 'relu, leaky relu, squared hinge',
    file,
    loss: 'reluLoss',
    dim: 2,
    points: [
      { at: [0.5, 1], value: 0.5 + 0.5 + 0.25, gradient: [1 - 1 - 1, 0.5 + 1 - 0.5] },
      { at: [2, -1], value: 0 - 0.3 + 9, gradient: [-0.1 + 6, 0.1 - 12] },
      // x = w = 1: relu is 1, leaky has a tie of 0 and 0 (half of 1 and 0.1), the hinge is flat.
      ...corners([[1, 1], 1, [1 - 0.55, 1 + 0.55]], [[0, 2], 0 + 2 + 1, [-1 - 4, 1]]),
    ],
  },
  {
    name: 'a table with straight lines between',
    file,
    loss: 'integerPartLoss',
    dim: 1,
    points: [
      { at: [0.5], value: 0.5, gradient: [1] },
      { at: [2.25], value: 5.25, gradient: [5] },
      { at: [3.5], value: 12.5, gradient: [7] },
      ...corners([[2], 4, [5]], [[4], 16, [7]]),
    ],
  },
  {
    name: 'the largest of many deviations',
    file,
    loss: 'chebyshevLoss',
    dim: 3,
    points: [
      { at: [0, 1, 5], value: 3, gradient: [0, 0, 1] },
      { at: [-4, 1, 5], value: 4, gradient: [-1, 0, 0] },
      ...corners([[2, 3, 2], 2, [0.5, 0.5, 0]], [[0, 1, 2], 0, [0, 0, 0]]),
    ],
  },
  {
    name: 'clz32 and imul: whole numbers',
    file,
    loss: 'integerMathLoss',
    dim: 1,
    noted: ['Math.clz32(x)', 'Math.imul(x, 3)'],
    points: [
      { at: [5.5], value: 29 + 15 + 5.5 + 0.5 - 30.25, gradient: [1 - 11] },
      ...corners([[8], 28 + 24 + 8 + 0.5 - 64, [1 - 16]]),
    ],
  },
  {
    name: 'a loss that does not look at its parameters',
    file,
    loss: 'constantLoss',
    dim: 2,
    points: closedForm(() => [42, [0, 0]], [1, 2], [0, 0]),
  },
  {
    name: 'a parameter itself, the other one ignored',
    file,
    loss: 'oneLoss',
    dim: 2,
    points: closedForm((_, y) => [y!, [0, 1]], [1, 2], [0, -3]),
  },
];
