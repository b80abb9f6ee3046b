import { closedForm, type GradientCase, rough, sum } from './case';

const f32 = Math.fround;
const [a, b, c] = [f32(0.1), f32(-0.7), f32(1.3)];

/** Losses in single precision: values round, and derivatives are those at the rounded values. */
const single = (
  name: string,
  loss: string,
  dim: number,
  formula: Parameters<typeof closedForm>[0],
  ...points: readonly (readonly number[])[]
): GradientCase => ({
  name: `single precision: ${name}`,
  file: 'precision/single.ts',
  loss,
  dim,
  points: rough(closedForm(formula, ...points)),
});

/** Losses with an operation that makes an integer: its derivative is 0. */
const rounding = (
  name: string,
  loss: string,
  dim: number,
  noted: readonly string[],
  formula: Parameters<typeof closedForm>[0],
  ...points: readonly (readonly number[])[]
): GradientCase => ({
  name: `rounding: ${name}`,
  file: 'precision/rounding.ts',
  loss,
  dim,
  noted,
  points: rough(closedForm(formula, ...points)),
});

export const cases: readonly GradientCase[] = [
  single(
    'a buffer of the module',
    'storedSquares',
    3,
    (...p) => [sum(p.map((x) => f32(x) ** 2)), p.map((x) => 2 * f32(x))],
    [0.1, 0.2, 0.3],
    [-1 / 3, 1e-3, 7.7],
  ),
  single('a product', 'product', 2, (x, y) => [f32(x! * y!), [y!, x!]], [0.1, 0.3], [1 / 3, -2.7]),
  single('rounded operands', 'square', 1, (x) => [f32(f32(x!) * f32(x!)), [2 * f32(x!)]], [0.1], [-2.7]),
  single(
    'a function of a rounded value',
    'wave',
    1,
    (x) => [f32(Math.sin(f32(x!))), [Math.cos(f32(x!))]],
    [0.1],
    [30.1],
  ),
  single(
    'results in an argument',
    'scaledDot',
    3,
    (x, y, k) => {
      const v = [f32(x!), f32(y!), 0.5] as const;
      const [p, q, r] = v.map((each) => f32(each * k!)) as [number, number, number];
      return [p * a + q * b + r * c, [k! * a, k! * b, v[0] * a + v[1] * b + v[2] * c]];
    },
    [0.3, 0.7, 1.1],
    [-2.3, 0.1, 0.9],
  ),
  single(
    'a matrix and a vector',
    'quadratic',
    2,
    (x, y) => {
      const [u, v] = [f32(x!), f32(y!)];
      const [p, q] = [f32(2 * u + a * v), f32(a * u + 3 * v)];
      return [u * p + v * q, [p + 2 * u + a * v, q + a * u + 3 * v]];
    },
    [0.3, 0.7],
    [-1.1, 0.2],
  ),
  single(
    'the length of a vector',
    'length',
    2,
    (x, y) => {
      const r = Math.hypot(f32(x!), f32(y!));
      return [r, [f32(x!) / r, f32(y!) / r]];
    },
    [0.3, 0.7],
    [-1.1, 0.2],
  ),
  single(
    'a mapped array',
    'mapped',
    2,
    (x, y) => [f32(f32(x!) ** 2) + f32(f32(y!) ** 2), [2 * f32(x!), 2 * f32(y!)]],
    [0.3, 0.7],
    [-1.1, 0.2],
  ),
  single('a filled array', 'filled', 1, (x) => [3 * f32(x!), [3]], [0.5], [-2.25]),
  single(
    'a copied list',
    'copied',
    2,
    (x, y) => [2 * f32(x!) + 3 * f32(y!), [2, 3]],
    [0.3, 0.7],
    [-1.1, 0.2],
  ),
  single(
    'a sum that is rounded at every step',
    'accumulated',
    4,
    (...p) => [p.reduce((s, x) => f32(s + x), 0), p.map(() => 1)],
    [0.1, 0.2, 0.3, 0.4],
    [1e8, 1, -1e8, 0.1],
  ),
  single('the rounding error', 'residual', 1, (x) => [x! - f32(x!), [0]], [0.1], [1 / 3]),
  single(
    'weights in single precision',
    'weighted',
    3,
    (x, y, z) => [0 + a * x! + b * y! + c * z!, [a, b, c]],
    [0.3, 0.7, 1.1],
    [-1, 2, 5],
  ),
  rounding(
    'eight decimals',
    'decimals',
    2,
    [],
    (x, y) => [(Math.round(x! * 1e8) / 1e8) ** 2 + y!, [0, 1]],
    [0.123456789, 2],
    [-3.7, 0],
  ),
  rounding(
    'the fraction',
    'fraction',
    1,
    [],
    (x) => [(x! - Math.floor(x!)) ** 2, [2 * (x! - Math.floor(x!))]],
    [3.7],
    [-0.2],
  ),
  rounding(
    'interpolation in a table',
    'interpolated',
    1,
    [],
    (x) => {
      const left = Math.floor(x!);
      return [left ** 2 + (x! - left) * (2 * left + 1), [2 * left + 1]];
    },
    [3.7],
    [0.25],
    [2],
  ),
  rounding(
    'a fixed-point number',
    'fixedPoint',
    2,
    ['(x! * 256) | 0'],
    (x, y) => [(Math.trunc(x! * 256) / 256) * y!, [0, Math.trunc(x! * 256) / 256]],
    [0.3, 1.5],
    [-2.7, 3],
  ),
  rounding('truncation', 'truncated', 1, [], (x) => [Math.trunc(x!) + 2 * x!, [2]], [3.7], [-3.7]),
  rounding(
    'two complements',
    'twice',
    2,
    ['~x!'],
    (x, y) => [Math.trunc(x!) * y!, [0, Math.trunc(x!)]],
    [3.7, 2],
    [-3.7, 1],
  ),
  rounding(
    'a store into whole numbers',
    'stored',
    2,
    ['whole[0] = 100 * x!'],
    (x, y) => [(Math.trunc(100 * x!) / 100) * y! + y! * y!, [0, Math.trunc(100 * x!) / 100 + 2 * y!]],
    [0.377, 2],
    [-1.5, 1],
  ),
  rounding(
    'the next whole number',
    'raised',
    2,
    [],
    (x, y) => [Math.ceil(x!) * y! ** 2, [0, 2 * Math.ceil(x!) * y!]],
    [3.2, 2],
    [-3.7, 1],
  ),
  rounding('a sign', 'absolute', 1, [], (x) => [Math.abs(x!) ** 3, [3 * x! * Math.abs(x!)]], [1.3], [-0.7]),
  {
    name: 'rounding: a remainder by one keeps its derivative',
    file: 'precision/rounding.ts',
    loss: 'remainder',
    dim: 2,
    points: closedForm((x, y) => [(x! % 1) * y!, [y!, x! % 1]], [3.7, 2], [-3.7, 1]),
  },
];
