import { closedForm, type GradientCase } from './case';

const file = 'views/views.ts';
const points = [
  [1.5, 2],
  [-0.5, 3],
] as const;
const product = closedForm((x, y) => [x! * y!, [y!, x!]], ...points);
const radian = Math.PI / 180;

/** Typed arrays as code sees them from outside, and methods that are added to numbers. */
export const cases: readonly GradientCase[] = [
  {
    name: 'views of the bytes of an array that holds plain numbers',
    file,
    loss: 'bitsLoss',
    dim: 2,
    points: closedForm((x, y) => [3 * x! ** 2 + 1.5 * y!, [6 * x!, 1.5]], ...points),
  },
  {
    name: 'a parameter stored in an array whose bytes are shared',
    file,
    loss: 'storedBitsLoss',
    dim: 2,
    refused: { expression: 'bits[0] = x', why: 'bytes' },
    points: [{ at: [1.5, 2], value: 3, gradient: [2, 1.5] }],
  },
  {
    name: 'the bytes of an array that holds parameters',
    file,
    loss: 'lateBitsLoss',
    dim: 2,
    refused: { expression: 'held.buffer', why: 'buffer' },
    points: closedForm((x, y) => [x! * y! + 16, [y!, x!]], [1.5, 2]),
  },
  { name: 'ArrayBuffer.isView', file, loss: 'isViewLoss', dim: 2, points: product },
  { name: 'the constructor of a typed array, compared', file, loss: 'kindLoss', dim: 2, points: product },
  {
    name: 'new a.constructor(n)',
    file,
    loss: 'copyLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [(x! ** 2 + 1) * (y! ** 2 + 1) + x!, [2 * x! * (y! ** 2 + 1) + 1, 2 * y! * (x! ** 2 + 1)]],
      ...points,
    ),
  },
  {
    name: 'Float64Array.from, of objects with valueOf too',
    file,
    loss: 'valuesLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [2 * x! * (2 * y! + 1) + 3 * x! + y!, [2 * (2 * y! + 1) + 3, 4 * x! + 1]],
      ...points,
    ),
  },
  {
    name: 'methods that are borrowed from prototypes',
    file,
    loss: 'borrowedLoss',
    dim: 2,
    points: closedForm((x, y) => [x! * y! + 4 + x! ** 2, [y! + 2 * x!, x!]], ...points),
  },
  {
    name: 'lists made of a typed array',
    file,
    loss: 'listsLoss',
    dim: 2,
    points: closedForm((x, y) => [2 * x! + 2 * (x! + y!) + 2 + x! * y!, [4 + y!, 2 + x!]], ...points),
  },
  {
    name: 'a clone of plain typed arrays',
    file,
    loss: 'clonedLoss',
    dim: 2,
    points: closedForm((x, y) => [2 * x! + 3 * y!, [2, 3]], ...points),
  },
  {
    name: 'several views of the bytes of one array',
    file,
    loss: 'sharedLoss',
    dim: 2,
    points: closedForm((x, y) => [1.5 * x! + 0.5 * y! + 20, [1.5, 0.5]], ...points),
  },
  {
    name: 'methods added to Number.prototype',
    file: 'views/prototypes.js',
    loss: 'latLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [Math.sin(x! * radian) ** 2 + y! * x!, [Math.sin(2 * x! * radian) * radian + y!, x!]],
      [30, 0.5],
      [-12, -0.25],
    ),
  },
  {
    name: 'getters added to Number.prototype, and chains of them',
    file: 'views/prototypes.js',
    loss: 'chainLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [
        (x! * y!) ** 2 + ((x! + 1) * radian) ** 2 + 9,
        [2 * x! * y! ** 2 + 2 * (x! + 1) * radian ** 2, 2 * x! ** 2 * y!],
      ],
      ...points,
    ),
  },
  {
    name: 'optional members of numbers',
    file: 'views/prototypes.js',
    loss: 'optionalLoss',
    dim: 2,
    points: closedForm((x, y) => [x! ** 2 + y! * radian + 1, [2 * x!, radian]], ...points),
  },
  {
    name: 'a method added to Number.prototype in sloppy mode',
    file: 'views/sloppy.cjs',
    loss: 'halvedLoss',
    dim: 2,
    points: closedForm((x, y) => [6.25 * x! * y!, [6.25 * y!, 6.25 * x!]], ...points),
  },
];
