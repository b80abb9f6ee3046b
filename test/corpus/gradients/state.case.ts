import { closedForm, type GradientCase, sum } from './case';

const file = 'state/memory.ts';
const none: readonly number[] = [];

export const cases: readonly GradientCase[] = [
  {
    name: 'a running minimum in a module variable',
    file,
    loss: 'improvementLoss',
    dim: 2,
    stateful: true,
    points: [
      { at: [3, 4], value: 25, gradient: [6, 8] },
      { at: [1, 0], value: 1, gradient: none, stale: { expression: 'loss < best' } },
      { at: [1, 1], value: 3, gradient: none, stale: { expression: 'loss < best' } },
    ],
  },
  {
    name: 'a memo that outlives the call',
    file,
    loss: 'memoLoss',
    dim: 2,
    stateful: true,
    points: [
      { at: [2, 3], value: 8 + 12, gradient: [12 + 12, 4] },
      // The plain code gives a wrong value here too.
      { at: [1, 3], value: 8 + 12, gradient: none, stale: { expression: 'y * power(2)' } },
    ],
  },
  {
    name: 'a memo of plain numbers',
    file,
    loss: 'bernsteinLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => {
        const ts = [0.25, 0.5, 0.75];
        const weights = (t: number) => [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
        const value = (t: number) => weights(t)[0]! * a! + weights(t)[1]! * b! + weights(t)[2]! * c!;
        return [
          sum(ts.map((t) => value(t) ** 2)),
          [0, 1, 2].map((k) => sum(ts.map((t) => 2 * value(t) * weights(t)[k]!))),
        ];
      },
      [1, 2, 3],
      [-0.5, 0, 4],
    ),
  },
  {
    name: 'a class that keeps the parameters of the call before',
    file,
    loss: 'movedLoss',
    dim: 2,
    stateful: true,
    points: [
      { at: [3, 4], value: 26, gradient: [6, 8] },
      { at: [3, 5], value: 1 + 2, gradient: none, stale: { expression: 'v - this.#last[i]' } },
    ],
  },
  {
    name: 'a sum over calls, of whole numbers',
    file,
    loss: 'averagedLoss',
    dim: 1,
    stateful: true,
    points: [
      { at: [2.5], value: 5, gradient: [2] },
      { at: [3.5], value: 3.5 * 5, gradient: [5] },
      { at: [-1.5], value: -1.5 * 3, gradient: [3] },
    ],
  },
  {
    name: 'a promise of the call before',
    file,
    loss: 'lateLoss',
    dim: 1,
    stateful: true,
    points: [
      { at: [3], value: 3, gradient: [1] },
      { at: [2], value: 18, gradient: none, stale: { expression: 'before * x' } },
    ],
  },
  {
    name: 'a list of the module, filled anew in every call',
    file,
    loss: 'reusedLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => [a! ** 2 + 2 * b! ** 2 + 3 * c! ** 2, [2 * a!, 4 * b!, 6 * c!]],
      [1, 2, 3],
      [-0.5, 0, 4],
    ),
  },
  {
    name: 'a WeakMap as a cache by object',
    file,
    loss: 'weakLoss',
    dim: 2,
    points: closedForm(
      (x, y) => {
        const n = x! ** 2 + y! ** 2;
        return [2 * n + n * n, [4 * x! * (1 + n), 4 * y! * (1 + n)]];
      },
      [1, 2],
      [-0.5, 0],
    ),
  },
  {
    name: 'a work buffer whose last contents are read on',
    file,
    loss: 'momentumLoss',
    dim: 2,
    stateful: true,
    points: [
      { at: [2, 3], value: 6, gradient: [3, 2] },
      { at: [2, 3], value: 3 * 4.5, gradient: none, stale: { expression: '0.5 * momentum[i]' } },
    ],
  },
  {
    name: 'a kept value used inside a try',
    file,
    loss: 'swallowedLoss',
    dim: 1,
    stateful: true,
    points: [
      { at: [2], value: 4, gradient: [4] },
      { at: [3], value: 9 + 6, gradient: none, stale: { expression: 'swallowed * 3' } },
    ],
  },
  {
    name: 'a memo by the text of the parameters',
    file,
    loss: 'keyedLoss',
    dim: 2,
    stateful: true,
    points: [
      { at: [3, 4], value: 28, gradient: [7, 8] },
      { at: [1, 0], value: 2, gradient: [3, 0] },
      { at: [3, 4], value: 28, gradient: none, stale: { expression: 'bowl(p) + p[0]' } },
    ],
  },
  {
    name: 'a memo whose entry is the loss',
    file,
    loss: 'returnedLoss',
    dim: 2,
    stateful: true,
    points: [
      { at: [3, 4], value: 20, gradient: [4, 8] },
      { at: [1, 0], value: 0, gradient: [0, 0] },
      { at: [3, 4], value: 20, gradient: none, stale: 'result' },
    ],
  },
];
