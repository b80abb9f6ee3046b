import { closedForm, type GradientCase, sum } from './case';

const measured = [0.9, 3.2, 4.8, 12];

export const cases: readonly GradientCase[] = [
  {
    name: 'helpers of four files and data from JSON',
    file: 'modules/main.ts',
    loss: 'fittedLoss',
    dim: 2,
    points: closedForm(
      (a, b) => {
        const terms = measured.map((y, x) => {
          const r = a! * x + b! - y;
          return { x, r, weight: Math.abs(r) < 1 ? 1 : 0.25 };
        });
        return [
          sum(terms.map(({ r, weight }) => weight * r * r)),
          [
            sum(terms.map(({ x, r, weight }) => 2 * weight * r * x)),
            sum(terms.map(({ r, weight }) => 2 * weight * r)),
          ],
        ];
      },
      [0, 0],
      [2, 1],
      [3, 0.5],
    ),
  },
  {
    name: 'CommonJS that requires JSON and a script',
    file: 'modules/main.ts',
    loss: 'ovalLoss',
    dim: 2,
    points: [
      ...closedForm(
        (a, b) => {
          const r = Math.hypot(0.9 * a!, b!);
          return [r, [(0.81 * a!) / r, b! / r]];
        },
        [1, 2],
        [-3, 0],
      ),
      { at: [0, 0], value: 0, gradient: [0, 0], rough: true },
    ],
  },
  {
    name: 'modules that import each other, live bindings',
    file: 'modules/main.ts',
    loss: 'cycleLoss',
    dim: 1,
    // even(3, x): 2x, 2x + 1, 4x + 2, and odd(0) changes the sign.
    points: closedForm((x) => [-(4 * x! + 2) + 3 * x! ** 2, [-4 + 6 * x!]], [1], [-0.5]),
  },
  {
    name: 'a package that sees the parameters',
    file: 'modules/packages.ts',
    loss: 'normLoss',
    dim: 2,
    refused: { expression: 'norm(p)', why: 'not differentiated' },
    points: closedForm(
      (x, y) => {
        const r = Math.hypot(x!, y!);
        return [r + x!, [x! / r + 1, y! / r]];
      },
      [1, 2],
      [-0.5, 3],
    ),
  },
  {
    name: 'a package that sees plain numbers only',
    file: 'modules/packages.ts',
    loss: 'gridLoss',
    dim: 2,
    points: closedForm(
      (a, b) => {
        const ts = [0, 0.25, 0.5, 0.75, 1];
        const r = (t: number) => a! * t + b! * t * t - 1;
        return [
          sum(ts.map((t) => r(t) ** 2)),
          [sum(ts.map((t) => 2 * r(t) * t)), sum(ts.map((t) => 2 * r(t) * t * t))],
        ];
      },
      [0, 0],
      [1, -2],
    ),
  },
  {
    name: 'a package that calls back into the loss',
    file: 'modules/packages.ts',
    loss: 'calledBackLoss',
    dim: 1,
    refused: { expression: 'sumBy([1, 2, 3], (x: number) => (a * x - 1) ** 2)', why: 'not differentiated' },
    points: closedForm((a) => [14 * a! ** 2 - 12 * a! + 3, [28 * a! - 12]], [0], [1.5]),
  },
  {
    name: 'a package that hands a parameter back as it was',
    file: 'modules/packages.ts',
    loss: 'passedOnLoss',
    dim: 2,
    refused: { expression: 'first(p)', why: 'not differentiated', orExact: true },
    points: closedForm((a, b) => [a! ** 2 + b!, [2 * a!, 1]], [0, 1], [1.5, -2]),
  },
  {
    name: 'optional calls without arguments beside a package',
    file: 'modules/packages.ts',
    loss: 'optionalCallLoss',
    dim: 2,
    points: closedForm((a, b) => [2 * a! * b! + a!, [2 * b! + 1, 2 * a!]], [2, 3], [0.5, -1]),
  },
];
