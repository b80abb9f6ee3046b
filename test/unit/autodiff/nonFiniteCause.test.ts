import { expect, it } from 'vitest';
import { causeOf } from '../../../src/autodiff/nonFiniteCause';
import { originOfNonFinite } from '../../../src/autodiff/provenance';
import { $ } from '../../../src/autodiff/runtime';
import type { NonFiniteCause } from '../../../src/core/diagnosis/finding';
import { open, type Params } from './support/tracing';

const { math } = $;

async function causeAt(loss: (params: Params) => unknown, at: readonly number[]) {
  const traced = {
    dim: at.length,
    call: loss as unknown as (params: unknown[]) => unknown,
    notANumber: () => new TypeError(),
  };
  const params = Float64Array.from(at);
  const origin = await originOfNonFinite(traced, params, open);
  return causeOf(origin!, traced, params, open);
}

const log = (underflow: (NonFiniteCause & { kind: 'logarithm-of-0' })['underflow']) => ({
  kind: 'logarithm-of-0',
  underflow,
});

it.each<[string, (params: Params) => unknown, readonly number[], object | undefined]>([
  ['a product', ([x]) => math.log($.mul(x, x, 1), 2), [1e-200], log('product')],
  [
    'a product of many',
    ([x]) =>
      math.log(
        Array.from({ length: 900 }).reduce<unknown>((p) => $.mul(p, x, 1), 1),
        2,
      ),
    [0.1],
    log('product'),
  ],
  [
    'a sum of products',
    ([x]) => math.log($.add($.mul(x, x, 1), $.mul(x, x, 2), 3), 4),
    [1e-200],
    log('product'),
  ],
  ['an exponential', ([x]) => math.log(math.exp(x, 1), 2), [-800], log('exponential')],
  [
    'an exponential times a factor',
    ([x]) => math.log($.mul(math.exp(x, 1), 0.3, 2), 3),
    [-800],
    log('exponential'),
  ],
  ['a quotient', ([x]) => math.log($.div(x, 1e300, 1), 2), [1e-200], log('quotient')],
  ['a power', ([x]) => math.log($.pow(x, 4, 1), 2), [1e-100], log('power')],
  [
    'two kinds',
    ([x, y]) => math.log($.mul($.mul(y, y, 1), math.exp(x, 2), 3), 4),
    [-800, 1e-200],
    log('result'),
  ],
  ['a parameter', ([x]) => math.log(x, 1), [0], log(null)],
  ['a difference', ([x]) => math.log($.sub(x, x, 1), 2), [3], log(null)],
  ['a factor that is 0', ([x, y]) => math.log($.mul(math.exp(x, 1), y, 2), 3), [-1, 0], log(null)],
  ['an underflow elsewhere', ([x, y]) => $.add($.mul(x, x, 1), math.log(y, 2), 3), [1e-200, 0], log(null)],
  [
    'a divisor that underflows',
    ([x]) => $.div(1, $.mul(x, x, 1), 2),
    [1e-200],
    { kind: 'division-by-0', underflow: 'product' },
  ],
  ['a divisor that is 0', ([x]) => $.div(1, x, 1), [0], { kind: 'division-by-0', underflow: null }],
  ['an exponential that overflows', ([x]) => math.exp(x, 1), [800], { kind: 'overflow', of: 'exponential' }],
  ['a square that overflows', ([x]) => $.pow(x, 2, 1), [1e200], { kind: 'overflow', of: 'power' }],
  ['a logarithm of a negative number', ([x]) => math.log(x, 1), [-1], undefined],
])('of a value that is not finite: %s', async (_, loss, at, cause) => {
  expect(await causeAt(loss, at)).toEqual(cause);
});
