import { closedForm, type GradientCase } from './case';

export const cases: readonly GradientCase[] = [
  {
    name: 'a vector class of another file, with a private cache and a toString for the log',
    file: 'classes/geometry.ts',
    loss: 'areaCost',
    dim: 3,
    points: closedForm(
      (_, y, z) => {
        const r = Math.hypot(y!, z!);
        return [4 * r, [0, (4 * y!) / r, (4 * z!) / r]];
      },
      [1, 3, 4],
      [0, -0.5, 0.25],
    ),
  },
  {
    name: 'getters that compute',
    file: 'classes/geometry.ts',
    loss: 'angleLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => {
        const r = Math.hypot(a!, b!, c!);
        const d = (a! + 2 * b! + 2 * c!) / 3;
        const slope = (q: number, v: number) => q / 3 / r - (d * v) / r ** 3;
        return [d / r + 1, [slope(1, a!), slope(2, b!), slope(2, c!)]];
      },
      [1, 3, 4],
      [0, -0.5, 0.25],
    ),
  },
  {
    name: 'inheritance, fields that compute, super, instanceof',
    file: 'classes/network.ts',
    loss: 'networkLoss',
    dim: 4,
    points: closedForm(
      (a, b, c, d) => {
        const t = Math.tanh(a! + b!);
        const u = Math.tanh(c! * t + d!);
        const y = 2 * c! * u + 1;
        const [dt, du] = [1 - t * t, 1 - u * u];
        const first = 2 * y * 2 * c! * du * c! * dt;
        return [y * y, [first, first, 2 * y * (2 * u + 2 * c! * du * t), 2 * y * 2 * c! * du]];
      },
      [0.5, 0.1, 0.7, -0.2],
      [-1, 2, 1.5, 0],
    ),
  },
  {
    name: 'a setter that clamps, private methods',
    file: 'classes/network.ts',
    loss: 'knobLoss',
    dim: 2,
    points: [
      ...closedForm(
        (x, y) => [(x! / 2 + y! / 4) ** 2 + x!, [x! / 2 + y! / 4 + 1, (x! / 2 + y! / 4) / 2]],
        [0.5, 0.1],
        [-0.25, -1],
      ),
      { at: [3, -0.5], value: 0.375 ** 2 + 3, gradient: [1, 0.1875] },
      { at: [0.5, 4], value: 0.25 + 0.5, gradient: [1, 0] },
    ],
  },
  {
    name: 'objects with valueOf in place of numbers',
    file: 'classes/network.ts',
    loss: 'meterLoss',
    dim: 2,
    refused: { expression: 'a * b', why: 'object', orExact: true },
    points: closedForm((x, y) => [x! * y! + x! + (x! > y! ? 1 : 2), [y! + 1, x!]], [1, 2], [3, -0.5]),
  },
  {
    name: 'a Proxy and a defined accessor',
    file: 'classes/network.ts',
    loss: 'proxyLoss',
    dim: 3,
    points: closedForm((a, b, c) => [4 * a! * b! + 6 * c! + 3, [4 * b!, 4 * a!, 6]], [1, 2, 3], [-0.5, 0, 4]),
  },
  {
    name: 'a builder whose methods return it',
    file: 'classes/network.ts',
    loss: 'builderLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [2 * x! * y! + 2 * x! ** 2 + y!, [2 * y! + 4 * x!, 2 * x! + 1]],
      [1, 2],
      [3, -0.5],
    ),
  },
];
