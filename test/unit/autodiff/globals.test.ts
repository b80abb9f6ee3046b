import { describe, expect, test } from 'vitest';
import { cuts } from '../../../src/autodiff/cuts';
import { $ } from '../../../src/autodiff/runtime';
import { trustTexts } from '../../../src/autodiff/runtime/callees';
import { directionComponent } from '../../../src/autodiff/ties';
import { Traced } from '../../../src/autodiff/traced';
import { type Params, traced } from './support/tracing';

describe('Math', () => {
  test('has the members of the native object', () => {
    expect(Reflect.ownKeys($.Math).sort(byText)).toEqual(Reflect.ownKeys(Math).sort(byText));
    expect([$.Math.PI, $.Math.E, $.Math.LN2]).toEqual([Math.PI, Math.E, Math.LN2]);
    expect(Object.prototype.toString.call($.Math)).toBe('[object Math]');
    for (const name of Object.getOwnPropertyNames(Math) as (keyof Math)[]) {
      if (typeof Math[name] !== 'function') continue;
      const [ours, native] = [$.Math[name], Math[name]] as unknown as { name: string; length: number }[];
      expect([name, ours!.name, ours!.length]).toEqual([name, native!.name, native!.length]);
    }
    expect($.Math.random()).toBeLessThan(1);
  });

  test('has functions that work without receiver and with extra arguments', () => {
    const { exp, max } = $.Math;
    expect([exp(1), max(1, 2)]).toEqual([Math.E, 2]);
    expect([0, 1].map($.Math.exp)).toEqual([1, Math.E]);
    const { value, grad } = traced(
      ([x, y]) => {
        const [a, b] = [x, y].map($.Math.exp);
        return [a, b].reduce((sum: unknown, z) => $.add(sum, z, 1), 0);
      },
      [0, 1],
    );
    expect([value, ...grad]).toEqual([1 + Math.E, 1, Math.E]);
  });

  test('max and min share the derivative between those that are selected just ahead and just behind', () => {
    const at = [3, 5, 5, 1, 5, 2];
    const ends = [1, 2, 4].sort((i, j) => directionComponent(i) - directionComponent(j));
    const share = (i: number) => (i === ends[0] || i === ends[2] ? 0.5 : 0);
    expect(traced((xs) => $.Math.max(...xs), at)).toEqual({ value: 5, grad: at.map((_, i) => share(i)) });
    expect(traced(([x]) => $.Math.max(x, x, x), [2])).toEqual({ value: 2, grad: [1] });
    expect(traced((xs) => $.Math.min(...xs), at).grad).toEqual([0, 0, 0, 1, 0, 0]);
    expect(traced(([x, y]) => $.Math.max(x, 5, y), [5, 1]).grad).toEqual([0.5, 0]);
    expect(traced(([x]) => $.Math.max(x, 9, 8), [5])).toEqual({ value: 9, grad: [0] });
    expect(traced((xs) => $.Math.max(...xs), [1, NaN, 2]).grad).toEqual([NaN, NaN, NaN]);
  });

  test('accepts one operand, or none', () => {
    expect(traced(([x]) => $.Math.max(x), [5])).toEqual({ value: 5, grad: [1] });
    expect(traced(([x]) => $.Math.hypot(x), [-5])).toEqual({ value: 5, grad: [-1] });
    expect([$.Math.max(), $.Math.min(), $.Math.hypot()]).toEqual([-Infinity, Infinity, 0]);
  });

  test('hypot accepts many operands', () => {
    expect(traced((xs) => $.Math.hypot(...xs), [2, 3, 6])).toEqual({ value: 7, grad: [2 / 7, 3 / 7, 6 / 7] });
    expect(traced((xs) => $.Math.hypot(...xs), [0, 0, 0])).toEqual({ value: 0, grad: [0, 0, 0] });
    expect(traced((xs) => $.Math.hypot(xs[0], xs[0], 1), [2]).grad[0]).toBeCloseTo(4 / 3, 15);
  });

  test('converts other operands to numbers', () => {
    expect(traced(([x]) => $.Math.max(x, '7' as never, null as never), [8]).grad).toEqual([1]);
    expect(() => $.Math.max(1, 2n as never, 3)).toThrow(TypeError);
  });
});

function byText(a: string | symbol, b: string | symbol): number {
  return String(a) < String(b) ? -1 : 1;
}

