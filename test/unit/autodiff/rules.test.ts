import { describe, expect, test } from 'vitest';
import { type OperationName, rules } from '../../../src/autodiff/rules';

type Point = readonly [a: number, b?: number];
type Partial = (a: number, b: number) => number;

/** The derivative where it depends on a direction. */
const tie = 42;

function compiled(text: string): (a: number, b: number | undefined, r: number) => number {
  return new Function('tie', `return (a, b, r) => (${text});`)(tie) as never;
}

function valueAt(name: OperationName, [a, b]: Point): number {
  return compiled(rules[name].value)(a, b, Number.NaN);
}

function partialsAt(name: OperationName, point: Point): number[] {
  const r = valueAt(name, point);
  return rules[name].partials.map((text) => compiled(text)(point[0], point[1], r));
}

/** Sixth-order central difference with respect to operand `i`. */
function difference(name: OperationName, point: Point, i: number, h: number): number {
  const at = (k: number) => {
    const moved = [...point] as [number, number?];
    moved[i] = moved[i]! + k * h;
    return valueAt(name, moved);
  };
  return (45 * (at(1) - at(-1)) - 9 * (at(2) - at(-2)) + (at(3) - at(-3))) / (60 * h);
}

const square = (x: number) => x * x;
const { exp, log, sqrt, cos, PI } = Math;
const plane: readonly Point[] = [
  [1.3, 0.7],
  [-2.1, 3.4],
  [0.3, -1.9],
  [-4.2, -0.6],
];
const line: readonly Point[] = [[0.37], [-1.43], [2.9], [-0.08]];
const positive: readonly Point[] = [[0.37], [1.9], [41]];
const unit: readonly Point[] = [[0.31], [-0.74], [0.05]];

/** The derivatives in formulas that differ from those of the table. */
const smooth: { readonly [Name in OperationName]?: { at: readonly Point[]; partials: readonly Partial[] } } =
  {
    add: { at: plane, partials: [() => 1, () => 1] },
    sub: { at: plane, partials: [() => 1, () => -1] },
    mul: { at: plane, partials: [(_, b) => b, (a) => a] },
    div: { at: plane, partials: [(_, b) => 1 / b, (a, b) => -a / square(b)] },
    mod: {
      at: [
        [7.3, 2.1],
        [-7.3, 2.1],
        [7.3, -2.1],
        [-0.4, 1.5],
      ],
      partials: [() => 1, (a, b) => -Math.trunc(a / b)],
    },
    neg: { at: line, partials: [() => -1] },
    pow: {
      at: [
        [1.7, 2.3],
        [0.4, -1.2],
        [2.5, 1],
        [3.1, 2],
        [0.9, 0.5],
      ],
      partials: [(a, b) => b * exp((b - 1) * log(a)), (a, b) => exp(b * log(a)) * log(a)],
    },
    sqrt: { at: positive, partials: [(a) => 1 / (2 * sqrt(a))] },
    cbrt: { at: line, partials: [(a) => 1 / (3 * exp((2 / 3) * log(Math.abs(a))))] },
    hypot: {
      at: plane,
      partials: [(a, b) => a / sqrt(a * a + b * b), (a, b) => b / sqrt(a * a + b * b)],
    },
    exp: { at: line, partials: [exp] },
    expm1: { at: line, partials: [exp] },
    log: { at: positive, partials: [(a) => 1 / a] },
    log1p: { at: [[0.37], [-0.6], [9]], partials: [(a) => 1 / (1 + a)] },
    log2: { at: positive, partials: [(a) => 1 / (a * log(2))] },
    log10: { at: positive, partials: [(a) => 1 / (a * log(10))] },
    sin: { at: line, partials: [cos] },
    cos: { at: line, partials: [(a) => cos(a + PI / 2)] },
    tan: { at: line, partials: [(a) => 1 / square(cos(a))] },
    asin: { at: unit, partials: [(a) => 1 / sqrt(1 - a * a)] },
    acos: { at: unit, partials: [(a) => -1 / sqrt(1 - a * a)] },
    atan: { at: line, partials: [(a) => square(cos(Math.atan(a)))] },
    atan2: {
      at: plane,
      partials: [(a, b) => b / (a * a + b * b), (a, b) => -a / (a * a + b * b)],
    },
    sinh: { at: line, partials: [(a) => (exp(a) + exp(-a)) / 2] },
    cosh: { at: line, partials: [(a) => (exp(a) - exp(-a)) / 2] },
    tanh: { at: [...line, [1.5], [-1.6]], partials: [(a) => 4 / square(exp(a) + exp(-a))] },
    asinh: { at: line, partials: [(a) => 1 / sqrt(a * a + 1)] },
    acosh: { at: [[1.31], [5.2]], partials: [(a) => 1 / sqrt(a * a - 1)] },
    atanh: { at: unit, partials: [(a) => 1 / (1 - a * a)] },
    max: { at: plane, partials: [(a, b) => Number(a > b), (a, b) => Number(b > a)] },
    min: { at: plane, partials: [(a, b) => Number(a < b), (a, b) => Number(b < a)] },
    abs: { at: line, partials: [Math.sign] },
    sign: { at: line, partials: [() => 0] },
    floor: { at: line, partials: [() => 0] },
    ceil: { at: line, partials: [() => 0] },
    round: { at: line, partials: [() => 0] },
    trunc: { at: line, partials: [() => 0] },
  };

