import { closedForm, type GradientCase } from './case';

const namespaces = (name: string, loss: string, points: GradientCase['points']): GradientCase => ({
  name,
  file: 'namespaces/losses.js',
  loss,
  dim: points[0]!.at.length,
  points,
});

export const cases: readonly GradientCase[] = [
  namespaces(
    'functions of a namespace',
    'normLoss',
    closedForm(
      (x, y) => {
        const r = Math.sqrt((x! + 0.5) ** 2 + (y! - 1) ** 2);
        return [r + x! ** 2 + y! ** 2, [(x! + 0.5) / r + 2 * x!, (y! - 1) / r + 2 * y!]];
      },
      [2, 3],
      [-1, 0.5],
    ),
  ),
  namespaces(
    'data and the default export of a namespace',
    'dataLoss',
    closedForm((x, y) => [3 * x! ** 3 + 2 * y!, [9 * x! ** 2, 2]], [2, 3], [-1, 0.5]),
  ),
  namespaces(
    'a namespace of names that are passed on',
    'throughLoss',
    closedForm((x, y) => [10 * x! + 15 * y!, [10, 15]], [2, 3], [-1, 0.5]),
  ),
  namespaces(
    'functions of a namespace by computed names and as values',
    'computedLoss',
    closedForm(
      (x, y) => {
        const r = Math.sqrt(x! ** 2 + y! ** 2);
        return [r + 6 * (x! + 2 * y!), [x! / r + 6, y! / r + 12]];
      },
      [2, 3],
      [-1, 0.5],
    ),
  ),
  namespaces(
    'reduceRight that is not a sum, with and without an initial value',
    'rightLoss',
    closedForm(
      (a, b) => [
        ((3 + 2 * a!) * b! + a!) * a! + (4 * b! + 2) * b! + 1,
        [4 * a! * b! + 3 * b! + 2 * a!, (3 + 2 * a!) * a! + 8 * b! + 2],
      ],
      [2, 3],
      [-1, 0.5],
    ),
  ),
  namespaces(
    'reduceRight of a list that grows',
    'growingLoss',
    closedForm((a, b) => [a! + 2 * b! + 4 * b! ** 2, [1, 2 + 8 * b!]], [2, 3], [-1, 0.5]),
  ),
];
