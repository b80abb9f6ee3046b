import { closedForm, type GradientCase, rough, sum } from './case';

export const cases: readonly GradientCase[] = [
  {
    name: 'else if, ternaries, && and || that give numbers',
    file: 'control/branches.ts',
    loss: 'tariffCost',
    dim: 2,
    points: [
      { at: [-2, 1], value: 2 + 3 + 1, gradient: [-1, 3 + 1] },
      { at: [0.5, -3], value: 1 + 9 - 3 + 0.5, gradient: [2 + 1, -3 + 1] },
      { at: [3, 4], value: 10 + 12 + 4, gradient: [6, 4] },
      { at: [12, 1], value: 141 + 3 + 1 + 12, gradient: [21, 4] },
      // At 0 both operands of || are false: 7. The second branch holds x = 0.
      { at: [0, 0], value: 7, gradient: [2, 0], rough: true },
      { at: [1, 0], value: 2 + 7 + 1, gradient: [3, 0], rough: true },
    ],
  },
  {
    name: 'switch on strings and on true, falling through',
    file: 'control/branches.ts',
    loss: 'modeLoss',
    dim: 2,
    points: [
      ...closedForm((x, y) => [4 * x! ** 2 + y!, [8 * x!, 1]], [2, 1]),
      ...closedForm((x, y) => [x! ** 2 + y!, [2 * x!, 1]], [-3, 1]),
      { at: [2, 2], value: 2, gradient: [1, 0], rough: true },
    ],
  },
  {
    name: 'try, catch, finally and continue, values on the error',
    file: 'control/branches.ts',
    loss: 'guardedLoss',
    dim: 3,
    points: closedForm(
      (...p) => [
        p.reduce((s, v) => s + (v > 1 ? 1 + 2 * (v - 1) : v * v) + 0.5 * v + 1, 0),
        p.map((v) => (v > 1 ? 2.5 : 2 * v + 0.5)),
      ],
      [0, 2, -3],
      [0.5, 1.5, 4],
    ),
  },
  {
    name: 'an error of the engine, caught',
    file: 'control/branches.ts',
    loss: 'fallbackLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [(x! ** 2 * y! + 1) * 2 + 10 * x!, [4 * x! * y! + 10, 2 * x! ** 2]],
      [1, 2],
      [-0.5, 3],
    ),
  },
  {
    name: 'a loop whose end depends on the values',
    file: 'control/branches.ts',
    loss: 'whileLoss',
    dim: 1,
    points: [
      { at: [0.5], value: 0.25, gradient: [1] },
      { at: [3.25], value: 0.0625 + 3, gradient: [0.5] },
      { at: [10], value: 0.25 + 4, gradient: [0.25] },
      { at: [1], value: 1, gradient: [2], rough: true },
    ],
  },
  {
    name: 'numbers as conditions',
    file: 'control/numbers.js',
    loss: 'truthyLoss',
    dim: 2,
    points: [
      ...closedForm((x, y) => [x! ** 2 + y! + 3 * x! + x! + y! + 4, [2 * x! + 4, 2]], [1, 2], [-0.5, 3]),
      // x = 0: 2y + 5·3 + x + y.
      { at: [0, 2], value: 4 + 15 + 2 + 0 + 1 + 2, gradient: [1, 3], rough: true },
      // y = 0: x² + 100 + y + x·y + x, for y && 3 is y.
      { at: [2, 0], value: 4 + 100 + 2 + 1 + 2, gradient: [5, 3], rough: true },
    ],
  },
  {
    name: '===, ==, !==, !=, Object.is, isInteger and switch on numbers',
    file: 'control/numbers.js',
    loss: 'equalLoss',
    dim: 2,
    points: [
      ...closedForm((x, y) => [x! * y! + x! + y! + 0.5, [y! + 1, x! + 1]], [1.5, 2.5], [-0.5, 0.25]),
      {
        at: [1, 2],
        value: 2 + 10 + 200 + 1 + 2 + 0.75 + 7,
        gradient: [2 + 10 + 1 + 7, 1 + 100 + 1],
        rough: true,
      },
      { at: [3, 3], value: 9 + 3000 + 0.75 + 24, gradient: [3 + 1000, 3 + 8], rough: true },
    ],
  },
  {
    name: 'typeof, isFinite, isNaN, instanceof, Number()',
    file: 'control/numbers.js',
    loss: 'checkedLoss',
    dim: 3,
    points: closedForm(
      (...p) => [p.reduce((s, v) => s + v * v + 1.5 * v, 0), p.map((v) => 2 * v + 1.5)],
      [1, 2, 3],
      [-0.5, 0, 4],
    ),
  },
  {
    name: 'filter(Boolean), some, every, find, includes, indexOf',
    file: 'control/numbers.js',
    loss: 'askedLoss',
    dim: 3,
    points: [
      // |p|² + 3 kept + 10 + z found + indexOf(0) = 3 + lastIndexOf(x) = 0 + 5z + 4 + 4
      ...closedForm(
        (x, y, z) => [
          x! ** 2 + y! ** 2 + z! ** 2 + 3 + 10 + z! + 3 + 5 * z! + 4 + 4,
          [2 * x!, 2 * y!, 2 * z! + 6],
        ],
        [0.5, 1.25, 2.5],
        [-0.5, 0.75, 3.5],
      ),
      // y is 2: included and found. x is 0: dropped, equal to the last entry. z is 1: z − 1 is false.
      {
        at: [0, 2, 1],
        value: 5 + 2 + 10 + 6 + 2 + 0 + 30 + 5 + 4 + 3,
        gradient: [0, 4 + 3 + 1, 2 + 5],
        rough: true,
      },
    ],
  },
  {
    name: 'bits and floors: slopes end there',
    file: 'control/numbers.js',
    loss: 'bitsLoss',
    dim: 2,
    noted: ['~x', 'x | 0'],
    points: [
      // cell 1, hash (8 ^ 5) & 15 = 13; between 9 and 16 from k = 2.
      ...closedForm(
        (x, y) => [(x! - 1) ** 2 + 13 * y! + 9 + 7 * (y! - 2) + 1 + 1, [2 * (x! - 1), 20]],
        [1.5, 2.25],
        [1.25, 2.5],
      ),
      ...rough(
        closedForm((x, y) => [(x! - 1) ** 2 + 13 * y! + 9 + 7 * (y! - 2) + 2, [2 * (x! - 1), 20]], [1, 2]),
      ),
    ],
  },
  {
    name: 'text for the log: templates, toFixed, +, tags',
    file: 'control/numbers.js',
    loss: 'loggedLoss',
    dim: 2,
    points: closedForm((x, y) => [(x! * y!) ** 2, [2 * x! * y! ** 2, 2 * x! ** 2 * y!]], [1, 2], [-0.5, 3]),
  },
  {
    name: 'Map, Set and an object as tables of values',
    file: 'control/numbers.js',
    loss: 'talliedLoss',
    dim: 4,
    // a + 1, b, ab + 1, all different; (a + 3c)(2b + 4d).
    points: closedForm(
      (a, b, c, d) => {
        const [even, odd] = [a! + 3 * c!, 2 * b! + 4 * d!];
        return [
          even * odd + a! + 1 + b! + a! * b! + 1 + 3,
          [odd + 1 + b!, 2 * even + 1 + a!, 3 * odd, 4 * even],
        ];
      },
      [1, 5, 3, 4],
      [-0.5, 0.25, 4, 1],
    ),
  },
  {
    name: 'optional calls, Reflect.apply, Array.prototype.map.call',
    file: 'control/oddities.ts',
    loss: 'borrowedLoss',
    dim: 2,
    points: closedForm(
      (x, y) => [
        2 * x! + y! + x! ** 3 + (x! * y!) ** 2,
        [2 + 3 * x! ** 2 + 2 * x! * y! ** 2, 1 + 2 * x! ** 2 * y!],
      ],
      [1, 2],
      [-0.5, 3],
    ),
  },
  {
    name: 'holes, delete, in, void',
    file: 'control/oddities.ts',
    loss: 'holesLoss',
    dim: 2,
    points: closedForm((x, y) => [(x! + 2 * y! + 2) * y! + 4, [y!, x! + 4 * y! + 2]], [1, 2], [-0.5, 3]),
  },
  {
    name: 'class expressions, static accessors, super.method',
    file: 'control/oddities.ts',
    loss: 'shapesLoss',
    dim: 2,
    points: closedForm((x, y) => [x! * y! + 6 * x! ** 2 + 1, [y! + 12 * x!, x!]], [1, 2], [-0.5, 3]),
  },
  {
    name: 'patterns in catch, loops and parameters',
    file: 'control/oddities.ts',
    loss: 'patternsLoss',
    dim: 3,
    points: closedForm(
      (a, b, c) => [a! * b! * c! + 2 * b! + 4 * c! + 2 * b! + 1000, [b! * c!, a! * c! + 4, a! * b! + 4]],
      [1, 2, 3],
      [-0.5, 3, 0],
    ),
  },
  {
    name: 'differences inside the loss',
    file: 'control/oddities.ts',
    loss: 'steepnessLoss',
    dim: 1,
    // The derivative is 3x² − 1 + h².
    points: closedForm((x) => [(3 * x! ** 2 - 0.75) ** 2, [12 * x! * (3 * x! ** 2 - 0.75)]], [1], [-0.75]),
  },
  {
    name: 'bisection alone',
    file: 'control/oddities.ts',
    loss: 'bisectionLoss',
    dim: 1,
    points: rough(
      closedForm(
        (b) => {
          // Cardano's root of z³ + z = b.
          const q = Math.sqrt(b! ** 2 / 4 + 1 / 27);
          const z = Math.cbrt(q + b! / 2) - Math.cbrt(q - b! / 2);
          return [(z - 1) ** 2, [(2 * (z - 1) * z) / b!]];
        },
        [3],
        [0.5],
      ),
    ),
  },
  {
    name: 'a deep recursion times a long loop',
    file: 'control/oddities.ts',
    loss: 'deepLoss',
    dim: 1,
    points: closedForm(
      (x) => {
        const harmonic = sum(Array.from({ length: 500 }, (_, i) => 1 / (500 - i)));
        return [2 * harmonic * x! ** 2, [4 * harmonic * x!]];
      },
      [1],
      [-0.75],
    ),
  },
];
