import { closedForm, type GradientCase, sum } from './case';

const weights = [0.5, -1, 2, 0.25];
const total = sum(weights);
const loops = (name: string, loss: string, points: GradientCase['points']): GradientCase => ({
  name,
  file: 'sums/loops.js',
  loss,
  dim: points[0]!.at.length,
  points,
});
const callbacks = (name: string, loss: string, points: GradientCase['points']): GradientCase => ({
  ...loops(name, loss, points),
  file: 'sums/callbacks.js',
});
/** half(3, x) of the program is a multiple of x. */
const halves = (n: number): number => 1 + 0.5 * sum(weights.slice(0, n).map((w, i) => w * halves(i)));

export const cases: readonly GradientCase[] = [
  loops(
    'a sum to which nothing is added',
    'untouchedLoss',
    closedForm((x) => [x! * x!, [2 * x!]], [3], [-0.5]),
  ),
  loops(
    'two sums in one loop, one of them negative',
    'twoSumsLoss',
    closedForm(
      (x, y) => {
        const up = x! + total * x! * y!;
        const down = y! - sum(weights.map((w) => (x! - w) ** 2));
        return [
          up * down,
          [(1 + total * y!) * down - up * sum(weights.map((w) => 2 * (x! - w))), total * x! * down + up],
        ];
      },
      [0.3, 0.7],
      [-1, 2],
    ),
  ),
  loops(
    'a sum with break and continue',
    'earlyLoss',
    closedForm((x, y) => [2.75 * (x! + y! * y!), [2.75, 5.5 * y!]], [1, 2], [0, -3]),
  ),
  loops(
    'a sum whose outer loop is continued by a label',
    'labelLoss',
    closedForm(
      (x, y) => [
        1 + x! * (1 + y!) + x! ** 2 * (1 + y! + y! ** 2),
        [1 + y! + 2 * x! * (1 + y! + y! ** 2), x! + x! ** 2 * (1 + 2 * y!)],
      ],
      [0.5, 2],
      [-1, 0.25],
    ),
  ),
  loops(
    'a sum that its own terms read',
    'readingLoss',
    closedForm((x, y) => [x! * (1 + y!) ** 3, [(1 + y!) ** 3, 3 * x! * (1 + y!) ** 2]], [2, 0.5], [-1, -3]),
  ),
  loops(
    'a sum that the condition reads',
    'untilLoss',
    closedForm((x) => [Math.ceil(3 / x! ** 2) * x! ** 2, [Math.ceil(3 / x! ** 2) * 2 * x!]], [1.1], [-0.7]),
  ),
  loops(
    'a sum that an error breaks off',
    'brokenOffLoss',
    closedForm((x, y) => [5 * x! * y! + x!, [5 * y! + 1, 5 * x!]], [2, 3], [-1, 0.5]),
  ),
  loops(
    'a sum with errors in between',
    'skippedRowsLoss',
    closedForm((x, y) => [5 * x! - y! * y!, [5, -2 * y!]], [2, 3], [-1, 0.5]),
  ),
  loops(
    'a sum in a recursive function',
    'recursiveLoss',
    closedForm((x) => [(halves(3) * x!) ** 2, [2 * halves(3) ** 2 * x!]], [2], [-0.3]),
  ),
  loops(
    'a return in the middle of a sum',
    'returningLoss',
    closedForm((x, y) => [2 * x! * y!, [2 * y!, 2 * x!]], [2, 3], [-1, 0.5]),
  ),
  loops(
    'sums of rows that begin at one',
    'triangleLoss',
    closedForm(
      (a, b, c) => {
        const [r0, r1, r2] = [1 + a! * a!, 1 + b! * (a! + b!), 1 + c! * (a! + b! + c!)];
        return [
          r0 ** 2 + r1 ** 2 + r2 ** 2,
          [
            4 * r0 * a! + 2 * r1 * b! + 2 * r2 * c!,
            2 * r1 * (a! + 2 * b!) + 2 * r2 * c!,
            2 * r2 * (a! + b! + 2 * c!),
          ],
        ];
      },
      [1, 2, -0.5],
      [0.1, 0.2, 0.3],
    ),
  ),
  loops(
    'a sum of a long expression',
    'wideLoss',
    closedForm(
      (...p) => {
        const pairs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 2, 4, 6, 8, 1, 3, 5];
        const gradient = p.map(() => 0);
        let value = 0;
        for (let k = 0; k < pairs.length; k += 2) {
          const [i, j] = [pairs[k]!, pairs[k + 1]!];
          value += p[i]! * p[j]!;
          gradient[i]! += 2 * p[j]!;
          gradient[j]! += 2 * p[i]!;
        }
        return [2 * value, gradient];
      },
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      [-0.5, 0.1, 0, 2, 1, -1, 0.3, 4, 0.2, -2],
    ),
  ),
  loops(
    'a text and undefined as sums beside a number',
    'mixedLoss',
    closedForm((x, y) => [2 * (x! ** 2 + y! ** 2) + x!, [4 * x! + 1, 4 * y!]], [1, 2], [-0.5, 3]),
  ),
  loops(
    'sums with parentheses, commas and no semicolon',
    'layoutLoss',
    closedForm((x, y) => [2 * (x! + y!) - 2 * x! * y! + 2 * y!, [2 - 2 * y!, 4 - 2 * x!]], [3, 2], [-1, 0.5]),
  ),
  loops(
    'a sum of roots of clipped values',
    'clippedLoss',
    closedForm(
      (x) => [
        Math.sqrt(x!) + Math.sqrt(Math.max(x! - 1, 0)),
        [0.5 / Math.sqrt(x!) + (x! > 1 ? 0.5 / Math.sqrt(x! - 1) : 0)],
      ],
      [1.5],
      [0.25],
    ),
  ),
  callbacks(
    'a sum in forEach',
    'forEachLoss',
    closedForm(
      (a, b) => {
        const r = [1, 2, 3, 4].map((d, i) => a! * d + b! - i);
        return [sum(r.map((v) => v * v)), [sum(r.map((v, i) => 2 * v * (i + 1))), sum(r.map((v) => 2 * v))]];
      },
      [1, 2],
      [0.2, -0.4],
    ),
  ),
  callbacks(
    'a callback that adds again after its call',
    'lateLoss',
    closedForm(
      (a, b) => [(a! * (10 + b!)) ** 2, [2 * a! * (10 + b!) ** 2, 2 * a! * a! * (10 + b!)]],
      [1, 2],
      [0.2, -3],
    ),
  ),
  callbacks(
    'a term whose computation adds to the same sum',
    'lostLoss',
    closedForm((a, b) => [3 * a! * b!, [3 * b!, 3 * a!]], [2, 3], [-1, 0.5]),
  ),
  callbacks(
    'a sum that another function reads',
    'watchedLoss',
    closedForm((a, b) => [10 * a! * (b! + 1), [10 * (b! + 1), 10 * a!]], [2, 3], [-1, 0.5]),
  ),
  callbacks(
    'reduce with an initial value and the index',
    'reduceLoss',
    closedForm((a, b) => [a! * b! + 10 * a! - 6 * b!, [b! + 10, a! - 6]], [2, 3], [-1, 0.5]),
  ),
  callbacks(
    'reduceRight that subtracts',
    'reduceRightLoss',
    closedForm(
      (a, b) => [(1 - 4 - b! ** 2 - a! ** 2) * a!, [-3 - b! ** 2 - 3 * a! ** 2, -2 * a! * b!]],
      [2, 3],
      [-1, 0.5],
    ),
  ),
  callbacks(
    'reduce without an initial value',
    'firstLoss',
    closedForm(
      (a, b) => {
        const s = a! * a! + b! + a! * b!;
        return [s * s, [2 * s * (2 * a! + b!), 2 * s * (1 + a!)]];
      },
      [2, 3],
      [-1, 0.5],
    ),
  ),
  callbacks(
    'reduce with a function that only returns',
    'functionLoss',
    closedForm((a, b) => [10 * a! * b!, [10 * b!, 10 * a!]], [2, 3], [-1, 0.5]),
  ),
  callbacks(
    'reduce with a function that uses arguments',
    'argumentsLoss',
    closedForm((a, b) => [10 * a! + b!, [10, 1]], [2, 3], [-1, 0.5]),
  ),
  callbacks(
    'reduce of empty lists',
    'emptyLoss',
    closedForm((a, b) => [a! * b!, [b!, a!]], [2, 3], [-1, 0.5]),
  ),
  callbacks(
    'reduce of lists with holes',
    'holesLoss',
    closedForm((a, b) => [a! + b! * b! + b!, [1, 2 * b! + 1]], [2, 3], [-1, 0.5]),
  ),
  callbacks(
    'a reduce that is not of arrays',
    'ownReduceLoss',
    closedForm((a, b) => [2 * a! + a! * b! + 3 * b!, [2 + b!, a! + 3]], [2, 3], [-1, 0.5]),
  ),
  callbacks(
    'reduce of typed arrays',
    'typedLoss',
    closedForm((a, b) => [a! ** 2 + b! ** 2 + b! + 3 * a!, [2 * a! + 3, 2 * b! + 1]], [2, 3], [-1, 0.5]),
  ),
  callbacks(
    'reduce to texts',
    'otherSumsLoss',
    closedForm((a, b) => [4 * a! + 4 * b!, [4, 4]], [2, 3], [-1, 0.5]),
  ),
  callbacks(
    'a reduction inside of a reduction',
    'matrixLoss',
    closedForm(
      (a, b, c, d) => {
        const r0 = a! + a! * a! + b! * b!;
        const r1 = b! + 2 * (c! * a! + d! * b!);
        return [
          r0 ** 2 + r1 ** 2,
          [
            2 * r0 * (1 + 2 * a!) + 4 * r1 * c!,
            4 * r0 * b! + 2 * r1 * (1 + 2 * d!),
            4 * r1 * a!,
            4 * r1 * b!,
          ],
        ];
      },
      [1, 2, 3, 4],
      [0.1, -0.2, 0.3, 0.4],
    ),
  ),
  callbacks(
    'a reduction by the rule of Horner',
    'hornerLoss',
    closedForm(
      (x, y) => [
        y! * (x! ** 3 + 2 * x! ** 2 + 3 * x! + 4),
        [y! * (3 * x! ** 2 + 4 * x! + 3), x! ** 3 + 2 * x! ** 2 + 3 * x! + 4],
      ],
      [2, 3],
      [-1, 0.5],
    ),
  ),
];
