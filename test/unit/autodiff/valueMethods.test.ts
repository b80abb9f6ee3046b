import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { $ } from '../../../src/autodiff/runtime';
import type { ValueMethod } from '../../../src/autodiff/runtime/api';
import { traced } from './support/tracing';

type Method = (...args: unknown[]) => unknown;

/** Zeros, NaN and ties; every second one will be traced. */
const numbers = [0, 3, -0, NaN, 3, 10, 2];

const calls: readonly (readonly [ValueMethod, (wrap: (x: number) => unknown) => unknown[]])[] = [
  ['some', () => [(x: unknown) => x]],
  ['every', () => [(x: unknown) => x]],
  ['filter', () => [(x: unknown) => x]],
  ['find', () => [(x: unknown) => x]],
  ['findIndex', () => [(x: unknown) => x]],
  ['findLast', () => [(x: unknown) => x]],
  ['findLastIndex', () => [(x: unknown) => x]],
  ['findIndex', () => [(x: unknown) => $.sub(x, 3, 1)]],
  ['includes', (wrap) => [wrap(10)]],
  ['includes', (wrap) => [wrap(NaN)]],
  ['includes', (wrap) => [wrap(11)]],
  ['includes', (wrap) => [wrap(0), 3]],
  ['indexOf', (wrap) => [wrap(3)]],
  ['indexOf', (wrap) => [wrap(NaN)]],
  ['indexOf', (wrap) => [wrap(3), 2]],
  ['indexOf', (wrap) => [wrap(3), -3]],
  ['indexOf', (wrap) => [wrap(0), -100]],
  ['lastIndexOf', (wrap) => [wrap(3)]],
  ['lastIndexOf', (wrap) => [wrap(3), 3]],
  ['lastIndexOf', (wrap) => [wrap(3), undefined]],
  ['lastIndexOf', (wrap) => [wrap(0), -5]],
  ['sort', () => []],
  ['sort', () => [(a: unknown, b: unknown) => $.sub(a, b, 1)]],
  ['sort', () => [(a: unknown, b: unknown) => ($.lt(b, a) ? 1 : -1)]],
  ['toSorted', () => []],
  ['toSorted', () => [(a: unknown, b: unknown) => $.sub(b, a, 1)]],
  ['join', () => ['; ']],
  ['join', () => []],
  ['fill', (wrap) => [wrap(7), 2, 4]],
];

function plainly(result: unknown): unknown {
  return Array.isArray(result) ? result.map(plainly) : $.plain(result);
}

function attempt(run: () => unknown): unknown {
  try {
    return plainly(run());
  } catch (error) {
    return (error as Error).name;
  }
}

describe('array methods compare elements by value', () => {
  const own = (list: unknown[], name: ValueMethod, args: unknown[]) =>
    (list as never as Record<string, Method>)[name]!(...args);

  test.each(calls.map(([name, args], i) => [name, i, args] as const))('%s (%i)', (name, _i, args) => {
    for (const list of [numbers, [], [5], [NaN, NaN], [1, 0, -1]]) {
      const expected = attempt(() =>
        own(
          [...list],
          name,
          args((x) => x),
        ),
      );
      expect(attempt(() => $.m[name]([...list], ...args((x) => x)))).toEqual(expected);
      traced(
        (params) => {
          const handles = list.map((x, i) => (i % 2 === 0 ? $.add(params[0], x, 1) : x));
          // Parameter 0 is −0; adding it changes no number, not even −0.
          const found = attempt(() => $.m[name](handles, ...args((x) => $.add(x, params[0], 1))));
          expect(found).toEqual(expected);
          expect(attempt(() => $.m[name]([...list], ...args((x) => $.add(x, params[0], 1))))).toEqual(
            expected,
          );
          return 0;
        },
        [-0],
      );
    }
  });

  test('for random lists', () => {
    const value = fc.constantFrom(0, -0, 1, 2, 3, NaN, undefined, 'a', null);
    fc.assert(
      fc.property(fc.array(value), value, fc.integer({ min: -6, max: 6 }), (list, needle, from) => {
        for (const name of ['includes', 'indexOf', 'lastIndexOf'] as const)
          if (!Object.is($.m[name](list, needle, from), own(list, name, [needle, from])))
            throw new Error(name);
      }),
      { seed: 99, numRuns: 1000 },
    );
  });

  test('and return elements with their derivatives', () => {
    const { grad } = traced(
      ([x, y, z]) => {
        const sorted = $.m.sort([x, y, z], (a: unknown, b: unknown) => $.sub(a, b, 1)) as unknown[];
        return $.add($.mul(sorted[0], 100, 1), $.add($.mul(sorted[1], 10, 1), sorted[2], 1), 1);
      },
      [2, 3, 1],
    );
    expect(grad).toEqual([10, 1, 100]);
    expect(
      traced(([x, y]) => $.m.find([0, x, y], (element: unknown) => $.gt(element, 2)), [1, 5]).grad,
    ).toEqual([0, 1]);
  });

  test('and handle missing elements', () => {
    // biome-ignore lint/suspicious/noSparseArray: the test needs a sparse array
    const holes = [1, , 3];
    traced(
      ([x]) => {
        const list: unknown[] = Object.assign([...holes], { 2: x });
        delete list[1];
        expect($.m.includes(list, undefined)).toBe(true);
        expect($.m.indexOf(list, undefined)).toBe(-1);
        expect($.m.lastIndexOf(list, undefined)).toBe(-1);
        expect($.m.lastIndexOf(list, 3)).toBe(2);
        return 0;
      },
      [3],
    );
  });

  test('and pass `this` to the callback', () => {
    const seen: unknown[] = [];
    $.m.some(
      [1],
      function (this: unknown, ...args: unknown[]) {
        seen.push(this, ...args);
      },
      'me',
    );
    expect(seen).toEqual(['me', 1, 0, [1]]);
  });

  test('and fail like the native ones without a callback', () => {
    expect(() => $.m.filter([1])).toThrow(TypeError);
    expect(() => $.m.sort([2, 1], 'x')).toThrow(TypeError);
    expect(() => $.m.some(null)).toThrow(TypeError);
    expect(() => $.m.some({})).toThrow(TypeError);
  });
});

describe('other receivers keep their own methods', () => {
  test('for strings', () => {
    expect($.m.includes('abc', 'b')).toBe(true);
    expect($.m.indexOf('abc', 'c')).toBe(2);
  });
  test('for classes', () => {
    class Bag {
      readonly items = [1];
      includes(x: number) {
        return `${this.items[0]} ${x}`;
      }
    }
    expect($.m.includes(new Bag(), 3)).toBe('1 3');
    class List extends Array<number> {
      override some() {
        return true;
      }
    }
    expect($.m.some(new List())).toBe(true);
    expect($.m.filter(List.from([1, 2]), (x: unknown) => $.gt(x, 1))).toBeInstanceOf(List);
  });
  test('for typed arrays, whose callbacks may return traced values', () => {
    traced(
      ([x]) => {
        expect($.m.findIndex(Int8Array.of(5, 1, 2), (n: unknown) => $.sub(n, x, 1))).toBe(0);
        expect($.m.filter(Int8Array.of(5, 1, 2), (n: unknown) => $.sub(n, x, 1))).toEqual(Int8Array.of(5, 2));
        return 0;
      },
      [1],
    );
    expect($.m.sort(Float64Array.of(10, 9, 1))).toEqual(Float64Array.of(1, 9, 10));
  });
});
