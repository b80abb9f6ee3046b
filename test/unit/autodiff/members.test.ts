import { describe, expect, test } from 'vitest';
import { cuts } from '../../../src/autodiff/cuts';
import { $ } from '../../../src/autodiff/runtime';
import type { Ref } from '../../../src/autodiff/runtime/api';
import { traced } from './support/tracing';

/** An object that logs the reads and writes of its member x. */
function watched(): { readonly object: Record<string, unknown>; readonly log: string[] } {
  const log: string[] = [];
  let held: unknown = 3;
  const object = {
    get x() {
      log.push('read');
      return held;
    },
    set x(value: unknown) {
      log.push('write');
      held = value;
    },
  };
  return { object, log };
}

type Update = readonly [string, (ref: Ref, b: unknown) => unknown, (a: number, b: number) => number];
const updates: readonly Update[] = [
  ['+=', (ref, b) => $.addTo(ref, b, 1), (a, b) => a + b],
  ['-=', (ref, b) => $.subFrom(ref, b, 1), (a, b) => a - b],
  ['*=', (ref, b) => $.mulBy(ref, b, 1), (a, b) => a * b],
  ['/=', (ref, b) => $.divBy(ref, b, 1), (a, b) => a / b],
  ['%=', (ref, b) => $.modBy(ref, b, 1), (a, b) => a % b],
  ['**=', (ref, b) => $.powBy(ref, b, 1), (a, b) => a ** b],
  ['|=', (ref, b) => $.intRef('|', ref, b, 1), (a, b) => a | b],
];

describe('compound assignment', () => {
  test.each(updates)('%s reads once, writes once, and gives the new value', (_name, update, native) => {
    const { object, log } = watched();
    const ref = $.ref(object, 'x');
    log.push('right side');
    expect(update(ref, 5)).toBe(native(3, 5));
    expect(log).toEqual(['read', 'right side', 'write']);
    expect(object.x).toBe(native(3, 5));
  });

  test('uses the old value from before the right side was evaluated', () => {
    const list = [10, 0];
    const ref = $.ref(list, 0);
    list[0] = 99;
    expect($.addTo(ref, 1, 1)).toBe(11);
  });

  test('converts a key to text once', () => {
    let calls = 0;
    const key = {
      toString() {
        calls++;
        return 'k';
      },
    };
    const object = { k: 1 };
    $.addTo($.ref(object, key), 2, 1);
    expect([object.k, calls]).toEqual([3, 1]);
    $.addAt(object, key, 2, 1);
    expect([object.k, calls]).toEqual([5, 2]);
  });

  test('has the right derivatives', () => {
    const { value, grad } = traced(
      ([x, y]) => {
        const list: unknown[] = [x, 2];
        $.mulBy($.ref(list, 0), y, 1);
        $.addAt(list, 1, list[0], 2);
        $.subAt(list, 1, x, 3);
        $.mulAt(list, 1, x, 4);
        $.divAt(list, 1, y, 5);
        return list[1];
      },
      [3, 5],
    );
    // (xy + 2 − x) x / y
    expect(value).toBeCloseTo((14 * 3) / 5, 14);
    expect(grad[0]).toBeCloseTo((2 * 3 * 5 + 2 - 2 * 3) / 5, 14);
    expect(grad[1]).toBeCloseTo(9 / 5 - (14 * 3) / 25, 14);
  });

  test('of undefined, null or a frozen object fails like the native one', () => {
    expect(() => $.ref(undefined, 'x')).toThrow(TypeError);
    expect(() => $.ref(null, { toString: () => expect.fail() })).toThrow(TypeError);
    expect(() => $.set(undefined, 'x', 1)).toThrow(TypeError);
    expect(() => $.set(Object.freeze([1]), 0, 2)).toThrow(TypeError);
  });

  test('accepts symbols as keys', () => {
    const key = Symbol('k');
    const object = { [key]: 2 };
    expect($.mulBy($.ref(object, key), 3, 1)).toBe(6);
    expect(object[key]).toBe(6);
  });
});

describe('increments', () => {
  test.each([
    [3, 3, 4],
    ['5', 5, 6],
    [7n, 7n, 8n],
    [undefined, NaN, NaN],
  ])('of %s', (start, old, updated) => {
    const object = { x: start as unknown };
    expect($.incRef($.ref(object, 'x'), false)).toBe(old);
    expect(object.x).toBe(updated);
    const again = { x: start as unknown };
    expect($.incRef($.ref(again, 'x'), true)).toBe(updated);
    expect($.decRef($.ref(again, 'x'), true)).toBe(old);
    expect($.decRef($.ref(again, 'x'), false)).toBe(old);
  });

  test('of traced values have the right derivatives', () => {
    const { value, grad } = traced(
      ([x]) => {
        const object = { x };
        const old = $.incRef($.ref(object, 'x'), false);
        return $.mul(old, object.x, 1);
      },
      [3],
    );
    expect([value, grad[0]]).toEqual([12, 7]);
  });
});

describe('stores', () => {
  test('into an integer array keep the number, and the place is noted', () => {
    cuts.start();
    traced(
      ([x]) => {
        const counts = new Int32Array(2);
        expect($.set(counts, 1, x, 8)).toBe(x);
        expect([...counts]).toEqual([0, 2]);
        $.addAt(counts, 1, x, 9);
        expect(counts[1]).toBe(4);
        return x;
      },
      [2.7],
    );
    expect(cuts.take().map(({ site }) => site)).toEqual([8, 9]);
    expect(cuts.take()).toEqual([]);
  });

  test('of `x | 0` note the place', () => {
    cuts.start();
    const { grad } = traced(([x]) => $.add($.int('|', x, 0, 17), x, 1), [2.7]);
    expect(grad).toEqual([1]);
    expect(cuts.take().map(({ site }) => site)).toEqual([17]);
  });

  test('`store` writes to the referenced element', () => {
    const list = [0, 0];
    expect($.store($.ref(list, 1), 4)).toBe(4);
    expect(list).toEqual([0, 4]);
  });
});
