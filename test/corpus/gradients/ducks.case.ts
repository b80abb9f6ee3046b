import { closedForm, type GradientCase, rough } from './case';

const file = 'ducks/ducks.ts';
const words = 'ducks/words.ts';
const product = closedForm((x, y) => [x! * y!, [y!, x!]], [1.5, 2], [-0.5, 3]);

/** Code that tests the type of a value must get the same answer as without differentiation. */
export const cases: readonly GradientCase[] = [
  {
    name: 'numbers, or objects that hold them under `value`',
    file,
    loss: 'wrappedLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [x! * y! + x! ** 2 + y! + 3 * x!, [y! + 2 * x! + 3, x! + 1]],
      [1.5, 2],
      [-0.5, 3],
    ),
  },
  {
    name: 'Object.prototype.toString.call',
    file,
    loss: 'taggedLoss',
    dim: 2,
    refused: { expression: 'Object.prototype.toString.call(v)', why: 'plain number', orExact: true },
    points: product,
  },
  {
    name: 'constructor === Number',
    file,
    loss: 'constructorLoss',
    dim: 2,
    refused: { expression: '(x as any).constructor === Number', why: 'plain number', orExact: true },
    points: product,
  },
  {
    name: 'Object(x) === x and Object.keys',
    file,
    loss: 'objectLoss',
    dim: 2,
    refused: { expression: 'Object(x) === x', why: 'plain number', orExact: true },
    points: product,
  },
  {
    name: 'instanceof Object',
    file,
    loss: 'instanceLoss',
    dim: 2,
    points: product,
  },
  {
    name: 'isArray, isView, instanceof and constructor of buffers',
    file,
    loss: 'buffersLoss',
    dim: 2,
    points: closedForm((x, y) => [x! * y! + 2, [y!, x!]], [1.5, 2], [-0.5, 3]),
  },
  {
    name: 'a list and objects flattened down to numbers',
    file,
    loss: 'flattenLoss',
    dim: 3,
    points: closedForm((x, y, z) => [5 * x! + 2 * y! + 3 * z!, [5, 2, 3]], [1.5, 2, 3], [0, 3, -1]),
  },
  {
    name: 'a deep copy by hand',
    file,
    loss: 'copiedLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [2 * x! * y! + x! + 1 + 10 * x!, [2 * y! + 11, 2 * x!]],
      [1.5, 2],
      [-0.5, 3],
    ),
  },
  {
    name: 'a class that extends Array',
    file,
    loss: 'vecLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [2 * x! ** 2 + 2 * y! ** 2 + 1 + 2 + x! + 3 * y!, [4 * x! + 1, 4 * y! + 3]],
      [1.5, 2],
      [-0.5, 3],
    ),
  },
  {
    name: 'a number thrown and caught',
    file,
    loss: 'thrownLoss',
    dim: 2,
    points: closedForm((x, y) => [2 * x! * y!, [2 * y!, 2 * x!]], [1.5, 2], [-0.5, 3]),
  },
  {
    name: 'Math by other names',
    file,
    loss: 'aliasLoss',
    dim: 2,
    refused: { expression: 'g.Math.sin(y)', why: 'plain number', orExact: true },
    points: closedForm(
      (x, y) => [
        Math.exp(x!) + Math.sin(y!) + Math.cos(x!) + Math.exp(y!) + Math.tanh(x!) + Math.sqrt(y!),
        [
          Math.exp(x!) - Math.sin(x!) + 1 / Math.cosh(x!) ** 2,
          Math.cos(y!) + Math.exp(y!) + 0.5 / Math.sqrt(y!),
        ],
      ],
      [1.5, 2],
      [-0.5, 3],
    ),
  },
  {
    name: 'buffers sorted by size',
    file,
    loss: 'sortedBufferLoss',
    dim: 3,
    points: [
      { at: [9, 10, -8], value: -800 + 90 + 10 + 3, gradient: [10, 1, 100] },
      { at: [-1, -20, 5], value: -2000 - 10 + 5 + 3, gradient: [10, 100, 1] },
    ],
  },
  {
    name: 'members of a Set and keys of a Map, asked by value',
    file,
    loss: 'memberLoss',
    dim: 2,
    refused: { expression: 'new Set([x, 1, 2])', why: 'plain number', orExact: true },
    points: [
      ...closedForm((x, y) => [x! + 2 * y!, [1, 2]], [1.5, 2], [-0.5, 3]),
      ...rough(closedForm((x, y) => [x! + 2 * y! + 1e6, [1, 2]], [2, 3])),
    ],
  },
  {
    name: 'Array.from of a length that is a parameter',
    file: words,
    loss: 'lengthOfLoss',
    dim: 2,
    refused: { expression: 'Array.from({ length: n }, (_, i) => y * i)', why: 'plain number', orExact: true },
    points: [{ at: [4, 2.5], value: 15, gradient: [0, 6], rough: true }],
  },
  {
    name: 'isSafeInteger',
    file: words,
    loss: 'safeLoss',
    dim: 2,
    points: [
      { at: [1.5, 2], value: 3.5, gradient: [1, 1] },
      { at: [3, 2], value: 6, gradient: [2, 3], rough: true },
    ],
  },
  {
    name: 'parseInt',
    file: words,
    loss: 'wholeLoss',
    dim: 2,
    refused: { expression: 'parseInt(x as any, 10)', why: 'text', orExact: true },
    points: closedForm((x, y) => [Math.trunc(x!) * y! + 3 * x!, [3, Math.trunc(x!)]], [1.5, 2], [-2.5, 3]),
  },
  {
    name: 'compared with words',
    file: words,
    loss: 'comparedLoss',
    dim: 2,
    points: [
      ...closedForm((x, y) => [x! + y!, [1, 1]], [1.5, 3]),
      ...closedForm((x, y) => [2 * x! + y!, [2, 1]], [-0.5, 3]),
      { at: [1.5, 2], value: 21.5, gradient: [1, 10], rough: true },
    ],
  },
  {
    name: 'valueOf called by hand',
    file: words,
    loss: 'ownValueLoss',
    dim: 2,
    points: closedForm((x, y) => [x! * y! + x!, [y! + 1, x!]], [1.5, 2], [-0.5, 3]),
  },
  {
    name: 'a parameter as the end of a loop',
    file: words,
    loss: 'loopedLoss',
    dim: 2,
    points: [
      { at: [3.5, 2], value: 12 + 3.5, gradient: [1, 6] },
      { at: [3, -1], value: -3 + 3, gradient: [1, 3], rough: true },
    ],
  },
  {
    name: 'switch on a sign',
    file: words,
    loss: 'signLoss',
    dim: 2,
    points: [
      ...closedForm((x, y) => [2 * x! * y!, [2 * y!, 2 * x!]], [1.5, 2]),
      ...closedForm((x, y) => [-x! * y!, [-y!, -x!]], [-1.5, 2]),
      { at: [0, 2], value: 2, gradient: [0, 1], rough: true },
    ],
  },
  {
    name: 'rounded numbers as indices, counts and places',
    file: words,
    loss: 'indexedLoss',
    dim: 2,
    points: closedForm((x, y) => [9 * y! + 99 * x! + 9 + 2 * y! + 4, [99, 11]], [1.75, 2], [2.25, -3]),
  },
  {
    name: 'a list cut to a parameter',
    file: words,
    loss: 'cutLoss',
    dim: 2,
    refused: { expression: 'list.length = p[0]', why: 'plain number', orExact: true },
    points: [{ at: [3, 2], value: 12, gradient: [0, 6], rough: true }],
  },
  {
    name: 'texts of numbers compared',
    file: words,
    loss: 'textComparedLoss',
    dim: 2,
    points: [
      ...closedForm((x, y) => [x! * y!, [y!, x!]], [1.5, 2], [-0.5, 3]),
      ...rough(closedForm((x) => [100 * x!, [100, 0]], [2, 2], [7, 1])),
    ],
  },
];