/** By convention, their derivative is not that of the computed value. */
const rounding: readonly OperationName[] = ['fround', 'imul', 'clz32'];

describe('where operations are differentiable', () => {
  test('every operation is compared with an independent formula', () => {
    expect([...Object.keys(smooth), ...rounding].sort()).toEqual(Object.keys(rules).sort());
  });

  describe.each(Object.entries(smooth))('%s', (key, { at, partials }) => {
    const name = key as OperationName;
    test.each(at)('(%s, %s)', (a, b) => {
      const point: Point = [a as number, b as number];
      const found = partialsAt(name, point);
      expect(found).toHaveLength(partials.length);
      partials.forEach((partial, i) => {
        const expected = partial(a as number, b ?? Number.NaN);
        expect(Math.abs(found[i]! - expected)).toBeLessThanOrEqual(
          2e-15 * Math.max(1, Math.abs(expected)) * 4,
        );
        const scale = Math.max(1, Math.abs(expected), Math.abs(valueAt(name, point)));
        expect(Math.abs(difference(name, point, i, 1e-3) - found[i]!)).toBeLessThan(2e-9 * scale);
      });
    });
  });

  test('values equal those of the native functions', () => {
    for (const [key, rule] of Object.entries(rules)) {
      const native = (Math as unknown as Record<string, (...operands: number[]) => number>)[key];
      if (!native) continue;
      for (const [a, b = 1.1] of [
        ...plane,
        ...unit,
        [0],
        [-0],
        [Number.NaN],
        [Infinity],
        [-Infinity],
        [3, 2],
      ] as Point[])
        expect(valueAt(key as OperationName, [a, b]), `${key}(${a}, ${b})`).toBe(
          rule.partials.length === 1 ? native(a) : native(a, b),
        );
    }
  });
});

