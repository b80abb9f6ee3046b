import { closedForm, type GradientCase, type Point, sum } from './case';

const parameters = 'forms/parameters.ts';
const members = 'forms/members.ts';
const documented = 'forms/documented.js';
const common = 'forms/common.cjs';

const xs = [0, 1, 2, 3];
const ys = [1, 3, 2, 5];

const line = (indices: readonly number[], a: number, b: number) => {
  const r = indices.map((i) => a * xs[i]! + b - ys[i]!);
  return [
    sum(r.map((v) => v * v)),
    [sum(r.map((v, k) => 2 * v * xs[indices[k]!]!)), sum(r.map((v) => 2 * v))],
  ] as const;
};

const two = (
  name: string,
  file: string,
  loss: string,
  formula: Parameters<typeof closedForm>[0],
  more: Partial<GradientCase> = {},
  points: readonly (readonly number[])[] = [
    [1.5, 2],
    [-0.5, 0.75],
  ],
): GradientCase => ({ name, file, loss, dim: 2, points: closedForm(formula, ...points), ...more });

const within = (context: Point['context'], points: readonly Point[]): Point[] =>
  points.map((point) => ({ ...point, context: context! }));

export const cases: readonly GradientCase[] = [
  two('an object pattern', parameters, 'pattern', (a, b) => line([0, 1, 2, 3], a!, b!)),
  two('an object pattern with other names and a default', parameters, 'renamed', (b, a) => [
    a! * b! + b! ** 3,
    [a! + 3 * b! ** 2, b!],
  ]),
  {
    name: 'an object of an intersection of interfaces',
    file: parameters,
    loss: 'members',
    dim: 3,
    points: closedForm(
      (a, b, c) => {
        const r = xs.map((x, i) => c! * x * x + a! * x + b! - ys[i]!);
        const slope = (f: (x: number) => number) => sum(r.map((v, i) => 2 * v * f(xs[i]!)));
        return [sum(r.map((v) => v * v)), [slope((x) => x), slope(() => 1), slope((x) => x * x)]];
      },
      [0, 0, 0],
      [1, -1, 0.5],
    ),
  },
  two('an object that the loss changes', parameters, 'changed', (a, b) => [
    (a! * b! + 1) ** 2,
    [2 * (a! * b! + 1) * b!, 2 * (a! * b! + 1) * a!],
  ]),
  {
    name: 'the keys, values and a copy of an object',
    file: parameters,
    loss: 'keys',
    dim: 3,
    points: closedForm(
      (a, b, c) => [
        6 * a! * b! + a! * a! + 4 * b! * b! + c! * c!,
        [6 * b! + 2 * a!, 6 * a! + 8 * b!, 2 * c!],
      ],
      [1, 2, 3],
      [-0.5, 0.25, 0],
    ),
  },
  {
    name: 'the other properties of an object',
    file: parameters,
    loss: 'withRest',
    dim: 3,
    names: ['c', 'b', 'a'],
    points: closedForm(
      // The pattern names a first, and the start names the others.
      (a, c, b) => {
        const e = Math.exp(c! * a!);
        return [a! * b! + e, [b! + c! * e, a! * e, a!]];
      },
      [0.5, 1, 2],
    ),
  },
  two('two numbers', parameters, 'two', (x, y) => [
    x! * x! * y! + Math.sin(y!),
    [2 * x! * y!, x! * x! + Math.cos(y!)],
  ]),
  {
    name: 'three numbers, of which one is changed',
    file: parameters,
    loss: 'three',
    dim: 3,
    points: closedForm(
      (x, y, z) => {
        const s = x! + y!;
        return [(s * z!) ** 2, [2 * s * z! ** 2, 2 * s * z! ** 2, 2 * s * s * z!]];
      },
      [1, 2, 3],
      [0.5, -1, 2],
    ),
  },
  {
    name: 'one number',
    file: parameters,
    loss: 'one',
    dim: 1,
    points: closedForm((t) => (t! > 1 ? [t! ** 3, [3 * t! * t!]] : [t! * t!, [2 * t!]]), [2], [0.5]),
  },
  {
    name: 'a rest parameter',
    file: parameters,
    loss: 'rest',
    dim: 4,
    points: closedForm(
      (...p) => [sum(p.map((x, i) => (i + 1) * x * x)), p.map((x, i) => 2 * (i + 1) * x)],
      [1, 2, 3, 4],
      [0, -1, 0.5, 2],
    ),
  },
  two('a rest parameter with a pattern', parameters, 'restPattern', (a, b) => [
    a! / b!,
    [1 / b!, -a! / (b! * b!)],
  ]),
  two(
    'a rest parameter that is passed on',
    parameters,
    'forwarded',
    (x, y) => [
      x! * x! * y! + Math.sin(y!) + Math.max(x!, y!),
      [2 * x! * y! + (x! > y! ? 1 : 0), x! * x! + Math.cos(y!) + (y! > x! ? 1 : 0)],
    ],
    {},
    [
      [1.5, 2],
      [3, -1],
    ],
  ),
  two('an alias of a type', parameters, 'aliased', (x, y) => [x! * y! + 2, [y!, x!]]),
  two('a tuple', parameters, 'tuple', (x, y) => {
    const r = Math.hypot(x!, y!);
    return [r, [x! / r, y! / r]];
  }),
  two('a default after the vector', parameters, 'list', (x, y) => [
    (x! - 1) ** 2 + 0.1 * x! * x! + ((y! - 1) ** 2 + 0.1 * y! * y!),
    [2 * (x! - 1) + 0.2 * x!, 2 * (y! - 1) + 0.2 * y!],
  ]),
  two('data that is not given', parameters, 'data', (a, b) => {
    const [r, s] = [a! + b! - 2, 2 * a! + b! - 4];
    return [r * r + s * s, [2 * r + 4 * s, 2 * r + 2 * s]];
  }),
  two('a Float64Array and its methods', parameters, 'typed', (x, y) => [
    x! * x! + y! * y! + 8,
    [2 * x!, 2 * y!],
  ]),
  two(
    'a pattern of a Float64Array',
    parameters,
    'typedPattern',
    (a, b) => [a! ** b!, [b! * a! ** (b! - 1), Math.log(a!) * a! ** b!]],
    {},
    [[1.5, 2]],
  ),
  {
    ...two('an object with mini-batches', parameters, 'batch', (a, b) => line([3, 1], a!, b!)),
    points: within(
      { indices: [3, 1] },
      closedForm((a, b) => line([3, 1], a!, b!), [0, 0], [1, -0.5]),
    ),
  },
  {
    ...two('numbers with random numbers', parameters, 'noisy', () => [0, [0, 0]]),
    points: within(
      { draws: [0.25] },
      closedForm((x, y) => [(x! - 0.25) ** 2 + x! * y!, [2 * (x! - 0.25) + y!, x!]], [1, 2]),
    ),
  },
  two(
    'a type parameter',
    parameters,
    'generic',
    (a, b) => [a! ** b!, [b! * a! ** (b! - 1), Math.log(a!) * a! ** b!]],
    {},
    [[2, 3]],
  ),
  two('an asynchronous loss of an object', parameters, 'later', (a, b) => [
    a! * a! * b!,
    [2 * a! * b!, a! * a!],
  ]),
  two('a method of an exported object', members, 'losses.square', (x, y) => [
    3 * x! * x! * y!,
    [6 * x! * y!, 3 * x! * x!],
  ]),
  two('an arrow function in an exported object', members, 'losses.arrow', (a, b) => [
    a! * b! * b!,
    [b! * b!, 2 * a! * b!],
  ]),
  {
    name: 'a function in an object inside another',
    file: members,
    loss: 'losses.inner.cube',
    dim: 1,
    points: closedForm((x) => [x! ** 3, [3 * x! * x!]], [2], [-1]),
  },
  two('a function under a quoted key', members, 'losses.quoted', (x, y) => [x! * y!, [y!, x!]]),
  two('a static method that uses its class', members, 'Model.loss', (x, y) => [
    2 * x! * x! + y!,
    [4 * x!, 1],
  ]),
  two('a static property', members, 'Model.arrow', (a, b) => [
    a! ** 2 / b!,
    [(2 * a!) / b!, -(a! ** 2) / b! ** 2],
  ]),
  two('a function of a namespace', members, 'Space.loss', (a, b) => [2 * a! * b!, [2 * b!, 2 * a!]]),
  two('the result of a factory', members, 'made', (x, y) => [4 * (x! ** 2 + y!), [8 * x!, 4]]),
  two('an anonymous default of an object', members, 'default', (a, b) => [a! - a! * b!, [1 - b!, -a!]]),
  two('an object of a JSDoc typedef', documented, 'documented', (r, s) => [
    s! * Math.exp(-r!),
    [-s! * Math.exp(-r!), Math.exp(-r!)],
  ]),
  two('an object whose properties JSDoc describes', documented, 'described', (a, b) => [
    a! * a! - b!,
    [2 * a!, -1],
  ]),
  two(
    'numbers of a JSDoc function type',
    documented,
    'numbers',
    (x, y) => [x! * Math.log(y!), [Math.log(y!), x! / y!]],
    {},
    [[1.5, 2]],
  ),
  two('an optional parameter in JSDoc', documented, 'optional', (x, y) => [x! ** 3 + y!, [3 * x! * x!, 1]]),
  two('a Float64Array in JSDoc', documented, 'typed', (x, y) => [x! * y!, [y!, x!]]),
  two(
    'an object without types, named by the start',
    documented,
    'untyped',
    (a, b) => [a! * b! + a!, [b! + 1, a!]],
    { names: ['a', 'b'] },
  ),
  two(
    'numbers without types, named by the start',
    documented,
    'two',
    (x, y) => [(x! * y!) ** 2, [2 * x! * y! * y!, 2 * x! * x! * y!]],
    { names: ['y', 'x'] },
  ),
  two('a parameter without types', documented, 'list', (x, y) => [x! * y!, [y!, x!]]),
  two('a function of a CommonJS object', common, 'losses.a', (x, y) => [
    x! ** 2 * y!,
    [2 * x! * y!, x! ** 2],
  ]),
  two('a method of a CommonJS object', common, 'losses.b', (x, y) => [x! ** 2 * y!, [2 * x! * y!, x! ** 2]]),
  {
    name: 'a static method of a CommonJS class',
    file: common,
    loss: 'Model.loss',
    dim: 1,
    points: closedForm((a) => [a! ** 4, [4 * a! ** 3]], [2], [-0.5]),
  },
];
