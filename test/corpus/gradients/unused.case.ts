import { closedForm, type GradientCase } from './case';

const file = 'text/unused.js';
const script = 'text/lateRequire.cjs';
const points = [
  [1.5, 2],
  [0.5, 3],
] as const;
const product = closedForm((x, y) => [x! * y!, [y!, x!]], ...points);

/** What cannot be differentiated is refused only where it is executed with values that depend on the parameters. */
export const cases: readonly GradientCase[] = [
  {
    name: 'eval and new Function that are not executed',
    file,
    loss: 'deadCodeLoss',
    dim: 2,
    points: closedForm((x, y) => [x! ** 2 + y! ** 2, [2 * x!, 2 * y!]], ...points),
  },
  {
    name: 'methods that are held, and functions taken from Object',
    file,
    loss: 'heldLoss',
    dim: 2,
    points: closedForm((x, y) => [3 * x! * y! + 3, [3 * y!, 3 * x!]], ...points),
  },
  {
    name: 'eval and new Function of plain values',
    file,
    loss: 'constantLoss',
    dim: 2,
    points: closedForm((x, y) => [2 * x! + 3 * y! + 2, [2, 3]], ...points),
  },
  {
    name: 'methods of Array that are called by other names',
    file,
    loss: 'borrowedLoss',
    dim: 2,
    points: closedForm((x, y) => [2 * x! + 3 * y! + 2, [2, 3]], ...points),
  },
  {
    name: 'a made function that gets a function',
    file,
    loss: 'innerLoss',
    dim: 2,
    points: closedForm((x, y) => [3 * x! + y!, [3, 1]], ...points),
  },
  {
    name: 'require as a value',
    file: script,
    loss: 'mainLoss',
    dim: 2,
    points: closedForm((x, y) => [x! * y! + 1, [y!, x!]], ...points),
  },
  {
    name: 'require of a computed name, for plain values',
    file: script,
    loss: 'dataLoss',
    dim: 2,
    points: closedForm((x, y) => [3 * x! + y!, [3, 1]], ...points),
  },
  { name: 'a with that is not executed', file: script, loss: 'withLoss', dim: 2, points: product },
  {
    name: 'a with that is executed',
    file: script,
    loss: 'insideLoss',
    dim: 2,
    refused: { expression: '{ z: y }', occurrence: 2, why: 'with' },
    points: product,
  },
];