const { NaN: nan } = Number;
const inf = Infinity;
const kinks: readonly [OperationName, Point, readonly number[]][] = [
  ['abs', [0], [tie]],
  ['abs', [-0], [tie]],
  ['abs', [nan], [nan]],
  ['sign', [0], [0]],
  ['floor', [3], [0]],
  ['ceil', [3], [0]],
  ['round', [2.5], [0]],
  ['trunc', [-2], [0]],
  ['fround', [0.1], [1]],
  ['imul', [3, 4], [0, 0]],
  ['clz32', [3], [0]],
  ['hypot', [0, 0], [tie, tie]],
  ['hypot', [0, -3], [0, -1]],
  ['atan2', [0, 0], [0, 0]],
  ['atan2', [0, -2], [-0.5, 0]],
  ['atan2', [2, 0], [0, -0.5]],
  ['atan2', [3e-200, 4e-200], [16e198, -12e198]],
  ['atan2', [3e200, -4e200], [-16e-202, -12e-202]],
  ['max', [2, 2], [tie, tie]],
  ['max', [0, -0], [tie, tie]],
  ['max', [nan, 1], [nan, nan]],
  ['max', [inf, inf], [tie, tie]],
  ['min', [2, 2], [tie, tie]],
  ['min', [-0, 0], [tie, tie]],
  ['min', [1, nan], [nan, nan]],
  ['mod', [6, 2], [1, -3]],
  ['mod', [5, inf], [1, 0]],
  ['pow', [0, 0], [0, 0]],
  ['pow', [3, 0], [0, log(3)]],
  ['pow', [0, 2], [0, 0]],
  ['pow', [0, 1], [1, 0]],
  ['pow', [0, 3], [0, 0]],
  ['pow', [0, 0.5], [inf, 0]],
  ['pow', [-2, 3], [12, nan]],
  ['pow', [-2, 2], [-4, nan]],
  ['pow', [nan, 0], [0, nan]],
  ['sqrt', [0], [inf]],
  ['sqrt', [-0], [inf]],
  ['sqrt', [-1], [nan]],
  ['cbrt', [0], [inf]],
  ['log', [0], [inf]],
  ['log', [-0], [inf]],
  ['log', [-1], [nan]],
  ['log1p', [-1], [inf]],
  ['log1p', [-2], [nan]],
  ['log2', [0], [inf]],
  ['log2', [-1], [nan]],
  ['log10', [0], [inf]],
  ['log10', [-1], [nan]],
  ['asin', [1], [inf]],
  ['asin', [2], [nan]],
  ['acos', [-1], [-inf]],
  ['acos', [-2], [nan]],
  ['acosh', [1], [inf]],
  ['acosh', [0.5], [nan]],
  ['acosh', [-3], [nan]],
  ['atanh', [1], [inf]],
  ['atanh', [-1], [inf]],
  ['atanh', [1.5], [nan]],
  ['div', [1, 0], [inf, -inf]],
  ['exp', [-inf], [0]],
  ['exp', [800], [inf]],
];

test.each(kinks)('%s at (%s): the partials are %s', (name, point, expected) => {
  const found = partialsAt(name, point);
  expect(found).toHaveLength(expected.length);
  found.forEach((partial, i) => {
    if (Number.isFinite(expected[i]!))
      expect(Math.abs(partial - expected[i]!)).toBeLessThanOrEqual(4e-16 * Math.abs(expected[i]!));
    else expect(partial).toBe(expected[i]);
  });
});

test('an operation states where its derivative depends on a direction', () => {
  for (const [key, { tie: condition = 'false' }] of Object.entries(rules))
    for (const point of [
      [0, 0],
      [-0, 0],
      [2, 2],
      [1, 2],
      [nan, 1],
      [inf, inf],
      [0, 1],
    ] as const) {
      const name = key as OperationName;
      const isTie = compiled(condition)(point[0], point[1], valueAt(name, point)) as unknown as boolean;
      expect(partialsAt(name, point).includes(tie), `${name} at ${point}`).toBe(isTie);
    }
});

describe('accuracy where the textbook formula loses digits', () => {
  test('of tanh where it saturates', () => {
    const found = partialsAt('tanh', [20])[0]!;
    expect(found / (4 * exp(-40))).toBeCloseTo(1, 14);
  });
  test('of expm1 for large negative operands', () => {
    expect(partialsAt('expm1', [-40])[0]).toBe(exp(-40));
  });
  test('of asinh for operands whose square overflows', () => {
    expect(partialsAt('asinh', [1e200])[0]).toBe(1e-200);
  });
  test('of the remainder next to a multiple', () => {
    // 0.3 / 0.1 rounds to slightly less than 3, and 0.3 % 0.1 is slightly less than 0.1.
    expect(partialsAt('mod', [0.3, 0.1])[1]).toBe(-2);
  });
});
