import { closedForm, type GradientCase, rough } from './case';

const file = 'ties/ties.ts';

/**
 * The first components of the direction that decides ties. Just ahead of a point of equal coordinates, z is the largest and y the
 * smallest; just behind, it is the other way round.
 */
const [dx, dy] = [0.7644158711199835, -1.005824515558952];
const cone = Math.sqrt(dx * dx + dy * dy);
const logistic = (z: number) => 1 / (1 + Math.exp(-z));

export const cases: readonly GradientCase[] = [
  {
    name: 'a rectifier of the negative of a rectifier is 0',
    file,
    loss: 'constantLoss',
    dim: 1,
    points: closedForm(() => [0, [0]], [0], [-0], [2], [-3]),
  },
  {
    name: 'the difference of two rectifiers is the identity',
    file,
    loss: 'identityLoss',
    dim: 1,
    points: closedForm((x) => [x!, [1]], [0], [2], [-3], [-0]),
  },
  {
    name: 'two forms of the absolute value cancel',
    file,
    loss: 'cancelledLoss',
    dim: 2,
    points: closedForm((_, y) => [y!, [0, 1]], [0, 3], [2, 0], [-1, -1]),
  },
  {
    name: 'a chain of rectifiers has one half, not one eighth',
    file,
    loss: 'chainLoss',
    dim: 1,
    points: [
      ...closedForm((x) => [Math.max(0, x!), [x! > 0 ? 1 : 0]], [2], [-2]),
      ...rough([{ at: [0], value: 0, gradient: [0.5] }]),
    ],
  },
  {
    name: 'a chain of leaky rectifiers',
    file,
    loss: 'leakyChainLoss',
    dim: 1,
    points: [
      { at: [-2], value: -0.02, gradient: [0.01] },
      ...rough([{ at: [0], value: 0, gradient: [0.505] }]),
    ],
  },
  {
    name: 'a clamp of no width is constant',
    file,
    loss: 'emptyClampLoss',
    dim: 2,
    points: closedForm((_, y) => [2 * y!, [0, 2]], [0, 1], [1, 0], [-1, 0]),
  },
  {
    name: 'a soft threshold',
    file,
    loss: 'softThresholdLoss',
    dim: 1,
    points: [
      { at: [0], value: 0, gradient: [0] },
      { at: [3], value: 2, gradient: [1] },
      ...rough([
        { at: [1], value: 0, gradient: [0.5] },
        { at: [-1], value: 0, gradient: [0.5] },
      ]),
    ],
  },
  {
    name: 'an absolute value of x + |x|',
    file,
    loss: 'foldedLoss',
    dim: 1,
    points: [
      { at: [2], value: 6, gradient: [3] },
      { at: [-2], value: 2, gradient: [-1] },
      // Ahead 2 + 1, behind 0 − 1.
      ...rough([{ at: [0], value: 0, gradient: [1] }]),
    ],
  },
  {
    name: 'the median of three by max and min',
    file,
    loss: 'medianLoss',
    dim: 3,
    points: [
      { at: [1, 3, 2], value: 2, gradient: [0, 0, 1] },
      // x is the median just ahead and just behind.
      ...rough([{ at: [1, 1, 1], value: 1, gradient: [1, 0, 0] }]),
      ...rough([{ at: [1, 1, 0], value: 1, gradient: [0.5, 0.5, 0] }]),
    ],
  },
  {
    name: 'symmetric functions of the sorted pair are smooth',
    file,
    loss: 'sortedLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [3 * (x! + y!) + x! * y! + (x! - y!) ** 2, [3 + y! + 2 * (x! - y!), 3 + x! - 2 * (x! - y!)]],
      [2, 2],
      [0, 0],
      [1, 4],
    ),
  },
  {
    name: 'the largest of three in two ways',
    file,
    loss: 'triangleLoss',
    dim: 3,
    points: closedForm(() => [0, [0, 0, 0]], [1, 1, 1], [2, 2, 1], [0, 1, 1], [1, 2, 1], [3, 1, 2]),
  },
  {
    name: 'a hinge loss with points on the margin',
    file,
    loss: 'hingeLoss',
    dim: 3,
    points: [
      { at: [0, 0, 0], value: 3, gradient: [-1 + 2 - 0.5, -2 - 1 - 0.5, -1 + 1 - 1] },
      // Margins 1, 0, 1/2: the first point is on its margin.
      ...rough([
        { at: [1, 0, 0], value: 0 + 3 + 0.5, gradient: [-0.5 + 2 - 0.5, -1 - 1 - 0.5, -0.5 + 1 - 1] },
      ]),
    ],
  },
  {
    name: 'the logarithm of a sum of exponentials, less the largest',
    file,
    loss: 'logSumExpLoss',
    dim: 3,
    points: closedForm(
      (...p) => {
        const total = p.reduce((sum, z) => sum + Math.exp(z), 0);
        return [Math.log(total), p.map((z) => Math.exp(z) / total)];
      },
      [0, 0, 0],
      [2, 2, -1],
      [1, 2, 3],
    ),
  },
  {
    name: 'a stable logistic loss whose weights begin at 0',
    file,
    loss: 'logistic',
    dim: 2,
    points: closedForm(
      (a, b) => {
        const data = [
          [1, 1],
          [-2, 0],
          [0.5, 1],
        ] as const;
        const z = data.map(([x]) => a! * x + b!);
        return [
          data.reduce((sum, [, label], i) => sum - Math.log(logistic(label === 1 ? z[i]! : -z[i]!)), 0),
          [
            data.reduce((sum, [x, label], i) => sum + (logistic(z[i]!) - label) * x, 0),
            data.reduce((sum, [, label], i) => sum + logistic(z[i]!) - label, 0),
          ],
        ];
      },
      [0, 0],
      [1, 2],
      [0.5, -0.5],
    ),
  },
  {
    name: 'a cone over a plane',
    file,
    loss: 'coneLoss',
    dim: 2,
    points: [
      { at: [-3, 4], value: 5, gradient: [-0.6, 0.8] },
      // Ahead d/‖d‖, behind −d/‖d‖.
      ...rough([{ at: [0, 0], value: 0, gradient: [0, 0] }]),
    ],
  },
  {
    name: 'a cone over a rectified coordinate',
    file,
    loss: 'halfConeLoss',
    dim: 2,
    points: [
      { at: [3, 4], value: 5, gradient: [0.6, 0.8] },
      { at: [-3, 4], value: 4, gradient: [0, 1] },
      ...rough([{ at: [0, 0], value: 0, gradient: [dx / cone / 2, (dy / cone + 1) / 2] }]),
    ],
  },
  {
    name: 'a rectifier of a negative length is 0',
    file,
    loss: 'fartherLoss',
    dim: 3,
    points: closedForm((x) => [x!, [1, 0, 0]], [0, 0, 0], [1, 2, 2]),
  },
  {
    name: 'a lasso that begins at 0, and one with a weight at 0',
    file,
    loss: 'lassoLoss',
    dim: 3,
    points: [
      { at: [2, -1, 1], value: 2 + 3 + 1, gradient: [0.5 + 1 + 2, -0.5, 1.5] },
      ...rough([
        { at: [0, 0, 0], value: 1, gradient: [0.5 - 2, 0.5, 0.5] },
        { at: [2, 0, 1], value: 1.5 + 3 + 1, gradient: [3.5, 0.5, 1.5] },
      ]),
    ],
  },
  {
    name: 'a sum with ties among its terms is linear',
    file,
    loss: 'mixedSumLoss',
    dim: 3,
    // Term i is w[i % 3] (i − 5).
    points: closedForm(
      (x, y, z) => [1 - 2 * x! + 2 * y! + 6 * z!, [-2, 2, 6]],
      [0, 0, 0],
      [1, 0, -1],
      [2, 1, 3],
    ),
  },
  {
    name: 'a running maximum',
    file,
    loss: 'runningMaxLoss',
    dim: 3,
    points: [
      { at: [1, 3, 2], value: 3, gradient: [0, 1, 0] },
      ...rough([
        { at: [2, 2, 2], value: 2, gradient: [0, 0.5, 0.5] },
        { at: [2, 2, 1], value: 2, gradient: [0.5, 0.5, 0] },
      ]),
    ],
  },
  {
    name: 'the largest rise of a path',
    file,
    loss: 'drawupLoss',
    dim: 3,
    points: [
      { at: [1, 0, 3], value: 3, gradient: [0, -1, 1] },
      // Ahead y is the lowest and z is later: z − y. Behind, z < x < y: y − x.
      ...rough([{ at: [1, 1, 1], value: 0, gradient: [-0.5, 0, 0.5] }]),
    ],
  },
  {
    name: 'values that do not depend on the parameters have no tie',
    file,
    loss: 'noTieLoss',
    dim: 2,
    points: closedForm((w, v) => [v! ** 2 + 2 * w!, [2, 2 * v!]], [0, 0], [1, 0], [-1, 2]),
  },
  {
    name: 'two curves that touch',
    file,
    loss: 'touchingLoss',
    dim: 1,
    points: closedForm((x) => [x! + x! ** 2, [1 + 2 * x!]], [0], [1], [-2]),
  },
  {
    name: 'comparisons are the choice of the program',
    file,
    loss: 'chosenLoss',
    dim: 1,
    points: [{ at: [1], value: 2, gradient: [2] }, ...rough([{ at: [0], value: 0, gradient: [1] }])],
  },
  {
    name: 'infinite on both sides',
    file,
    loss: 'rootLoss',
    dim: 2,
    points: [
      { at: [4, 1], value: 3, gradient: [0.25, 1] },
      ...rough([{ at: [0, 1], value: 1, gradient: [0, 1] }]),
    ],
  },
  {
    name: 'equal literals beside a parameter',
    file,
    loss: 'literalsLoss',
    dim: 1,
    points: [
      { at: [1], value: 2 + 1 + 3, gradient: [1] },
      { at: [5], value: 5 + 5 + 3, gradient: [2] },
      ...rough([
        { at: [2], value: 7, gradient: [1.5] },
        { at: [7], value: 17, gradient: [1.5] },
      ]),
    ],
  },
  {
    name: 'an output that a rectifier keeps at 0',
    file,
    loss: 'rectifierLoss',
    dim: 2,
    points: closedForm((_, w) => [1 + (w! - 2) ** 2, [0, 2 * (w! - 2)]], [0, 1], [1, 0], [0, 0], [-1, 2]),
  },
  {
    name: 'ties on both sides of an await',
    file,
    loss: 'laterLoss',
    dim: 2,
    points: closedForm((_, y) => [y!, [0, 1]], [0, 0], [1, 2], [-1, 0]),
  },
  {
    name: 'a net whose weights are 0',
    file,
    loss: 'netLoss',
    dim: 6,
    points: [
      { at: [1, 1, 1, -5, 0, 2], value: 3 + 6 - 6, gradient: [2 + 4, 1 + 2, 0, 0, 1, 3 - 3] },
      // h₀ is positive ahead (2·0.76 − 1.01) and 0 behind, h₁ likewise (2·1.28 + 0.51). The output is 0 ahead
      // (0.52 − 3.07 − 0.90), and positive behind (0.90).
      ...rough([{ at: [0, 0, 0, 0, 0, 0], value: 0, gradient: [0, 0, 0, 0, 0.5, -3] }]),
      // The output is h₀ − h₁ + 5.
      ...rough([{ at: [0, 0, 0, 0, 5, 1], value: 5 - 3, gradient: [1 + 1, 0.5 + 0.5, -1, -0.5, 1, -3] }]),
    ],
  },
  {
    name: 'a maximum over a typed array in an object',
    file,
    loss: 'classLoss',
    dim: 3,
    points: closedForm((_, y) => [y!, [0, 1, 0]], [1, 1, 1], [0, 2, 2], [3, 1, 2]),
  },
  {
    name: 'the distance of a point to itself',
    file,
    loss: 'distancesLoss',
    dim: 3,
    points: [
      { at: [0, 1, 3], value: 4 * (1 + 3 + 2), gradient: [-8, 0, 8] },
      ...rough([{ at: [1, 1, 3], value: 16, gradient: [-4, -4, 8] }]),
    ],
  },
];
