import { describe, expect, test } from 'vitest';
import type { NonFiniteOperation } from '../../../src/autodiff/checking';
import { originOfNonFinite } from '../../../src/autodiff/provenance';
import { $ } from '../../../src/autodiff/runtime';
import { isPromise } from '../../../src/core/objective';
import { open, type Params, traced } from './support/tracing';

function originAt(
  loss: (params: Params) => unknown,
  at: readonly number[],
): Omit<NonFiniteOperation, 'name'> | null {
  const origin = originOfNonFinite(
    {
      dim: at.length,
      call: loss as unknown as (params: unknown[]) => unknown,
      notANumber: () => new TypeError(),
    },
    Float64Array.from(at),
    open,
  );
  if (isPromise(origin)) throw new Error('asynchronous');
  return origin && withoutName(origin);
}

/** The names are tested with the causes that they are for. */
function withoutName({ name: _, ...origin }: NonFiniteOperation): Omit<NonFiniteOperation, 'name'> {
  return origin;
}

const forward = (site: number, inputs: number[], result: number) => ({
  site,
  inputs,
  result,
  pass: 'forward',
});
const backward = (site: number, inputs: number[], result: number) => ({
  site,
  inputs,
  result,
  pass: 'backward',
});
const { math } = $;

type Case = readonly [string, (params: Params) => unknown, readonly number[], object | null];
const cases: readonly Case[] = [
  ['nothing', ([x]) => $.mul(x, x, 1), [2], null],
  ['log of a negative', ([x]) => $.add(1, math.log($.sub(x, 3, 1), 2), 3), [2], forward(2, [-1], NaN)],
  ['log of zero', ([x]) => math.exp(math.abs(math.log(x, 2), 3), 4), [0], forward(2, [0], -Infinity)],
  ['root of a negative', ([x]) => math.sqrt(x, 5), [-4], forward(5, [-4], NaN)],
  ['division by zero', ([x, y]) => $.div(x, $.mul(y, 0, 1), 2), [1, 3], forward(2, [1, 0], Infinity)],
  ['0 / 0', ([x]) => $.div($.sub(x, x, 1), $.sub(x, x, 2), 3), [4], forward(3, [0, 0], NaN)],
  [
    'overflow of a product',
    ([x]) => $.mul($.mul(x, x, 1), x, 2),
    [1e150],
    forward(2, [1e150 * 1e150, 1e150], Infinity),
  ],
  ['overflow of a sum', ([x]) => $.add(x, x, 9), [1e308], forward(9, [1e308, 1e308], Infinity)],
  ['overflow of exp', ([x]) => math.exp($.neg(x, 1), 2), [-800], forward(2, [800], Infinity)],
  [
    'inf − inf, of an overflow',
    ([x]) => $.sub(math.exp(x, 1), math.exp(x, 2), 3),
    [800],
    forward(1, [800], Infinity),
  ],
  [
    'log of a share that an overflow made 0',
    ([x]) => $.neg(math.log($.div(1, math.exp(x, 1), 2), 3), 4),
    [800],
    forward(1, [800], Infinity),
  ],
  [
    'log of a 0 beside an overflow that a quotient absorbs elsewhere',
    ([x, y]) => $.add($.div(1, $.add(math.exp(x, 1), 1, 2), 3), math.log($.add(y, 1, 4), 5), 6),
    [800, -2],
    forward(5, [-1], NaN),
  ],
  ['power of a negative', ([x]) => $.pow(x, 0.5, 4), [-1], forward(4, [-1, 0.5], NaN)],
  ['remainder of zero', ([x]) => $.mod(5, x, 4), [0], forward(4, [5, 0], NaN)],
  ['acos outside', ([x]) => math.acos(x, 4), [1.5], forward(4, [1.5], NaN)],
  [
    'undefined',
    ([x]) => $.mul(x, $.add(undefined, 1, 7), 8),
    [1],
    { site: 7, inputs: [undefined, 1], result: Number.NaN, pass: 'forward' },
  ],
  ['plain numbers', ([x]) => $.mul(x, $.div(1, 0, 7), 8), [1], forward(7, [1, 0], Infinity)],
  ['plain numbers in Math', ([x]) => $.add(x, math.log(-1, 7), 8), [1], forward(7, [-1], NaN)],
  [
    'of many',
    ([x, y]) => $.at($.Math.max(...[x, y, 1].map((z) => math.log(z, 6) as number)), 8),
    [-1, 2],
    forward(6, [-1], NaN),
  ],
  ['a detached function', ([x]) => $.at([x].map($.Math.sqrt)[0], 8), [-1], forward(8, [-1], NaN)],
  [
    'hypot of many',
    (xs) => $.at($.Math.hypot(...xs), 8),
    [1e308, 1e308, 1e308, 1e308],
    forward(8, [1e308, 1e308, 1e308, 1e308], Infinity),
  ],
  [
    'in an expression',
    ([x]) => $.expression(1, ['mul', 3, { constant: 2 }, ['log', 4, ['sub', 5, 0, { constant: 2 }]]])(x),
    [1],
    forward(4, [-1], NaN),
  ],
  [
    'not what is made on purpose and forgotten',
    ([x]) => {
      let best: unknown = $.div(1, 0, 1);
      math.log($.sub(x, x, 2), 3);
      best = math.min(best, x, 4);
      return math.sqrt($.neg(best, 5), 6);
    },
    [2],
    forward(6, [-2], NaN),
  ],
  [
    'not what was not selected',
    ([x]) => math.log(math.max($.neg(math.exp($.mul(x, 1e3, 1), 2), 3), 0, 4), 5),
    [1],
    forward(5, [0], -Infinity),
  ],

  ['root at zero', ([x]) => $.add(1, math.sqrt($.mul(x, 1, 1), 2), 3), [0], backward(2, [0], Infinity)],
  ['an infinity that meets a zero on the way', ([x]) => math.sqrt($.mul(x, x, 1), 2), [0], null],
  ['a fractional power at zero', ([x]) => $.pow(x, 0.5, 4), [0], backward(4, [0, 0.5], Infinity)],
  ['cbrt at zero', ([x]) => math.cbrt(x, 4), [0], backward(4, [0], Infinity)],
  ['acos at one', ([x]) => math.acos(x, 4), [1], backward(4, [1], -Infinity)],
  ['derivative of a traced exponent', ([x]) => $.pow(-2, x, 4), [3], backward(4, [-2, 3], NaN)],
  [
    'overflow on the way back',
    ([x]) => $.mul($.div(1e-310, x, 1), 1, 2),
    [1e-310],
    backward(1, [1e-310, 1e-310], -Infinity),
  ],
  [
    'overflow of the chain',
    ([x]) => $.mul(math.sin($.mul(x, 1e200, 1), 2), 1e200, 3),
    [0],
    backward(1, [0, 1e200], Infinity),
  ],
  [
    'infinity that was there before',
    ([x]) => math.atan(math.tan($.mul(math.exp(x, 1), 0, 2), 3), 4),
    [800],
    forward(1, [800], Infinity),
  ],
  [
    'an infinity whose derivative is none',
    ([x]) => math.atan2(math.exp(x, 1), math.exp(x, 2), 3),
    [800],
    forward(1, [800], Infinity),
  ],
  [
    'the first of two calls that tell their place late',
    ([x]) => {
      const root = $.at($.Math.sqrt(x), 8);
      $.at($.Math.log(x), 9);
      return root;
    },
    [-1],
    forward(8, [-1], NaN),
  ],
];

test.each(cases)('%s', (_name, loss, at, expected) => {
  expect(originAt(loss, at)).toEqual(expected);
});

describe('tracing of NaN and infinity', () => {
  test('changes neither value nor gradient, and ends with the evaluation', () => {
    const loss = ([x, y]: Params) => $.add(math.exp($.mul(x, y, 1), 2), $.Math.max(x, y, 1), 3);
    const before = traced(loss, [0.3, 1.4]);
    expect(originAt(loss, [0.3, 1.4])).toBeNull();
    expect(traced(loss, [0.3, 1.4])).toEqual(before);
    expect(() =>
      originAt(() => {
        throw new RangeError('mine');
      }, [1]),
    ).toThrow(RangeError);
    expect(traced(loss, [0.3, 1.4])).toEqual(before);
  });

  test('works for an asynchronous loss', async () => {
    const origin = await originOfNonFinite(
      {
        dim: 1,
        call: async ([x]) => math.log(await Promise.resolve(x), 5),
        notANumber: () => new TypeError(),
      },
      Float64Array.of(-1),
      open,
    );
    expect(origin && withoutName(origin)).toEqual(forward(5, [-1], NaN));
  });
});
