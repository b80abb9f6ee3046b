import { $ } from '../../../../src/autodiff/runtime';
import type { IntegerOperator } from '../../../../src/autodiff/runtime/api';

export type Operator = (a: never, b: never) => unknown;

const { isNaN: coercingIsNaN, isFinite: coercingIsFinite } = globalThis;

/** The operators of the runtime, and those of the language. */
export const operators: readonly [string, (a: unknown, b: unknown) => unknown, Operator][] = [
  ['+', (a, b) => $.add(a, b, -1), (a: number, b: number) => a + b],
  ['-', (a, b) => $.sub(a, b, -1), (a: number, b: number) => a - b],
  ['*', (a, b) => $.mul(a, b, -1), (a: number, b: number) => a * b],
  ['/', (a, b) => $.div(a, b, -1), (a: number, b: number) => a / b],
  ['%', (a, b) => $.mod(a, b, -1), (a: number, b: number) => a % b],
  ['**', (a, b) => $.pow(a, b, -1), (a: number, b: number) => a ** b],
  ['unary -', (a) => $.neg(a, -1), (a: number) => -a],
  ['unary +', (a) => $.plus(a, -1), (a: number) => +a],
  [
    '++',
    (a) => $.inc(a, -1),
    (a: number) => {
      let x = a;
      return ++x;
    },
  ],
  [
    '--',
    (a) => $.dec(a, -1),
    (a: number) => {
      let x = a;
      return --x;
    },
  ],
  [
    'x++',
    (a) => $.numeric(a),
    (a: number) => {
      let x = a;
      return x++;
    },
  ],
  ['<', $.lt, (a: number, b: number) => a < b],
  ['<=', $.le, (a: number, b: number) => a <= b],
  ['>', $.gt, (a: number, b: number) => a > b],
  ['>=', $.ge, (a: number, b: number) => a >= b],
  // biome-ignore lint/suspicious/noDoubleEquals: the operator
  ['==', $.eq, (a: number, b: number) => a == b],
  // biome-ignore lint/suspicious/noDoubleEquals: the operator
  ['!=', $.ne, (a: number, b: number) => a != b],
  ['===', $.same, (a: number, b: number) => a === b],
  ['!==', $.differ, (a: number, b: number) => a !== b],
  ['!!', $.truthy, (a: unknown) => !!a],
  ['switch', $.plain, (a: unknown) => a],
  ['typeof', $.typeOf, (a: unknown) => typeof a],
  ['template', $.text, (a: string) => `${a}`],
  ['Object.is', $.is, Object.is],
  ['Number()', (a) => $.Number(a), (a: unknown) => Number(a)],
  ['Boolean()', (a) => $.Boolean(a), (a: unknown) => Boolean(a)],
  ['String()', (a) => $.String(a), (a: unknown) => String(a)],
  ['isNaN', (a) => $.isNaN(a), coercingIsNaN],
  ['isFinite', (a) => $.isFinite(a), coercingIsFinite],
  ['parseFloat', (a) => $.parseFloat(a), (a: string) => Number.parseFloat(a)],
  ['parseInt', (a, b) => $.parseInt(a, b), (a: string, b: number) => Number.parseInt(a, b)],
  ['Number.isNaN', (a) => $.Number.isNaN(a), (a: unknown) => Number.isNaN(a)],
  ['Number.isFinite', (a) => $.Number.isFinite(a), (a: unknown) => Number.isFinite(a)],
  ['Number.isInteger', (a) => $.Number.isInteger(a), (a: unknown) => Number.isInteger(a)],
  ['Number.isSafeInteger', (a) => $.Number.isSafeInteger(a), (a: unknown) => Number.isSafeInteger(a)],
  ['Array.isArray', (a) => $.Array.isArray(a), (a: unknown) => Array.isArray(a)],
  ...(['|', '&', '^', '<<', '>>', '>>>'] as const).map(integer),
  ['~', (a) => $.int('~', a, undefined, -1), (a: number) => ~a],
  ...(Object.getOwnPropertyNames(Math) as (keyof Math)[])
    .filter((name) => typeof Math[name] === 'function' && name !== 'random')
    .map(mathFunction),
  ['expression', (a, b) => fused(a, b), (a: number, b: number) => a * b + (a - 2) * -b],
];

const fused = $.expression(2, [
  'add',
  3,
  ['mul', 1, 0, 1],
  ['mul', 2, ['sub', 4, 0, { constant: 2 }], ['neg', 5, 1]],
]);

function integer(op: IntegerOperator): [string, (a: unknown, b: unknown) => unknown, Operator] {
  return [op, (a, b) => $.int(op, a, b, -1), new Function('a', 'b', `return a ${op} b`) as Operator];
}

function mathFunction(name: keyof Math): [string, (a: unknown, b: unknown) => unknown, Operator] {
  const ours = $.Math[name] as Operator;
  return [`Math.${String(name)}`, ours as (a: unknown, b: unknown) => unknown, Math[name] as Operator];
}

/** Created anew for each use, because some of them count their calls. */
export const samples: readonly (readonly [string, () => unknown])[] = [
  ...[0, -0, 1, -1, 0.5, -2.7, 3, 1e-320, 1e308, 2 ** 31, 2 ** 53, NaN, Infinity, -Infinity].map(
    (x) => [Object.is(x, -0) ? '-0' : String(x), () => x] as const,
  ),
  ...['', '0', '-0', ' 12 ', '3px', '0x1f', 'abc', '1e3', 'NaN', 'Infinity'].map(
    (x) => [JSON.stringify(x), () => x] as const,
  ),
  ...[0n, 1n, -7n, 2n ** 70n].map((x) => [`${x}n`, () => x] as const),
  ['undefined', () => undefined],
  ['null', () => null],
  ['true', () => true],
  ['false', () => false],
  ['symbol', () => Symbol.iterator],
  ['[]', () => []],
  ['[5]', () => [5]],
  ['[1, [2, null], undefined]', () => [1, [2, null], undefined]],
  ['{}', () => ({})],
  ['date', () => new Date(86_400_000)],
  ['valueOf', () => ({ valueOf: () => 4, toString: () => 'four' })],
  ['toString', () => ({ valueOf: () => ({}), toString: () => '44' })],
  ['toPrimitive', () => ({ [Symbol.toPrimitive]: (hint: string) => (hint === 'number' ? 6 : hint) })],
  ['no primitive', () => ({ valueOf: () => ({}), toString: () => ({}) })],
  ['bad toPrimitive', () => ({ [Symbol.toPrimitive]: () => [] })],
  [
    'throwing',
    () => ({
      valueOf() {
        throw new RangeError('mine');
      },
    }),
  ],
  ['null prototype', () => Object.create(null) as unknown],
  [
    'array to itself',
    () => {
      const list: unknown[] = [1];
      list.push(list);
      return list;
    },
  ],
];

/** The result of an operator, or the name of the error that it throws. */
export function outcome(operator: Operator, a: unknown, b: unknown): unknown {
  try {
    return operator(a as never, b as never);
  } catch (error) {
    return `throws ${(error as Error).name}`;
  }
}
