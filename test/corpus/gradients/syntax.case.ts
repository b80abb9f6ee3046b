import { closedForm, type GradientCase } from './case';

/** Syntax that Node does not run, so that it is compiled before the arithmetic is instrumented. */
export const cases: readonly GradientCase[] = [
  {
    name: 'a method with two decorators, and a decorated field',
    file: 'syntax/decorated.ts',
    loss: 'methodLoss',
    dim: 1,
    points: closedForm((x) => [3 * (x! - 0.5) ** 2, [6 * (x! - 0.5)]], [2], [0.5], [-1]),
  },
  {
    name: 'accessor fields, with and without a decorator',
    file: 'syntax/decorated.ts',
    loss: 'accessorLoss',
    dim: 2,
    points: closedForm((x, y) => [x! ** 2 + 3 * (1 - y!) ** 2, [2 * x!, -6 * (1 - y!)]], [2, 3], [-1, 0]),
  },
  {
    name: 'a decorated static method',
    file: 'syntax/decorated.ts',
    loss: 'staticLoss',
    dim: 1,
    points: closedForm((x) => [x! ** 2 / 4, [x! / 2]], [3], [-2]),
  },
  {
    name: 'a class that its decorator registers',
    file: 'syntax/decorated.ts',
    loss: 'registeredLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [3 * (x! * y! - 0.5) ** 2, [6 * (x! * y! - 0.5) * y!, 6 * (x! * y! - 0.5) * x!]],
      [1, 2],
      [-1, 0.5],
    ),
  },
  {
    name: 'a function of a namespace of TypeScript',
    file: 'syntax/namespaces.ts',
    loss: 'distanceLoss',
    dim: 2,
    points: closedForm(
      (x, y) => {
        const r = Math.hypot(x! - 1, y! + 1);
        return [r, [(x! - 1) / r, (y! + 1) / r]];
      },
      [2, 3],
      [0, 0],
    ),
  },
  {
    name: 'a namespace in two blocks',
    file: 'syntax/namespaces.ts',
    loss: 'mergedLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [Math.hypot(x!, y!), [x! / Math.hypot(x!, y!), y! / Math.hypot(x!, y!)]],
      [3, 4],
    ),
  },
  {
    name: 'a nested namespace',
    file: 'syntax/namespaces.ts',
    loss: 'circleLoss',
    dim: 1,
    points: closedForm(
      (r) => [(Math.PI * (r! * r! - 1)) ** 2, [4 * Math.PI ** 2 * (r! * r! - 1) * r!]],
      [2],
      [0.5],
    ),
  },
  {
    name: 'a class of a namespace, under an alias',
    file: 'syntax/namespaces.ts',
    loss: 'boxLoss',
    dim: 2,
    points: closedForm((w, h) => [w! * h! + 2 * h!, [h!, w! + 2]], [2, 3], [-1, 4]),
  },
  {
    name: 'an enum and a variable of a namespace',
    file: 'syntax/namespaces.ts',
    loss: 'unitLoss',
    dim: 1,
    points: closedForm((x) => [0.5 * (1000 * x! - 1) ** 2 * 1e-6, [(1000 * x! - 1) * 1e-3]], [2], [0]),
  },
  {
    name: 'using',
    file: 'syntax/resources.ts',
    loss: 'usingLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [9 * x! ** 2 * y! ** 2, [18 * x! * y! ** 2, 18 * x! ** 2 * y!]],
      [1, 2],
      [-2, 0.5],
    ),
  },
  {
    name: 'using in a loop that continues early, and disposes each time',
    file: 'syntax/resources.ts',
    loss: 'loopLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => [
        a! ** 2 + (b! < 0 ? 0 : 4 * b! ** 2) + 9 * c! ** 2,
        [2 * a!, b! < 0 ? 0 : 8 * b!, 18 * c!],
      ],
      [1, 2, 3],
      [1, -2, 3],
    ),
  },
  {
    name: 'await using',
    file: 'syntax/resources.ts',
    loss: 'awaitLoss',
    dim: 1,
    points: closedForm((x) => [2 * x! ** 3, [6 * x! ** 2]], [2], [-1]),
  },
  {
    name: 'enums beside using',
    file: 'syntax/resources.ts',
    loss: 'enumLoss',
    dim: 2,
    points: closedForm((x, y) => [x! ** 2 + 8 * y! ** 2, [2 * x!, 16 * y!]], [1, 2]),
  },
  {
    name: 'JSX, a style sheet and an image elsewhere in the file',
    file: 'syntax/elements.tsx',
    loss: 'fitLoss',
    dim: 2,
    points: closedForm(
      (slope, offset) => {
        const residuals = [
          [0, 1],
          [1, 3],
          [2, 4],
        ].map(([x, y]) => ({ x: x!, r: slope! * x! + offset! - y! }));
        const mean = (values: number[]) => values.reduce((s, v) => s + v, 0) / 3;
        return [
          mean(residuals.map(({ r }) => r * r)),
          [mean(residuals.map(({ x, r }) => 2 * r * x)), mean(residuals.map(({ r }) => 2 * r))],
        ];
      },
      [0, 0],
      [1.5, 1],
    ),
  },
  {
    name: 'an element with parameters among its properties',
    file: 'syntax/elements.tsx',
    loss: 'elementLoss',
    dim: 2,
    points: closedForm((x, y) => [2 * x! * y!, [2 * y!, 2 * x!]], [1, 2]),
  },
  {
    name: 'import = require and export = beside a namespace',
    file: 'syntax/old.cts',
    loss: 'cubeLoss',
    dim: 1,
    points: closedForm((x) => [x! ** 3, [3 * x! ** 2]], [2], [-1]),
  },
  {
    name: 'CommonJS that an ECMAScript module imports, with names known only at run time',
    file: 'syntax/imports.ts',
    loss: 'areaLoss',
    dim: 1,
    points: closedForm(
      (r) => [(2 * r! ** 2 - 8) ** 2 + r! ** 2, [8 * r! * (2 * r! ** 2 - 8) + 2 * r!]],
      [1],
      [-3],
    ),
  },
];
