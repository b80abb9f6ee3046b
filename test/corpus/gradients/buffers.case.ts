import { closedForm, type GradientCase, rough, sum } from './case';

const f32 = Math.fround;

export const cases: readonly GradientCase[] = [
  {
    name: 'a scratch buffer of the module, subarray and set',
    file: 'buffers/work.ts',
    loss: 'diffusionLoss',
    dim: 5,
    // Linear: u ↦ Au with A³ of the circulant of (1/2, 1/4, 1/4); the loss is |A³u|², its gradient 2A⁶u.
    points: closedForm(
      (...u) => {
        const spread = (v: number[]) =>
          v.map((_, i) => v[i]! / 2 + v[(i + 1) % 5]! / 4 + v[(i + 4) % 5]! / 4);
        const three = (v: number[]) => spread(spread(spread(v)));
        return [sum(three(u).map((v) => v * v)), three(three(u)).map((v) => 2 * v)];
      },
      [1, 0, 0, 0, 0],
      [1, -2, 3, 0.5, 4],
      [0, 0, 0, 0, 0],
    ),
  },
  {
    name: 'integer indices, counts[bin[i]] += w[i]',
    file: 'buffers/work.ts',
    loss: 'histogramCost',
    dim: 6,
    points: closedForm(
      (...w) => {
        const c = [w[1]! + 1, w[2]! + w[5]!, w[0]! + w[3]! + w[4]!];
        const slope = c.map((v, k) => 2 * (k + 1) * v);
        return [
          c[0]! ** 2 + 2 * c[1]! ** 2 + 3 * c[2]! ** 2,
          [slope[2]!, slope[0]!, slope[1]!, slope[2]!, slope[2]!, slope[1]!],
        ];
      },
      [1, 2, 3, 4, 5, 6],
      [-1, 0, 0.5, 0, 2, 0],
    ),
  },
  {
    name: 'single precision: values round, gradients pass',
    file: 'buffers/work.ts',
    loss: 'narrowLoss',
    dim: 2,
    points: rough(
      closedForm(
        (x, y) => [f32(f32(x!) * y!) + f32(x!) * 2, [y! + 2, f32(x!)]],
        [0.1, 0.3],
        [1 / 3, -2.7],
        [1, 2],
      ),
    ),
  },
  {
    name: 'integer stores: the gradient ends, with a note',
    file: 'buffers/work.ts',
    loss: 'wholeLoss',
    dim: 2,
    noted: ['whole[0] = x * 10', 'bytes[0] += y'],
    points: [
      ...closedForm(
        (x, y) => [
          Math.trunc(x! * 10) * y! + Math.trunc(3 + y!) * x!,
          [Math.trunc(3 + y!), Math.trunc(x! * 10)],
        ],
        [0.12, 0.3],
        [1.25, 2.5],
        [-0.57, 1.5],
      ),
    ],
  },
  {
    name: 'typed arrays filled in every way',
    file: 'buffers/work.ts',
    loss: 'filledLoss',
    dim: 3,
    // Σv³ + (a + 2b)b + 2c·a² + c + b² + max + 1; max is c.
    points: closedForm(
      (a, b, c) => [
        a! ** 3 + b! ** 3 + c! ** 3 + a! * b! + 2 * b! ** 2 + 2 * c! * a! ** 2 + c! + b! ** 2 + c! + 1,
        [3 * a! ** 2 + b! + 4 * c! * a!, 3 * b! ** 2 + a! + 6 * b!, 3 * c! ** 2 + 2 * a! ** 2 + 2],
      ],
      [1, 2, 3],
      [-0.5, 0.25, 4],
    ),
  },
  {
    name: 'two views of one buffer',
    file: 'buffers/work.ts',
    loss: 'viewsLoss',
    dim: 2,
    refused: { expression: 'all[2] = x * y', why: 'buffer', orExact: true },
    points: closedForm(
      (x, y) => [(x! * y! + x!) * x! * y! + 34, [2 * x! * y! * (y! + 1), x! ** 2 * (2 * y! + 1)]],
      [1, 2],
      [-0.5, 3],
    ),
  },
  {
    name: 'a sparse matrix, in CommonJS, a buffer that is made when first needed',
    file: 'buffers/sparse.cjs',
    loss: 'residualLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => {
        const [u, v, w] = [4 * a! - b! - 1, -a! + 4 * b! - c! - 2, -b! + 4 * c! - 3];
        return [u * u + v * v + w * w, [8 * u - 2 * v, -2 * u + 8 * v - 2 * w, -2 * v + 8 * w]];
      },
      [0, 0, 0],
      [1, 2, 3],
    ),
  },
  {
    name: 'a DataView',
    file: 'buffers/sparse.cjs',
    loss: 'dataViewLoss',
    dim: 2,
    refused: { expression: 'view.setFloat64(8, x * y)', why: 'plain number', orExact: true },
    points: closedForm((x, y) => [x! * y! + x!, [y! + 1, x!]], [1, 2], [-0.5, 3]),
  },
];
