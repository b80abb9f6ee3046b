import { describe, expect, test } from 'vitest';
import { $ } from '../../../src/autodiff/runtime';
import { Traced } from '../../../src/autodiff/traced';
import { traced } from './support/tracing';

describe('Map', () => {
  test('compares a traced key by its number', () => {
    traced(
      ([x, y]) => {
        const map = new $.Map<unknown, unknown>([[x, 'two']]);
        expect(map.get(2)).toBe('two');
        expect(map.get(y)).toBe('two');
        expect(map.has($.add(x, 0, 1))).toBe(true);
        map.set(2, 'again');
        expect(map.size).toBe(1);
        expect([...map.keys()][0]).toBe(x);
        expect([...map][0]).toEqual([x, 'again']);
        map.forEach((value, key, whole) => {
          expect([value, key, whole]).toEqual(['again', x, map]);
        });
        expect(map.delete(y)).toBe(true);
        map.set(2, 'plain');
        expect([...map.keys()]).toEqual([2]);
        map.clear();
        map.set(x, 1);
        map.clear();
        expect([...map.set(2, 1).keys()]).toEqual([2]);
        map.clear();
        map.set(y, 1).set(x, 2);
        expect([...map.entries()]).toEqual([[y, 2]]);
        return 0;
      },
      [2, 2],
    );
  });

  test('returns values with their derivatives', () => {
    const { grad } = traced(
      ([x]) => {
        const map = new $.Map<unknown, unknown>();
        map.set('a', $.mul(x, 3, 1));
        return $.mul(map.get('a'), x, 1);
      },
      [2],
    );
    expect(grad).toEqual([12]);
  });

  test('returns keys with their derivatives', () => {
    expect(
      traced(
        ([x, y]) => {
          let sum: unknown = 0;
          for (const [key, value] of new $.Map<unknown, unknown>([[x, y]]))
            sum = $.add(sum, $.mul(key, value, 1), 2);
          return sum;
        },
        [2, 5],
      ).grad,
    ).toEqual([5, 2]);
  });

  test('otherwise behaves like the native Map', () => {
    const map = new $.Map<unknown, unknown>([
      [NaN, 1],
      [-0, 2],
      ['k', 3],
    ]);
    expect([map.get(NaN), map.get(0), map.get('k'), map.size]).toEqual([1, 2, 3, 3]);
    expect(Object.is([...map.keys()][1], 0)).toBe(true);
    expect(map).toBeInstanceOf(Map);
    expect(new Map()).toBeInstanceOf($.Map);
    expect([$.Map.name, $.Map.length]).toEqual([Map.name, Map.length]);
    expect(() => Reflect.apply($.Map, undefined, [])).toThrow(TypeError);
    expect(() => new $.Map([1] as never)).toThrow(TypeError);
    expect(() => new $.Map(3 as never)).toThrow(TypeError);
    expect(new $.Map(null).size).toBe(0);
    expect(new $.Map(map)).toEqual(map);
    class Counted extends $.Map<string, number> {
      count(key: string) {
        return this.set(key, (this.get(key) ?? 0) + 1);
      }
    }
    expect(new Counted().count('a').count('a').get('a')).toBe(2);
    expect(new $.Map()).not.toBeInstanceOf(Counted);
    const seen: unknown[] = [];
    const growing = new $.Map([[1, 1]]);
    for (const [key] of growing) {
      seen.push(key);
      if (growing.size < 3) growing.set(key + 1, 1);
    }
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe('Set', () => {
  test('compares a traced element by its number', () => {
    traced(
      ([x, y]) => {
        const set = new $.Set<unknown>([x, y, 2, 3]);
        expect(set.size).toBe(2);
        expect(set.has(2)).toBe(true);
        expect([...set]).toEqual([x, 3]);
        expect([...set.keys()][0]).toBeInstanceOf(Traced);
        expect([...set.entries()][0]).toEqual([x, x]);
        set.forEach((a, b) => {
          expect(a).toBe(b);
        });
        expect(set.delete(y)).toBe(true);
        expect([...set.add(2)]).toEqual([2, 3].reverse());
        set.clear();
        set.add(x);
        set.clear();
        expect([...set.add(2)]).toEqual([2]);
        set.clear();
        expect([...set.add(y)][0]).toBe(y);
        return 0;
      },
      [2, 2],
    );
  });

  test('otherwise behaves like the native Set', () => {
    const set = new $.Set(['a', 'b', 'a']);
    expect([...set.values()]).toEqual(['a', 'b']);
    expect(set).toBeInstanceOf(Set);
    expect(new Set()).toBeInstanceOf($.Set);
    expect($.Set.name).toBe('Set');
    expect(() => new $.Set(3 as never)).toThrow(TypeError);
  });
});
