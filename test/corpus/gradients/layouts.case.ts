import { closedForm, type GradientCase } from './case';

const file = 'layouts/layouts.ts';
const points = [
  [1.5, 2],
  [0.5, 3],
] as const;

/** The meaning of a program does not depend on its parentheses, comments, line ends, semicolons and types. */
export const cases: readonly GradientCase[] = [
  {
    name: 'parentheses around the right side of compound assignments',
    file,
    loss: 'scaledLoss',
    dim: 2,
    points: closedForm(
      (x, y) => {
        const d = x! * (x! + y!);
        const [dx, dy] = [2 * x! + y!, x!];
        return [d * (d - y!) - x! * y! + 1, [dx * (2 * d - y!) - y!, dy * (d - y!) + d * (dy - 1) - x!]];
      },
      ...points,
    ),
  },
  {
    name: 'comments between all tokens',
    file,
    loss: 'commentedLoss',
    dim: 2,
    points: closedForm((x, y) => [x! * y! + x! ** 2 / 2, [y! + x!, x!]], ...points),
  },
  {
    name: 'line ends in the place of semicolons',
    file,
    loss: 'bareLoss',
    dim: 2,
    points: closedForm((x, y) => [2 * (x! ** 2 + y! ** 2 + 1) + 1 - x!, [4 * x! - 1, 4 * y!]], ...points),
  },
  {
    name: 'types between tokens',
    file,
    loss: 'typedLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [
        (x! + y!) ** 2 + (x! + 1) * (y! - 2 * x!),
        [2 * (x! + y!) + (y! - 2 * x!) - 2 * (x! + 1), 2 * (x! + y!) + x! + 1],
      ],
      ...points,
    ),
  },
  {
    name: 'optional chains in parentheses, and optional calls of methods',
    file,
    loss: 'chainedLoss',
    dim: 2,
    points: closedForm((x, y) => [2 * x! + y! + x! ** 2, [2 + 2 * x!, 1]], ...points),
  },
  {
    name: 'accessors that update while a member is updated',
    file,
    loss: 'countedLoss',
    dim: 2,
    points: closedForm((x, y) => [(2 * x! + 1) * y! + x! * y! + 5, [3 * y!, 3 * x! + 1]], ...points),
  },
  {
    name: 'keywords that touch operators',
    file,
    loss: 'keywordLoss',
    dim: 2,
    points: closedForm((x, y) => [-2 * x! * y!, [-2 * y!, -2 * x!]], ...points),
  },
  {
    name: 'HTML-like comments in a script',
    file: 'layouts/comments.cjs',
    loss: 'htmlLoss',
    dim: 2,
    points: closedForm((x, y) => [x! * y! + y! + 1, [y!, x! + 1]], ...points),
  },
];