describe('Number, Boolean, String, Array', () => {
  test('have the members of the native functions', () => {
    for (const [ours, native] of [
      [$.Number, Number],
      [$.Boolean, Boolean],
      [$.String, String],
      [$.Array, Array],
    ] as const) {
      expect([ours.name, ours.length]).toEqual([native.name, native.length]);
      expect(ours.prototype).toBe(native.prototype);
      // A work buffer is an array for the engine, and `instanceof Array` has to be false.
      const keys = Reflect.ownKeys(ours).filter((key) => key !== Symbol.hasInstance);
      expect(keys.sort(byText)).toEqual(Reflect.ownKeys(native).sort(byText));
    }
    expect([$.Number.EPSILON, $.Number.MAX_SAFE_INTEGER]).toEqual([Number.EPSILON, Number.MAX_SAFE_INTEGER]);
    expect($.String.fromCharCode(97)).toBe('a');
    expect($.String.raw`a\n`).toBe('a\\n');
  });

  test('work with and without new', () => {
    expect([$.Number(), $.Number('3'), $.Number(3n), $.String(), $.String(null), $.Boolean()]).toEqual([
      0,
      3,
      3,
      '',
      'null',
      false,
    ]);
    expect($.String(Symbol('s'))).toBe('Symbol(s)');
    expect(new $.Number(3) instanceof Number).toBe(true);
    expect(new $.String('a') instanceof $.String).toBe(true);
    expect([$.Array(3).length, new $.Array(1, 2).length, $.Array('a')[0]]).toEqual([3, 2, 'a']);
    expect(() => $.Array(-1)).toThrow(RangeError);
    expect([] instanceof $.Array).toBe(true);
    expect($.Array.from({ length: 2 }, (_, i) => i)).toEqual([0, 1]);
    expect($.Array.of(7)).toEqual([7]);
    // A subclass keeps its own constructor in the inherited static methods.
    class List extends $.Array<number> {}
    expect([List.of(1, 2), List.from([1]), new List(2)].every((each) => each instanceof List)).toBe(true);
    expect([new $.Array(2), $.Array.of(1), $.Array.from([1])].map(Object.getPrototypeOf)).toEqual(
      Array.from({ length: 3 }, () => Array.prototype),
    );
    class Stack<T> extends $.Array<T> {
      top() {
        return this[this.length - 1];
      }
    }
    const stack = new Stack<number>();
    stack.push(1, 2);
    expect([stack.top(), stack instanceof $.Array, stack.map((x) => x) instanceof Stack]).toEqual([
      2,
      true,
      true,
    ]);
    class Money extends $.Number {
      doubled() {
        return 2 * this.valueOf();
      }
    }
    expect(new Money(4).doubled()).toBe(8);
  });

  test('accept a traced value', () => {
    expect(traced(([x]) => $.mul($.Number(x), 3, 1), [2]).grad).toEqual([3]);
    traced(
      ([x, y]) => {
        expect([x, y, 0].filter($.Boolean as unknown as BooleanConstructor)).toEqual([x]);
        expect($.Number.isInteger(x)).toBe(true);
        expect([$.isNaN(x), $.isFinite(x), $.Number.isNaN(x)]).toEqual([false, true, false]);
        expect($.Array(x, y)).toEqual([x, y]);
        expect($.Array.of(x)).toEqual([x]);
        return 0;
      },
      [2, 0],
    );
    expect(traced(([x]) => $.mul($.parseFloat(x), 3, 1), [2.5]).grad).toEqual([3]);
    cuts.start();
    expect(traced(([x]) => $.mul($.parseInt(x), x, 1), [2.5]).grad).toEqual([2]);
    expect(cuts.take()).toHaveLength(1);
  });

  test('convert text to a number if no traced value was converted to text', () => {
    expect(traced(([x]) => $.mul($.Number('1.5'), $.mul(x, $.parseFloat('2px'), 1), 1), [1]).grad).toEqual([
      3,
    ]);
  });
});

/** A function of a package, which is not instrumented. */
const foreign = (x: unknown) => [x, 'foreign'];

/** What a function returns during an evaluation. */
function seen(run: (params: Params) => unknown): unknown {
  let result: unknown;
  traced(
    (params) => {
      result = run(params);
      return 0;
    },
    [1],
  );
  return result;
}

describe('arguments of foreign calls, and clones', () => {
  test('of plain values are not changed', () => {
    const args = [2];
    const [own, missing] = seen(() => [
      $.argumentsFor(foreign, { x: 1 }, args, 1, 'f'),
      $.argumentsFor(undefined, null, args, 1, 'f'),
    ]) as unknown[];
    expect([own === args, missing === args]).toEqual([true, true]);
    expect($.structuredClone({ a: [1, new Date(3)] })).toEqual({ a: [1, new Date(3)] });
  });

  test('of traced values are refused, with the place and the name', () => {
    const deep = (x: unknown) => [{ deep: new Map([['k', x]]) }];
    expect(() => traced(([x]) => $.argumentsFor(foreign, null, deep(x), 42, 'a.b'), [1])).toThrow(
      expect.objectContaining({ site: 42, callee: foreign, message: expect.stringContaining('a.b()') }),
    );
    expect(() => traced(([x]) => $.argumentsFor(foreign, null, deep(x), 42, ''), [1])).toThrow(
      expect.objectContaining({ message: expect.stringContaining('foreign()') }),
    );
    expect(() => traced(([x]) => $.argumentsFor(foreign, { x }, [], 42, ''), [1])).toThrow(
      expect.objectContaining({ site: 42 }),
    );
  });

  test('of instrumented functions, of the runtime and of the engine are not changed', () => {
    const own = (x: unknown) => ['own', x];
    trustTexts([`text before; ${own}; text after`]);
    for (const fn of [own, $.Math.abs, Array.prototype.map, $.Map.prototype.get])
      expect(seen(([x]) => $.argumentsFor(fn, [], [x], 1, 'f'))).toEqual([expect.any(Traced)]);
  });

  test('of a callback that returns a traced value are refused', () => {
    const given = (returned: (x: unknown) => unknown) => (params: Params) => {
      const [callback] = $.argumentsFor(foreign, null, [() => returned(params[0])], 42, 'f') as [
        () => unknown,
      ];
      return callback();
    };
    expect(() => seen(given((x) => x))).toThrow(expect.objectContaining({ site: 42, callee: foreign }));
    expect(seen(given(() => 5))).toBe(5);
  });

  test('accept circular objects and do not call getters', () => {
    const circle: { self?: unknown; readonly loud: number } = {
      get loud(): number {
        throw new Error('read');
      },
    };
    circle.self = circle;
    expect(seen(() => $.argumentsFor(foreign, null, [circle], 1, 'f'))).toEqual([circle]);
  });

  test('of a typed array give a typed array of the same kind', () => {
    const buffer = new $.Float64Array([1, 2]);
    const clone = $.structuredClone(buffer) as Float64Array;
    expect(clone).not.toBe(buffer);
    expect([...clone]).toEqual([1, 2]);
    expect(clone).toBeInstanceOf($.Float64Array);
  });
});
